package dev.baton.stack.state;

import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.wire.TcpHeader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Drives connections through all states, and after every event puts both shards into fresh ones: the image of the
 * import must be the image that was imported, and the connection must go on as if nothing had been.
 */
class EveryStateTest
{
    private static final int FIN = TcpHeader.FIN;
    private static final int SYN = TcpHeader.SYN;
    private static final int ACK = TcpHeader.ACK;
    private static final Set<String> EXPECTED = Set.of(
        "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK",
        "CLOSED, detached", "TIME-WAIT, detached", "half-open", "half-open, SYN/ACK sent again", "TIME-WAIT entry",
        "runs out of order", "more than one run out of order", "unread data", "zero window, persist timer",
        "zero-window probes", "FIN queued, not sent", "FIN outstanding", "FIN beyond a hole", "writer blocked", "fast recovery",
        "recovery after a time-out", "backed-off RTO", "duplicate ACKs without SACK", "keepalive timer", "keepalive probes",
        "user time-out", "FIN-WAIT-2 timer", "delayed ACK timer", "closed by the user", "SACKed run", "lost run",
        "run sent again", "Fast Open before the handshake is complete", "Fast Open data in the SYN",
        "waits in the accept queue");

    private final Seen seen = new Seen();
    private boolean v4;

    private StateWorld world(final long seed, final UnaryOperator<StackContext> settings)
    {
        final StateWorld w = new StateWorld(seed, settings);
        w.afterEvent = () ->
        {
            seen.note(w.client.stack);
            seen.note(w.server.stack);
            w.client.moveAll(w.world.nowNs());
            w.server.moveAll(w.world.nowNs());
        };
        return w;
    }

    private StateWorld world(final long seed)
    {
        return world(seed, UnaryOperator.identity());
    }

    private static void assertEnded(final StateWorld w, final long up, final long down)
    {
        w.until("both are closed", 600, () -> w.clientPeer.closeReason != null && w.serverPeer.closeReason != null);
        assertEquals(CloseReason.NORMAL, w.clientPeer.closeReason);
        assertEquals(CloseReason.NORMAL, w.serverPeer.closeReason);
        assertEquals(up, w.serverPeer.received);
        assertEquals(down, w.clientPeer.received);
        assertEquals(0, w.resets, "RSTs on the wire");
        w.run(70 * StateWorld.SECOND_NS);
        assertEquals(0, w.client.stack.connectionCount() + w.server.stack.connectionCount(), "connections left");
        assertEquals(0, w.client.stack.tcp().bufferPool().acquiredBytes(), "client's buffers");
        assertEquals(0, w.server.stack.tcp().bufferPool().acquiredBytes(), "server's buffers");
    }

    private void lossyBothWays(final UnaryOperator<StackContext> settings)
    {
        final StateWorld w = world(31, settings).faults();
        w.clientPeer.sends(120_000).thenShutsDown().closesAtEnd();
        w.serverPeer.sends(120_000).thenShutsDown().closesAtEnd();
        w.connect(v4);
        assertEnded(w, 120_000, 120_000);
    }

    /** Data goes with the SYNs, the server answers before the handshake is complete, and accepts from its queue. */
    private void fastOpen(final boolean accepting)
    {
        final StateWorld w = world(22, (context) ->
        {
            context.handshake().fastOpen(0x207);
            return context;
        }).faults();
        if (!accepting)
        {
            // An import tells the service of its accept queue, so who moves with every event would never get beyond it.
            final long[] movedNs = {-1};
            final Runnable move = w.afterEvent;
            w.afterEvent = () ->
            {
                if (movedNs[0] != w.world.nowNs())
                {
                    movedNs[0] = w.world.nowNs();
                    move.run();
                }
            };
        }
        w.serverPeer.accepting = accepting;
        w.clientPeer.sends(3000).thenShutsDown().closesAtEnd();
        w.serverPeer.sends(30_000).thenShutsDown().closesAtEnd();
        w.connect(v4);
        if (!accepting)
        {
            w.run(3 * StateWorld.SECOND_NS);
            final TcpConnection accepted = w.server.listener.accept();
            w.serverPeer.onAccepted(accepted);
        }
        assertEnded(w, 3000, 30_000);
    }

    private void zeroWindow()
    {
        final StateWorld w = world(12);
        w.clientPeer.sends(200_000).thenShutsDown().closesAtEnd();
        w.serverPeer.pausedReading().thenShutsDown().closesAtEnd();
        w.connect(v4);
        w.run(20 * StateWorld.SECOND_NS);
        w.serverPeer.resumeReading();
        assertEnded(w, 200_000, 0);
    }

    private void halfCloseThenLongAnswer()
    {
        final StateWorld w = world(13);
        w.clientPeer.sends(1000).thenShutsDown().closesAtEnd();
        w.serverPeer.sends(100_000).thenShutsDown().closesAtEnd();
        w.connect(v4);
        assertEnded(w, 1000, 100_000);
    }

    /** The server's FIN does not come: the client waits in FIN-WAIT-2, and its timer ends that. */
    private void closeAndWaitForFin()
    {
        final StateWorld w = world(14);
        w.clientPeer.sends(1000).thenCloses();
        w.connect(v4);
        w.run(20 * StateWorld.SECOND_NS);
        w.serverPeer.connection.close();
        assertEnded(w, 1000, 0);
    }

