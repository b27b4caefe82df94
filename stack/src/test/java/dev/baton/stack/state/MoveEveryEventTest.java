package dev.baton.stack.state;

import dev.baton.stack.EcnMarker;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.CloseReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.function.UnaryOperator;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Connections that go to another shard at every event of their lives, with no gap: nobody may be able to tell. A late
 * segment may draw an RST from an end that is over, but then it does so in the trace without moves too.
 */
class MoveEveryEventTest
{
    private static final int BYTES = 150_000;

    /** Who moves, and how. */
    enum Mover
    {
        NOBODY, SENDER, RECEIVER, BOTH, SENDER_EACH, RECEIVER_EACH
    }

    private static List<String> transfer(
        final long seed, final boolean v4, final Mover mover, final UnaryOperator<StackContext> settings)
    {
        final StateWorld w = new StateWorld(seed, settings).faults();
        w.toServer().filter(EcnMarker.oneOf(10));
        w.toClient().filter(EcnMarker.oneOf(10));
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
        assertEquals(0, w.client.stack.connectionCount(), "connections of the client");
        assertEquals(0, w.server.stack.connectionCount(), "connections of the server");
        return w.trace;
    }

    @ParameterizedTest
    @CsvSource(
    {
        "1, true, 0", "2, false, 0", "3, true, 0", "4, false, 0", "5, true, 1", "6, false, 3", "7, true, 3", "8, false, 1",
    })
    void shouldLeaveTheSameTraceWhoeverMoves(final long seed, final boolean v4, final int ecn)
    {
        moveBetweenAllEvents(seed, v4, (context) -> context.ecn(ecn));
    }

    /**
     * Without timestamps: paced segments come at any time within a millisecond, and a half-open connection does not take
     * along when in it its TSval steps on.
     */
    @ParameterizedTest
    @CsvSource(
    {
        "3, false", "9, false", "12, true", "13, false",
    })
    void shouldLeaveTheSameTraceWithBbr(final long seed, final boolean v4)
    {
        moveBetweenAllEvents(seed, v4, (context) -> context.congestionControl("bbr").timestamps(false));
    }

    @ParameterizedTest
    @CsvSource(
    {
        "1, false", "2, true",
    })
    void shouldLeaveTheSameTraceWhenPaced(final long seed, final boolean v4)
    {
        moveBetweenAllEvents(seed, v4, (context) -> context.pacing(true).timestamps(false));
    }

    private static void moveBetweenAllEvents(
        final long seed, final boolean v4, final UnaryOperator<StackContext> settings)
    {
        final List<String> uncut = transfer(seed, v4, Mover.NOBODY, settings);
        for (final Mover mover : Mover.values())
        {
            final List<String> cut = transfer(seed, v4, mover, settings);
            for (int i = 0; i < Math.min(cut.size(), uncut.size()); i++)
            {
                assertEquals(uncut.get(i), cut.get(i), "packet " + i + " when it moves: " + mover + ", seed " + seed);
            }
            assertEquals(uncut.size(), cut.size(), "packets when it moves: " + mover + ", seed " + seed);
        }
    }
}
