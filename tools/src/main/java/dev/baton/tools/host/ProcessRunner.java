package dev.baton.tools.host;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs short programs, with a limit in time.
 */
public final class ProcessRunner
{
    private static final int LIMIT_S = 20;

    /**
     * How a program ended.
     *
     * @param exitCode of the program.
     * @param output   stdout and stderr, as they came.
     */
    public record Result(int exitCode, String output)
    {
        /**
         * First line that says something.
         *
         * @return without line end; never empty.
         */
        public String firstLine()
        {
            return output.lines().filter(line -> !line.isBlank()).findFirst().orElse("exit code " + exitCode);
        }
    }

    private ProcessRunner()
    {
    }

    /**
     * Run a program to its end.
     *
     * @param command program and arguments.
     * @param input   its stdin; at most what a pipe holds (64 KB) or what the program reads.
     * @return its end.
     * @throws CliError when it cannot be started, or has not ended after 20 s and was killed.
     */
    public static Result run(final List<String> command, final String input)
    {
        return run(command, input, Map.of());
    }

    /**
     * Run a program to its end, with more in its environment.
     *
     * @param command     program and arguments.
     * @param input       its stdin, as above.
     * @param environment added to this process's.
     * @return its end.
     * @throws CliError as above.
     */
    public static Result run(final List<String> command, final String input, final Map<String, String> environment)
    {
        final String name = command.get(0);
        try
        {
            final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            final Process process = builder.start();
            final CompletableFuture<Boolean> watchdog = CompletableFuture.supplyAsync(
                () -> process.isAlive() && process.destroyForcibly() != null,
                CompletableFuture.delayedExecutor(LIMIT_S, TimeUnit.SECONDS));
            feed(process, input);
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            final int exitCode = process.waitFor();
            if (!watchdog.cancel(false) && watchdog.join())
            {
                throw new CliError(ExitCodes.TIMEOUT, name, "did not end in " + LIMIT_S + " s: " + String.join(" ", command),
                    "run it by hand to see why");
            }
            return new Result(exitCode, output);
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.INTERNAL, name, "cannot be run: " + ex.getMessage(), "check that it is installed", ex);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new CliError(ExitCodes.INTERNAL, name, "interrupted", "repeat", ex);
        }
    }

    /** A program that ends before it has read its input says why on stderr, which is more than a broken pipe says. */
    private static void feed(final Process process, final String input)
    {
        try (OutputStream stdin = process.getOutputStream())
        {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        catch (final IOException ex)
        {
            System.getLogger(ProcessRunner.class.getName()).log(System.Logger.Level.DEBUG, "input not read", ex);
        }
    }
}
