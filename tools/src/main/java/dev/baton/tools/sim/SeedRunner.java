package dev.baton.tools.sim;

import dev.baton.stack.sim.campaign.Campaign;
import dev.baton.stack.sim.campaign.Verdict;
import dev.baton.stack.sim.check.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * Runs seeds on some threads and sums up. Each thread takes the next seed that nobody has; every so many seeds run twice, and
 * must give the same hash.
 */
final class SeedRunner
{
    /** One seed of so many is run twice. */
    static final int TWICE_EVERY = 50;
    /** The most failures that are kept, and shrunk. */
    static final int MAX_FAILURES = 20;

    private final long firstSeed;
    private final long seeds;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final List<Failure> failures = new ArrayList<>();
    private long failed;
    private long events;
    private long segments;
    private long moves;
    private long virtualNs;

    /**
     * A seed that failed.
     *
     * @param verdict  of the whole run.
     * @param smallest of the smallest run that fails in the same way.
     */
    record Failure(Verdict verdict, Verdict smallest)
    {
    }

    SeedRunner(final long firstSeed, final long seeds)
    {
        this.firstSeed = firstSeed;
        this.seeds = seeds;
    }

    /**
     * Run all.
     *
     * @param jobs  threads.
     * @param watch asked now and then while they run; false to stop early.
     * @throws InterruptedException when the caller's thread is interrupted.
     */
    void run(final int jobs, final BooleanSupplier watch) throws InterruptedException
    {
        final List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < jobs; i++)
        {
            final Thread thread = new Thread(this::work, "sim-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        for (final Thread thread : threads)
        {
            do
            {
                thread.join(200);
                if (!watch.getAsBoolean())
                {
                    next.set(seeds);
                }
            }
            while (thread.isAlive());
        }
        synchronized (this)
        {
            failures.sort(Comparator.comparingLong((failure) -> failure.verdict().seed()));
        }
    }

    private void work()
    {
        for (long i = next.getAndIncrement(); i < seeds; i = next.getAndIncrement())
        {
            final Verdict verdict = judge(firstSeed + i, i % TWICE_EVERY == 0);
            Verdict smallest = verdict;
            if (!verdict.ok() && roomForFailure() && !verdict.invariant().equals(Violation.DETERMINISM))
            {
                smallest = Campaign.shrink(verdict);
            }
            add(verdict, smallest);
        }
    }

    private static Verdict judge(final long seed, final boolean twice)
    {
        final Verdict verdict = Campaign.run(seed);
        if (!twice || !verdict.ok())
        {
            return verdict;
        }
        final Verdict again = Campaign.run(seed);
        if (again.hash() == verdict.hash() && again.events() == verdict.events())
        {
            return verdict;
        }
        return new Verdict(seed, false, verdict.hash(), verdict.events(), verdict.virtualNs(), verdict.segments(),
            verdict.moves(), Violation.DETERMINISM, "the same seed twice: hash " + verdict.hash() + " after " +
            verdict.events() + " events, then " + again.hash() + " after " + again.events(), List.of(), null);
    }

    private synchronized boolean roomForFailure()
    {
        return failures.size() < MAX_FAILURES;
    }

    private synchronized void add(final Verdict verdict, final Verdict smallest)
    {
        events += verdict.events();
        segments += verdict.segments();
        moves += verdict.moves();
        virtualNs += verdict.virtualNs();
        if (!verdict.ok())
        {
            failed++;
            if (failures.size() < MAX_FAILURES)
            {
                failures.add(new Failure(verdict, smallest));
            }
        }
        done.incrementAndGet();
    }

    long done()
    {
        return done.get();
    }

    synchronized long failed()
    {
        return failed;
    }

    synchronized List<Failure> failures()
    {
        return List.copyOf(failures);
    }

    synchronized long events()
    {
        return events;
    }

    synchronized long segments()
    {
        return segments;
    }

    synchronized long moves()
    {
        return moves;
    }

    synchronized long virtualNs()
    {
        return virtualNs;
    }
}
