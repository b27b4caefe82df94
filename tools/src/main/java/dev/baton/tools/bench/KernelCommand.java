package dev.baton.tools.bench;

import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import dev.baton.tools.node.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** {@code baton bench kernel}: the kernel's row of {@code baton bench stack}, in a process of its own. */
@Command(
    name = "kernel",
    description = "Serve what 'bench serve' serves, but through the kernel's sockets, until TERM: the baseline.")
public final class KernelCommand extends BatonCommand
{
    @Option(names = "--addr", required = true, paramLabel = "A", description = "An address of this machine.")
    private String address;

    /** The verb. */
    public KernelCommand()
    {
    }

    @Override
    protected int run(final Output output) throws InterruptedException, IOException
    {
        try (KernelServer server = new KernelServer(output::log))
        {
            server.start(address);
            final CountDownLatch stop = new CountDownLatch(1);
            Signals.handle(List.of("TERM", "INT"), stop::countDown);
            output.line("serving " + address + " through the kernel: echo 7, discard 9, chargen 19, http 80");
            output.document(Map.of("state", "serving", "address", address, "pid", ProcessHandle.current().pid()));
            stop.await();
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.REFUSED, "--addr " + address, String.valueOf(ex.getMessage()),
                "take an address of this machine, and ports 7, 9, 19 and 80 that nobody uses", ex);
        }
        return ExitCodes.OK;
    }
}
