package dev.baton.tools.bench;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.node.ClosingStack;
import dev.baton.tools.node.CommandQueue;
import dev.baton.tools.node.ErrorLog;
import dev.baton.tools.node.ShardLoop;
import dev.baton.tools.service.ChargenService;
import dev.baton.tools.service.DiscardService;
import dev.baton.tools.service.EchoService;
import dev.baton.tun.Offloads;
import dev.baton.tun.TunConfig;
import dev.baton.tun.TunDevice;
import dev.baton.tun.TunException;
import dev.baton.tun.Waiter;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One shard on one device with the services that load generators know, run by the same loop as a node's. {@link
 * #requestStop()} from any thread, the rest from the one that started it.
 */
final class BenchServer implements AutoCloseable
{
    private static final String THREAD = "baton-shard-0";
    private static final long FIRST_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLOSE_JOIN_MS = 5_000;
    /**
     * Receive buffer without offloads. A device's queue holds 500 packets as the kernel makes it, and drops what is
     * more: eight windows of 64 KB fit, larger ones cost retransmissions. With super-packets the default does.
     */
    private static final int PLAIN_RECEIVE_BYTES = 64 << 10;

    private final ClosingStack closing;
    private final TunDevice device;
    private final Waiter waiter;
    private final ShardLoop loop;
    private final Thread thread;

    private BenchServer(
        final ClosingStack closing, final TunDevice device, final Waiter waiter, final ShardLoop loop)
    {
        this.closing = closing;
        this.device = device;
        this.waiter = waiter;
        this.loop = loop;
        thread = new Thread(loop, THREAD);
    }

    /**
     * Attach and serve.
     *
     * @param name    of the device.
     * @param address of the stack.
     * @param offload take virtio headers and super-packets?
     * @param log     takes what goes wrong, from the shard's thread.
     * @return serving.
     * @throws CliError when the device cannot be used; nothing is left open then.
     */
    static BenchServer start(
        final String name, final IpAddress address, final boolean offload, final Consumer<String> log)
    {
        final ClosingStack closing = new ClosingStack(log);
        try
        {
            final TunConfig config = TunConfig.attach(name).claiming();
            final TunDevice device = closing.add(TunDevice.open(offload ? config : config.withoutOffload()));
            device.requireUp();
            final Waiter waiter = closing.add(new Waiter(device.queue(0)));
            final BenchServer server = new BenchServer(closing, device, waiter, loop(device, waiter, address, log));
            server.thread.start();
            closing.add(server::endThread);
            return server;
        }
        catch (final TunException ex)
        {
            closing.close();
            final String errno = ex.errno() == 0 ? "" : ex.errnoName() + ", ";
            throw new CliError(
                ExitCodes.REFUSED, "--tun " + ex.device(), ex.call() + ": " + errno + ex.why(), ex.mend(), ex);
        }
        catch (final RuntimeException | Error ex)
        {
            closing.close();
            throw ex;
        }
    }

    private static ShardLoop loop(
        final TunDevice device, final Waiter waiter, final IpAddress address, final Consumer<String> log)
    {
        final ErrorLog errors = new ErrorLog(log);
        final SecureRandom random = new SecureRandom();
        final StackContext context = new StackContext()
            .seed(random.nextLong())
            .secret(random.nextLong(), random.nextLong())
            .errorHandler(errors)
            .address(address);
        if (!Offloads.segmentsTcp(device.offloads()))
        {
            context.receiveBufferBytes(PLAIN_RECEIVE_BYTES);
        }
        final NetStack stack = new NetStack(context.conclude(), device.queue(0));
        stack.listen(address, 7, new EchoService());
        stack.listen(address, 9, new DiscardService());
        stack.listen(address, 19, new ChargenService());
        stack.listen(address, 80, new FixedHttpService());
        final long originNs = System.nanoTime() - FIRST_NS;
        return new ShardLoop(stack, new CommandQueue(waiter::wake), new UntilStopped(device), errors, waiter::await,
            () -> System.nanoTime() - originNs);
    }

    /**
     * The device.
     *
     * @return attached.
     */
    TunDevice device()
    {
        return device;
    }

    /** Ask for the end, which comes at once. */
    void requestStop()
    {
        loop.requestStop();
        waiter.wake();
    }

    /**
     * Wait for the end of the shard's thread.
     *
     * @throws InterruptedException when this thread is interrupted.
     */
    void join() throws InterruptedException
    {
        thread.join();
    }

    @Override
    public void close()
    {
        closing.close();
    }

    private void endThread() throws InterruptedException
    {
        requestStop();
        thread.join(CLOSE_JOIN_MS);
    }

    /** Nothing to keep up; ends on request, and when the device is gone. */
    private static final class UntilStopped implements ShardLoop.Upkeep
    {
        private final TunDevice device;

        UntilStopped(final TunDevice device)
        {
            this.device = device;
        }

        @Override
        public boolean run(final long nowNs, final int stopRequests)
        {
            return stopRequests > 0 || device.queue(0).failure() != null;
        }

        @Override
        public long nextDeadlineNs()
        {
            return Long.MAX_VALUE;
        }
    }
}
