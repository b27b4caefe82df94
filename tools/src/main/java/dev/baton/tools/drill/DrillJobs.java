package dev.baton.tools.drill;

import dev.baton.tools.drill.run.Drill;
import dev.baton.tools.drill.run.Verdict;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs scripts on several threads; verdicts come in the order of the scripts, whatever ends first. */
public final class DrillJobs
{
    private DrillJobs()
    {
    }

    /**
     * Run scripts.
     *
     * @param drill   that runs each.
     * @param scripts their files.
     * @param jobs    threads, above 0.
     * @return all verdicts.
     * @throws InterruptedException when the caller is interrupted.
     */
    public static List<Verdict> run(final Drill drill, final List<Path> scripts, final int jobs) throws InterruptedException
    {
        final ExecutorService executor = Executors.newFixedThreadPool(jobs);
        try
        {
            final List<Callable<List<Verdict>>> calls = new ArrayList<>();
            scripts.forEach((script) -> calls.add(() -> drill.run(script)));
            final List<Verdict> verdicts = new ArrayList<>();
            for (final Future<List<Verdict>> future : executor.invokeAll(calls))
            {
                verdicts.addAll(future.get());
            }
            return verdicts;
        }
        catch (final ExecutionException ex)
        {
            throw new IllegalStateException("a script has made the runner fail: " + ex.getCause(), ex.getCause());
        }
        finally
        {
            executor.shutdownNow();
        }
    }
}
