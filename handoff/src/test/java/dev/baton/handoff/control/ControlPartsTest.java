package dev.baton.handoff.control;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ControlPartsTest
{
    @Test
    void shouldDoubleTheWaitUpToTheCapAndShortenItByHalfAtMost()
    {
        final Backoff backoff = new Backoff(100, 1500);
        for (final long full : new long[]{100, 200, 400, 800, 1500, 1500})
        {
            assertEquals(full, backoff.nextNs(0));
        }
        backoff.reset();
        assertEquals(100, backoff.nextNs(0));
        final Random random = new Random(3);
        final boolean[] hit = new boolean[51];
        for (int i = 0; i < 5000; i++)
        {
            backoff.reset();
            final long wait = backoff.nextNs(random.nextLong());
            assertTrue(wait >= 50 && wait <= 100, () -> "wait " + wait);
            hit[(int)wait - 50] = true;
        }
        for (final boolean each : hit)
        {
            assertTrue(each);
        }
    }

    @Test
    void shouldLimitLinesAndSayHowManyWereLeftOut()
    {
        final List<String> lines = new ArrayList<>();
        final ControlLog log = new ControlLog(lines::add, 0);
        for (int i = 0; i < ControlLog.LINES_PER_WINDOW + 5; i++)
        {
            log.line("line " + i, 10);
        }
        assertEquals(ControlLog.LINES_PER_WINDOW, lines.size());
        log.line("later", ControlLog.WINDOW_NS);
        assertEquals(List.of("control: 5 lines left out", "later"), lines.subList(lines.size() - 2, lines.size()));
    }

    @Test
    void shouldKeepALineALineAndSurviveASinkThatThrows()
    {
        final List<String> lines = new ArrayList<>();
        new ControlLog(lines::add, 0).line("one\r\ntwo\u001b[31m", 0);
        assertEquals(List.of("one two [31m"), lines);
        final ControlLog log = new ControlLog((line) ->
        {
            throw new IllegalStateException("full");
        }, 0);
        log.line("lost", 0);
        assertEquals(1, log.failed());
    }

    @Test
    void shouldBoundTheOutboundQueueByFramesAndByBytes()
    {
        final PeerCounters counters = new PeerCounters();
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[ControlPlane.MAX_FRAME_BYTES]);
        final ConnectionWriter few = writer(counters, 4);
        for (int i = 0; i < 4; i++)
        {
            assertTrue(few.offer(frame, 0, 64));
        }
        assertFalse(few.offer(frame, 0, 64));
        assertEquals(1, counters.queueFull());
        final ConnectionWriter small = writer(counters, 1 << 20);
        for (int i = 0; i < 7; i++)
        {
            assertTrue(small.offer(frame, 0, ControlPlane.MAX_FRAME_BYTES));
        }
        assertFalse(small.offer(frame, 0, ControlPlane.MAX_FRAME_BYTES));
        assertEquals(2, counters.queueFull());
    }

    private static ConnectionWriter writer(final PeerCounters counters, final int frames)
    {
        return new ConnectionWriter(null, OutputStream.nullOutputStream(), counters,
            TestCluster.OWN.node("a").queues(1 << 17, 1 << 17, frames).conclude());
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:7000,10.0.0.1,7000", "[fd00::1]:7000,fd00::1,7000", "[fe80::1%eth0]:1,fe80::1%eth0,1",
        "node-1.example:65535,node-1.example,65535", "127.0.0.1:0,127.0.0.1,0"})
    void shouldReadAddresses(final String text, final String host, final int port)
    {
        final Endpoint endpoint = Endpoint.parse("listen", text);
        assertEquals(new Endpoint(host, port), endpoint);
        assertEquals(text, endpoint.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", ":", "10.0.0.1", "10.0.0.1:", ":7000", "10.0.0.1:65536", "10.0.0.1:-1", "10.0.0.1:7a", "10.0.0.1:000080", "fd00::1",
        "fd00::1:7000", "[fd00::1]", "[]:7000", "[fd00::1:7000", "a b:1", "a/b:1", "[a b]:1"})
    void shouldRefuseWhatIsNoAddress(final String text)
    {
        final IllegalArgumentException ex =
            assertThrows(IllegalArgumentException.class, () -> Endpoint.parse("peer x", text));
        assertTrue(ex.getMessage().startsWith("peer x: address '" + text + "' has "), ex.getMessage());
        assertTrue(ex.getMessage().endsWith("; write host:port, or [address]:port for IPv6"), ex.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "back1", "7", "rack-3.back-1", "a.b.c"})
    void shouldTakeNodeNames(final String name)
    {
        assertEquals(name, NodeName.check("node", name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A", "a b", "-a", "a-", ".a", "a.", "a..b", "a.-b", "a-.b", "a_b", "\u00e4", "a\n", "a,dns:b"})
    void shouldRefuseWhatIsNoNodeName(final String name)
    {
        assertThrows(IllegalArgumentException.class, () -> NodeName.check("node", name));
        assertThrows(IllegalArgumentException.class, () -> NodeName.check("node", name + "a".repeat(64)));
    }
}
