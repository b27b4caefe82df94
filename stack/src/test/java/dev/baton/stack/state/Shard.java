package dev.baton.stack.state;

import dev.baton.stack.HandshakeOptions;
import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimNode;
import dev.baton.stack.tcp.Listener;
import dev.baton.stack.wire.IpAddress;
import org.agrona.ExpandableArrayBuffer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * A host's shard that can be exchanged between any two events. Every stack of it has another seed, other secrets and
 * another clock, so that nothing of a connection survives but what its image carries.
 */
final class Shard implements SimNode
{
    static final int PORT = 80;
    private static final long SKEW_STEP_NS = 7_919_000_333_777L;

    final StatePeer peer;
    NetStack stack;
    Listener listener;
    long skewNs;
    int generation;

    private final SimLink link;
    private final IpAddress[] addresses;
    private final UnaryOperator<StackContext> settings;
    private final boolean listening;
    private final ExpandableArrayBuffer image = new ExpandableArrayBuffer();
    private final ExpandableArrayBuffer again = new ExpandableArrayBuffer();

    Shard(
        final SimLink link,
        final IpAddress[] addresses,
        final StatePeer peer,
        final boolean listening,
        final UnaryOperator<StackContext> settings)
    {
        this.link = link;
        this.addresses = addresses;
        this.peer = peer;
        this.listening = listening;
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
            .poolBytes(1 << 20)
            .errorHandler(Shard::rethrow));
        Arrays.stream(addresses).forEach(context::address);
        final NetStack fresh = new NetStack(context.conclude(), link);
        if (listening)
        {
            listener = isQueueing(context) ? fresh.listen(IpAddress.ANY, PORT, peer, 8) :
                fresh.listen(IpAddress.ANY, PORT, peer);
            listener.fastOpenLimit(8);
        }
        return fresh;
    }

    /** Settings with Fast Open make servers listen with an accept queue, and clients ask for it. */
    static boolean isQueueing(final StackContext context)
    {
        return (context.handshake().fastOpen() & HandshakeOptions.FAST_OPEN_SERVER) != 0;
    }

    private static void rethrow(final Throwable error)
    {
        throw new AssertionError("a service failed", error);
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

    /** Go on in another shard, with an image of everything; and check that the image of the other one is the same. */
    void moveAll(final long nowNs)
    {
        if (isEmpty())
        {
            return;
        }
        final NetStack old = stack;
        final int length = new Snapshot(old).exportAll(nowNs + skewNs, image, 0);
        stack = newStack();
        final long hereNs = nowNs + skewNs;
        final Snapshot snapshot = new Snapshot(stack);
        final List<TcpConnection> moved = snapshot.importAll(image, 0, length, hereNs, 0, (flow, passive) -> peer);
        peer.connection = moved.isEmpty() ? null : moved.get(0);
        assertEquals(length, snapshot.exportAll(hereNs, again, 0), "length of the second image");
        final int difference = Arrays.mismatch(image.byteArray(), 0, length, again.byteArray(), 0, length);
        assertEquals(-1, difference, "first byte in which the images differ");
    }

    /** Go on in another shard connection by connection, and leave nothing in the old one. */
    void moveEach(final long nowNs)
    {
        if (isEmpty())
        {
            return;
        }
        final NetStack old = stack;
        final long thereNs = nowNs + skewNs;
        final Snapshot from = new Snapshot(old);
        stack = newStack();
        final Snapshot to = new Snapshot(stack);
        peer.connection = null;
        flows(old).forEach((flow) ->
        {
            final int length = from.export(flow, thereNs, image, 3);
            from.detach(flow);
            final TcpConnection moved = to.importConnection(image, 3, length, nowNs + skewNs, 0, peer);
            peer.connection = moved != null ? moved : peer.connection;
        });
        assertEquals(0, old.connectionCount(), "connections left behind");
        assertEquals(0, old.tcp().bufferPool().acquiredBytes(), "buffers left behind");
    }

    private boolean isEmpty()
    {
        return stack.connectionCount() == 0 && peer.connection == null;
    }

    static List<Flow> flows(final NetStack stack)
    {
        final List<Flow> flows = new ArrayList<>();
        stack.forEachConnection((tcb) -> flows.add(new Flow(
            tcb.localHi, tcb.localLo, tcb.localPort, tcb.remoteHi, tcb.remoteLo, tcb.remotePort)));
        return flows;
    }
}
