package dev.baton.handoff.control;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ControlPeerTest
{
    private static final UnsafeBuffer FRAME = TestNode.message(1, 64);

    private final Inbox inbox = new Inbox(1 << 17, () -> { });
    private final ControlRuntime runtime = new ControlRuntime(
        TestCluster.OWN.node("b").peer("a", "127.0.0.1:9").conclude(), new ControlLog((line) -> { }, 0), inbox);
    private final ControlPeer peer = new ControlPeer(5, "a", runtime);

    private ControlConnection connection(final long incarnation)
    {
        return new ControlConnection(runtime, peer, new Socket(), new FrameReader(InputStream.nullInputStream()),
            OutputStream.nullOutputStream(), new Hello("a", incarnation, VersionRange.LOCAL));
    }

    private List<String> taken()
    {
        final List<String> records = new ArrayList<>();
        inbox.take((type, buffer, offset, length) ->
        {
            assertEquals(5, Inbox.peer(type));
            switch (Inbox.kind(type))
            {
                case Inbox.CONNECTED -> records.add("up " + buffer.getLong(offset + ControlPeer.GENERATION_OFFSET) +
                    " " + buffer.getLong(offset + ControlPeer.INCARNATION_OFFSET));
                case Inbox.DISCONNECTED -> records.add("down");
                default -> records.add("frame " + length);
            }
        }, 100);
        return records;
    }

    @Test
    void shouldReportTheOldConnectionDownBeforeTheNewOneIsUp()
    {
        final ControlConnection first = connection(11);
        final ControlConnection second = connection(12);
        peer.install(first);
        assertTrue(peer.deliver(first, FRAME, 64));
        peer.install(second);
        peer.remove(first);
        assertTrue(first.isClosed());
        assertFalse(peer.deliver(first, FRAME, 64));
        assertTrue(peer.deliver(second, FRAME, 64));
        assertEquals(List.of("up 1 11", "frame 64", "down", "up 2 12", "frame 64"), taken());
        assertEquals(1, peer.counters().reconnects());
    }

    @Test
    void shouldDeliverNothingOfAConnectionThatIsNotTheChannelEvenWhenItIsStillOpen()
    {
        final ControlConnection connection = connection(11);
        peer.install(connection);
        peer.remove(connection);
        assertFalse(connection.isClosed());
        assertFalse(peer.deliver(connection, FRAME, 64));
        assertEquals(List.of("up 1 11", "down"), taken());
    }

    @Test
    void shouldLetOnlyTheFirstDecideWhetherADeadlineWasMet()
    {
        final int[] ends = new int[1];
        final Deadline late = new Deadline(() -> ends[0]++);
        late.run();
        late.run();
        assertFalse(late.meet());
        assertEquals(1, ends[0]);
        final Deadline met = new Deadline(() -> ends[0]++);
        assertTrue(met.meet());
        met.run();
        assertTrue(met.meet());
        assertEquals(1, ends[0]);
    }
}
