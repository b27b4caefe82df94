package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.tcp.Tcb;
import org.agrona.ExpandableArrayBuffer;

import java.util.ArrayList;
import java.util.List;

/** Images of shards with something of everything in them, small enough to be changed bit by bit. */
final class Images
{
    /** Of the shards' clocks when the images are taken. */
    static final long NOW_NS = 5_000_000_000_000L;

    private Images()
    {
    }

    /**
     * A server with a connection that has unread data, runs out of order and a scoreboard; a half-open one, one in
     * TIME-WAIT, and one that is over but for its unread data.
     *
     * @param v4 false for IPv6.
     * @return a world that stands still; its server is meant.
     */
    static StateWorld busy(final boolean v4)
    {
        final StateWorld w = new StateWorld(v4 ? 21 : 22, (context) -> context.maxSegmentBytes(120));
        timeWait(w, v4);
        detached(w, v4);
        halfOpen(w, v4);
        crowded(w, v4);
        return w;
    }

    private static void timeWait(final StateWorld w, final boolean v4)
    {
        w.connect(v4, 40_001);
        w.run(StateWorld.SECOND_NS);
        w.serverPeer.connection.close();
        w.run(StateWorld.SECOND_NS / 10);
        w.clientPeer.connection.close();
        w.run(StateWorld.SECOND_NS / 10);
    }

    private static void detached(final StateWorld w, final boolean v4)
    {
        w.serverPeer.reading = false;
        w.connect(v4, 40_002);
        w.clientPeer.sends(100).thenShutsDown();
        w.run(StateWorld.SECOND_NS / 10);
        w.clientPeer.write();
        w.serverPeer.connection.shutdownOutput();
        w.run(StateWorld.SECOND_NS);
    }

    private static void halfOpen(final StateWorld w, final boolean v4)
    {
        w.toClient().partition(true);
        w.connect(v4, 40_003);
        w.run(StateWorld.SECOND_NS / 100);
        w.clientPeer.connection.abort();
        w.run(StateWorld.SECOND_NS / 100);
        w.toClient().partition(false);
    }

    private static void crowded(final StateWorld w, final boolean v4)
    {
        w.clientPeer.sent = 0;
        w.clientPeer.received = 0;
        w.connect(v4, 40_004);
        w.run(StateWorld.SECOND_NS / 10);
        final int[] packets = {0, 0};
        w.toServer().filter((packet, nowNs) -> packet.length() > 150 && packets[0]++ % 4 == 2);
        w.toClient().filter((packet, nowNs) -> packet.length() > 150 && packets[1]++ % 4 == 1);
        w.serverPeer.sent = 0;
        w.serverPeer.sends(900).write();
        w.clientPeer.sends(900).write();
        w.until("busy", 10, () -> isCrowded(w.server.stack));
    }

    private static boolean isCrowded(final NetStack stack)
    {
        final List<Tcb> all = tcbs(stack);
        return all.stream().anyMatch((tcb) -> tcb.receiveRing.runCount() > 1 && tcb.receiveRing.readable() > 0 &&
            tcb.sentLog.sackedBytes() > 0 && tcb.sentLog.runCount() > 2);
    }

    static List<Tcb> tcbs(final NetStack stack)
    {
        final List<Tcb> all = new ArrayList<>();
        stack.tcp().transfers().forEachConnection(all::add);
        return all;
    }

    /** Image of everything in a world's server. */
    static byte[] image(final StateWorld w)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final int length = new Snapshot(w.server.stack).exportAll(w.world.nowNs() + w.server.skewNs, buffer, 0);
        final byte[] bytes = new byte[length];
        buffer.getBytes(0, bytes);
        return bytes;
    }
}
