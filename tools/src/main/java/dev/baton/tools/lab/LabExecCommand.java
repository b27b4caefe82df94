package dev.baton.tools.lab;

import dev.baton.tools.cli.ExitCodes;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * {@code baton lab exec}: a command inside a host. It has this process's stdin, stdout and stderr, and its exit code is the
 * program's; so there is no {@code --json}.
 */
@Command(name = "exec", description = "Run a command inside a host of the lab; ends with its exit code.")
public final class LabExecCommand implements Callable<Integer>
{
    @Mixin
    private LabOptions options;

    @Parameters(index = "0", paramLabel = "NODE", description = "client, front, b1 and so on; also net and mgmt.")
    private String host;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD", description = "After --: program and arguments.")
    private List<String> command;

    @Override
    public Integer call() throws IOException, InterruptedException
    {
        final Lab lab = Lab.attach(options.existing(options.config()));
        final Process process = lab.exec(host, command).inheritIO().start();
        final Thread hook = new Thread(process::destroy, "lab-exec-end");
        Runtime.getRuntime().addShutdownHook(hook);
        final int exitCode = process.waitFor();
        try
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException ex)
        {
            return ExitCodes.INTERNAL;
        }
        return exitCode;
    }
}