    /** An odd segment after the first ones, which are acknowledged at once. */
    private void oddSegments()
    {
        final StateWorld w = world(22);
        w.clientPeer.sends(120_001).thenShutsDown().closesAtEnd();
        w.serverPeer.thenShutsDown().closesAtEnd();
        w.toServer().delay(1_000_000).rate(100_000_000, 64_000);
        w.connect(v4);
        assertEnded(w, 120_001, 0);
    }

    private void simultaneousClose()
    {
        final StateWorld w = world(15);
        w.connect(v4);
        w.until("established", 10, () -> w.serverPeer.connection != null && w.clientPeer.acceptedCalls == 1);
        w.run(StateWorld.SECOND_NS);
        w.clientPeer.connection.close();
        w.serverPeer.connection.close();
        assertEnded(w, 0, 0);
    }

    private void simultaneousOpen()
    {
        final StateWorld w = world(16);
        w.toServer().delay(50_000_000);
        w.toClient().delay(50_000_000);
        final int family = v4 ? 0 : 1;
        w.clientPeer.sends(5000).thenShutsDown().closesAtEnd();
        w.serverPeer.sends(5000).thenShutsDown().closesAtEnd();
        w.clientPeer.connection = w.client.stack.connect(StateWorld.CLIENT[family], 4001, StateWorld.SERVER[family], 4002,
            w.clientPeer, w.world.nowNs() + w.client.skewNs);
        w.serverPeer.connection = w.server.stack.connect(StateWorld.SERVER[family], 4002, StateWorld.CLIENT[family], 4001,
            w.serverPeer, w.world.nowNs() + w.server.skewNs);
        assertEnded(w, 5000, 5000);
    }

    private void lostHandshake()
    {
        final StateWorld w = world(17);
        final int[] lost = {0, 0};
        w.toServer().filter((packet, nowNs) -> flags(packet) == SYN && lost[0]++ < 2);
        w.toClient().filter((packet, nowNs) -> flags(packet) == (SYN | ACK) && lost[1]++ < 2);
        w.clientPeer.sends(3000).thenShutsDown().closesAtEnd();
        w.serverPeer.thenShutsDown().closesAtEnd();
        w.connect(v4);
        assertEnded(w, 3000, 0);
    }

    private static int flags(final Packet packet)
    {
        return new TcpHeader().wrap(packet.buffer(), packet.l4Offset()).flags();
    }

    private void lostFins()
    {
        final StateWorld w = world(18);
        final int[] lost = {0, 0};
        w.toServer().filter((packet, nowNs) -> (flags(packet) & FIN) != 0 && lost[0]++ < 2);
        w.toClient().filter((packet, nowNs) -> (flags(packet) & FIN) != 0 && lost[1]++ < 2);
        w.clientPeer.sends(3000).thenShutsDown().closesAtEnd();
        w.serverPeer.sends(3000).thenShutsDown().closesAtEnd();
        w.connect(v4);
        assertEnded(w, 3000, 3000);
    }

    private void finBeyondHole()
    {
        final StateWorld w = world(19);
        final int[] lost = {0};
        w.toServer().filter((packet, nowNs) -> packet.length() > 1000 && lost[0]++ < 1);
        w.clientPeer.sends(4000).thenShutsDown().closesAtEnd();
        w.serverPeer.thenShutsDown().closesAtEnd();
        w.connect(v4);
        assertEnded(w, 4000, 0);
    }

    /** The protocol is over, but the services have not read everything: what is left must survive too. */
    private void unreadAtTheEnd()
    {
        final StateWorld w = world(20);
        w.clientPeer.sends(3000).thenShutsDown().closesAtEnd().pausedReading();
        w.serverPeer.sends(2000).thenShutsDown().closesAtEnd().pausedReading();
        w.connect(v4);
        w.run(5 * StateWorld.SECOND_NS);
        w.clientPeer.resumeReading();
        w.serverPeer.resumeReading();
        assertEnded(w, 3000, 2000);
    }

    private void keepAliveAndUserTimeout()
    {
        final StateWorld w = world(21, (context) -> context.keepAlive(true).keepAliveIdleNs(5 * StateWorld.SECOND_NS)
            .keepAliveIntervalNs(StateWorld.SECOND_NS).userTimeoutNs(30 * StateWorld.SECOND_NS));
        w.clientPeer.sends(3000).thenShutsDown().closesAtEnd();
        w.connect(v4);
        w.run(3 * StateWorld.SECOND_NS);
        w.toServer().partition(true);
        w.run(6 * StateWorld.SECOND_NS);
        w.toServer().partition(false);
        w.serverPeer.connection.close();
        assertEnded(w, 3000, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldExportAgainWhatWasImportedInEveryState(final boolean ip4)
    {
        v4 = ip4;
        lossyBothWays(UnaryOperator.identity());
        lossyBothWays((context) -> context.sack(false));
        lossyBothWays((context) -> context.timestamps(false).windowScale(false));
        fastOpen(true);
        fastOpen(false);
        zeroWindow();
        halfCloseThenLongAnswer();
        closeAndWaitForFin();
        oddSegments();
        simultaneousClose();
        simultaneousOpen();
        lostHandshake();
        lostFins();
        finBeyondHole();
        unreadAtTheEnd();
        keepAliveAndUserTimeout();
        final Set<String> missing = new TreeSet<>(EXPECTED);
        missing.removeAll(seen.kinds);
        assertTrue(missing.isEmpty(), () -> "these never came up: " + missing);
    }
}
