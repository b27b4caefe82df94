package dev.baton.tests.node;

import dev.baton.stack.HandshakeOptions;
import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.wire.IpAddress;
import dev.baton.tun.TunConfig;
import dev.baton.tun.TunDevice;
import dev.baton.tun.Waiter;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A stack on the device {@code bt0} that relays to the kernel: what {@link Relay} runs in a process of its own. */
final class RelayProcess
{
    static final int[] PORTS = {5201, 5202, 5300, 5301, 5302};
    static final int GREETING_PORT = 80;

    private RelayProcess()
    {
    }

    /**
     * Relay until stdin ends; then say all counters, each as a line {@code name value}.
     *
     * @param args addresses of the kernel, IPv4 and IPv6; {@code offload} or {@code plain}; which packet is lost, 0 for none.
     * @throws Exception what goes wrong.
     */
    public static void main(final String[] args) throws Exception
    {
        final long originNs = System.nanoTime() - TimeUnit.SECONDS.toNanos(1);
        final TunConfig config = TunConfig.attach("bt0").claiming();
        try (TunDevice device = TunDevice.open("offload".equals(args[2]) ? config : config.withoutOffload());
            Waiter waiter = new Waiter(device.queue(0)))
        {
            final LossyLink link = new LossyLink(device.queue(0), Integer.parseInt(args[3]));
            final RelayService relay = new RelayService(() -> System.nanoTime() - originNs,
                IpAddress.parse(args[0]), IpAddress.parse(args[1]));
            final NetStack stack = stack(link, relay);
            final AtomicBoolean stopped = new AtomicBoolean();
            final Thread shard = new Thread(() -> run(stack, waiter, originNs, stopped));
            shard.start();
            System.out.println("serving");
            awaitEndOfInput();
            stopped.set(true);
            waiter.wake();
            shard.join();
            stack.counters().forEach((counter, value) -> System.out.println(counter + " " + value));
            System.out.println("LostWithData " + link.lostWithData());
            System.out.println("Connections " + stack.connectionCount());
        }
    }

    private static NetStack stack(final LossyLink link, final RelayService relay)
    {
        final StackContext context = new StackContext().seed(System.nanoTime()).timeWaitNs(TimeUnit.SECONDS.toNanos(1))
            .address(IpAddress.parse(TestNamespace.V4)).address(IpAddress.parse(TestNamespace.V6))
            .errorHandler(Throwable::printStackTrace);
        context.handshake().fastOpen(HandshakeOptions.FAST_OPEN_SERVER);
        final NetStack stack = new NetStack(context.conclude(), link);
        relay.stack(stack);
        for (final int port : PORTS)
        {
            stack.listen(IpAddress.ANY, port, relay);
        }
        stack.listen(IpAddress.ANY, GREETING_PORT, new GreetingService()).fastOpenLimit(16);
        return stack;
    }

    private static void run(final NetStack stack, final Waiter waiter, final long originNs, final AtomicBoolean stopped)
    {
        while (!stopped.get())
        {
            if (stack.poll(System.nanoTime() - originNs) == 0)
            {
                final long deadlineNs = stack.nextDeadlineNs();
                waiter.await(deadlineNs == Long.MAX_VALUE ? deadlineNs :
                    Math.max(0, deadlineNs - (System.nanoTime() - originNs)));
            }
        }
    }

    private static void awaitEndOfInput() throws IOException
    {
        int octet = System.in.read();
        while (octet >= 0)
        {
            octet = System.in.read();
        }
    }
}
