package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimNode;
import dev.baton.stack.tcp.Listener;
import dev.baton.stack.wire.IpAddress;
import org.agrona.ExpandableArrayBuffer;

import java.util.Arrays;
import java.util.function.UnaryOperator;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * A host whose whole shard can be exchanged between any two events. Every stack of it has another seed, other secrets
 * and another clock, and its services keep nothing, so that nothing survives but what the image carries.
 */
final class MovingHost implements SimNode, ShardServices
{
    private static final long SKEW_STEP_NS = 7_919_000_333_777L;

    final EchoService service;
    NetStack stack;
    long skewNs;
    int moves;

    private final SimLink link;
    private final IpAddress[] addresses;
    private final UnaryOperator<StackContext> settings;
    private final ExpandableArrayBuffer image = new ExpandableArrayBuffer();
    private final ExpandableArrayBuffer again = new ExpandableArrayBuffer();
    private int generation;

    MovingHost(
        final SimLink link,
        final IpAddress[] addresses,
        final EchoService service,
        final UnaryOperator<StackContext> settings)
    {
        this.link = link;
        this.addresses = addresses;
        this.service = service;
        this.settings = settings;
        stack = newStack();
    }

    /** Another shard, with nothing in it. */
    NetStack newStack()
    {
        generation++;
        skewNs = (generation % 2 == 0 ? -1 : 1) * generation * SKEW_STEP_NS;
        final StackContext context = settings.apply(new StackContext()
            .seed(31L * generation + link.id())
            .sendBufferBytes(64 << 10)
            .receiveBufferBytes(64 << 10)
            .poolBytes(4 << 20)
            .errorHandler(MovingHost::rethrow));
        Arrays.stream(addresses).forEach(context::address);
        return new NetStack(context.conclude(), link);
    }

    private static void rethrow(final Throwable error)
    {
        throw new AssertionError("a service failed", error);
    }

    @Override
    public TcpService serviceFor(final Flow flow, final boolean passive)
    {
        return service;
    }

    @Override
    public TcpService listenerFor(final IpAddress address, final int port)
    {
        return service;
    }

    @Override
    public UdpService socketFor(final IpAddress address, final int port)
    {
        return service;
    }

    @Override
    public int poll(final long nowNs)
    {
        return stack.poll(nowNs + skewNs);
    }

    @Override
    public long nextDeadlineNs()
    {
        final long deadlineNs = stack.nextDeadlineNs();
        return deadlineNs == Long.MAX_VALUE ? deadlineNs : deadlineNs - skewNs;
    }

    Listener listener(final int port)
    {
        return stack.tcp().shardAccess().listeners().stream().filter((each) -> each.port() == port).findFirst().get();
    }

    UdpSocket socket(final int place)
    {
        final UdpSocket[] found = new UdpSocket[1];
        final int[] at = {0};
        stack.udp().forEach((ucb) -> found[0] = at[0]++ == place ? ucb.handle() : found[0]);
        return found[0];
    }

    /** The image of the shard as it is. */
    byte[] image(final long nowNs)
    {
        final byte[] bytes = new byte[new Snapshot(stack).exportShard(nowNs + skewNs, image, 0)];
        image.getBytes(0, bytes);
        return bytes;
    }

    /** Go on in another shard, and check that its image is that of this one. */
    void move(final long nowNs)
    {
        final int length = new Snapshot(stack).exportShard(nowNs + skewNs, image, 0);
        stack = newStack();
        final Snapshot snapshot = new Snapshot(stack);
        snapshot.importShard(image, 0, length, nowNs + skewNs, 0, this);
        assertEquals(length, snapshot.exportShard(nowNs + skewNs, again, 0), "length of the second image");
        final int difference = Arrays.mismatch(image.byteArray(), 0, length, again.byteArray(), 0, length);
        assertEquals(-1, difference, "first byte in which the images differ");
        moves++;
    }
}
