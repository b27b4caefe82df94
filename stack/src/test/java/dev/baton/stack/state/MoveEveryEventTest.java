package dev.baton.stack.state;

import dev.baton.stack.service.CloseReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Connections that go to another shard at every event of their lives, with no gap: nobody may be able to tell. */
class MoveEveryEventTest
{
    private static final int BYTES = 150_000;

    /** Who moves, and how. */
    enum Mover
    {
        NOBODY, SENDER, RECEIVER, BOTH, SENDER_EACH, RECEIVER_EACH
    }

    private static List<String> transfer(final long seed, final boolean v4, final Mover mover)
    {
        final StateWorld w = new StateWorld(seed).faults();
        w.clientPeer.sends(BYTES).thenShutsDown().closesAtEnd();
        w.serverPeer.sends(BYTES / 10).thenShutsDown().closesAtEnd();
        w.afterEvent = () ->
        {
            if (mover == Mover.SENDER || mover == Mover.BOTH)
            {
                w.client.moveAll(w.world.nowNs());
            }
            if (mover == Mover.RECEIVER || mover == Mover.BOTH)
            {
                w.server.moveAll(w.world.nowNs());
            }
            if (mover == Mover.SENDER_EACH)
            {
                w.client.moveEach(w.world.nowNs());
            }
            if (mover == Mover.RECEIVER_EACH)
            {
                w.server.moveEach(w.world.nowNs());
            }
        };
        w.connect(v4);
        w.until("both are closed", 600, () -> w.clientPeer.closeReason != null && w.serverPeer.closeReason != null);
        w.run(70 * StateWorld.SECOND_NS);
        assertEquals(BYTES, w.serverPeer.received, "bytes at the server");
        assertEquals(BYTES / 10, w.clientPeer.received, "bytes at the client");
        assertEquals(CloseReason.NORMAL, w.clientPeer.closeReason);
        assertEquals(CloseReason.NORMAL, w.serverPeer.closeReason);
        assertEquals(1, w.clientPeer.acceptedCalls, "calls of the client's onAccepted");
        assertEquals(1, w.serverPeer.acceptedCalls, "calls of the server's onAccepted");
        assertEquals(1, w.clientPeer.closedCalls, "calls of the client's onClosed");
        assertEquals(1, w.serverPeer.closedCalls, "calls of the server's onClosed");
        assertEquals(0, w.resets, "RSTs on the wire");
        assertEquals(0, w.client.stack.connectionCount(), "connections of the client");
        assertEquals(0, w.server.stack.connectionCount(), "connections of the server");
        return w.trace;
    }

    @ParameterizedTest
    @CsvSource(
    {
        "1, true", "2, false", "3, true", "4, false", "5, true", "10, false",
    })
    void shouldLeaveTheSameTraceWhoeverMoves(final long seed, final boolean v4)
    {
        final List<String> uncut = transfer(seed, v4, Mover.NOBODY);
        for (final Mover mover : Mover.values())
        {
            final List<String> cut = transfer(seed, v4, mover);
            for (int i = 0; i < Math.min(cut.size(), uncut.size()); i++)
            {
                assertEquals(uncut.get(i), cut.get(i), "packet " + i + " when it moves: " + mover + ", seed " + seed);
            }
            assertEquals(uncut.size(), cut.size(), "packets when it moves: " + mover + ", seed " + seed);
        }
    }
}
