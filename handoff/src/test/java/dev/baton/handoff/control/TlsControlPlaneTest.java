package dev.baton.handoff.control;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TlsControlPlaneTest
{
    private static final String UNUSED = "127.0.0.1:9";

    private final TestCluster cluster = TestCluster.OWN;

    private TestNode b() throws IOException
    {
        return new TestNode(cluster.node("b").peer("a", UNUSED));
    }

    private TestNode aTo(final String address) throws IOException
    {
        return new TestNode(cluster.node("a").peer("b", address));
    }

    @Test
    void shouldExchangeFramesInOrderBothWays() throws IOException
    {
        try (TestNode b = b(); TestNode a = aTo(b.address()))
        {
            TestNode.awaitChannel(a, b);
            final List<String> toB = new ArrayList<>(List.of("up a"));
            final List<String> toA = new ArrayList<>(List.of("up b"));
            for (int i = 0; i < 2000; i++)
            {
                final int id = i;
                TestNode.await(a, b, "room", () -> a.send("b", id));
                TestNode.await(a, b, "room", () -> b.send("a", -id));
                toB.add("a " + id);
                toA.add("b " + -id);
            }
            TestNode.await(a, b, "frames", () -> a.events.size() == toA.size() && b.events.size() == toB.size());
            assertEquals(toB, b.events);
            assertEquals(toA, a.events);
            assertTrue(a.counters("b").framesOut() >= 2000);
            assertTrue(b.counters("a").bytesIn() >= 2000 * 68);
            assertTrue(b.wakes.get() >= 2001, "every record wakes the shard");
        }
    }

    @Test
    void shouldCarryTheGreatestFrameAndRefuseGreaterOnes() throws IOException
    {
        try (TestNode b = b(); TestNode a = aTo(b.address()))
        {
            TestNode.awaitChannel(a, b);
            assertTrue(a.send("b", 7, ControlPlane.MAX_FRAME_BYTES));
            b.await("frame", () -> b.events.contains("a 7"));
            assertThrows(IllegalArgumentException.class, () -> a.send("b", 7, ControlPlane.MAX_FRAME_BYTES + 1));
            assertThrows(IllegalArgumentException.class,
                () -> a.plane.send(0, TestNode.message(1, 64), 0, FrameReader.MIN_FRAME_BYTES - 1));
        }
    }

    @Test
    void shouldSendNothingWhileTheChannelIsDown() throws IOException
    {
        try (TestNode b = b())
        {
            assertFalse(b.send("a", 1));
            assertFalse(b.isUp("a"));
            assertEquals(-1, b.plane.peer("nobody"));
            assertEquals(0, b.plane.counters(0).queueFull());
        }
    }

    @Test
    void shouldNumberPeersByName() throws IOException
    {
        try (TestNode b = new TestNode(cluster.node("b").peer("mallory", UNUSED).peer("a", UNUSED).peer("c", UNUSED)))
        {
            assertEquals(3, b.plane.peerCount());
            assertEquals(List.of("a", "c", "mallory"), List.of(b.plane.peerName(0), b.plane.peerName(1), b.plane.peerName(2)));
            assertEquals(2, b.plane.peer("mallory"));
            assertEquals("b", b.plane.localNode());
        }
    }

    @Test
    void shouldReconnectToARestartedPeerAndTellItsNewIncarnation() throws IOException
    {
        final TestNode first = b();
        final int port = first.plane.localPort();
        try (TestNode a = aTo("127.0.0.1:" + port))
        {
            TestNode.awaitChannel(a, first);
            final long before = a.plane.incarnation(0);
            first.close();
            a.await("down", () -> !a.isUp("b"));
            assertFalse(a.send("b", 1));
            try (TestNode again = new TestNode(cluster.node("b").listen("127.0.0.1:" + port).peer("a", UNUSED)))
            {
                TestNode.awaitChannel(a, again);
                assertNotEquals(before, a.plane.incarnation(0));
                assertTrue(a.send("b", 2));
                again.await("frame", () -> again.events.contains("a 2"));
                assertEquals(List.of("up b", "down b", "up b"), a.events);
                assertEquals(1, a.counters("b").reconnects());
            }
        }
    }

    @Test
    void shouldLetTheDialledNodeSeeARestartOfTheDialler() throws IOException
    {
        try (TestNode b = b())
        {
            try (TestNode a = new TestNode(cluster.node("a").peer("b", b.address()).incarnation(11)))
            {
                TestNode.awaitChannel(a, b);
                assertEquals(11, b.plane.incarnation(0));
            }
            b.await("down", () -> !b.isUp("a"));
            try (TestNode a = new TestNode(cluster.node("a").peer("b", b.address()).incarnation(12)))
            {
                TestNode.awaitChannel(a, b);
                assertEquals(12, b.plane.incarnation(0));
            }
        }
    }

    @Test
    void shouldNoticeAPeerThatWentDumbAndConnectAnew() throws IOException
    {
        final long interval = TimeUnit.MILLISECONDS.toNanos(100);
        final long dead = TimeUnit.MILLISECONDS.toNanos(1000);
        try (TestNode b = new TestNode(cluster.node("b").peer("a", UNUSED).keepalive(interval, dead));
            Relay relay = new Relay(b.plane.localPort());
            TestNode a = new TestNode(cluster.node("a").peer("b", relay.address()).keepalive(interval, dead)))
        {
            TestNode.awaitChannel(a, b);
            TestNode.await(a, b, "keepalive", () -> a.counters("b").roundTripNs() > 0 && b.counters("a").roundTripNs() > 0);
            relay.goDumb();
            TestNode.await(a, b, "both to notice", () -> a.events.contains("down b") && b.events.contains("down a"));
            TestNode.awaitChannel(a, b);
            assertTrue(a.counters("b").deadPeers() + b.counters("a").deadPeers() > 0);
            assertTrue(a.logged("nothing came for 1000 ms") || b.logged("nothing came for 1000 ms"));
        }
    }

    @Test
    void shouldKeepASilentChannelUpByKeepalive() throws IOException
    {
        final long interval = TimeUnit.MILLISECONDS.toNanos(50);
        final long dead = TimeUnit.MILLISECONDS.toNanos(1500);
        try (TestNode b = new TestNode(cluster.node("b").peer("a", UNUSED).keepalive(interval, dead));
            TestNode a = new TestNode(cluster.node("a").peer("b", b.address()).keepalive(interval, dead)))
        {
            TestNode.awaitChannel(a, b);
            TestNode.await(a, b, "many keepalives", () -> a.counters("b").framesIn() > 80);
            assertEquals(List.of("up b"), a.events);
            assertEquals(List.of("up a"), b.events);
        }
    }

    @Test
    void shouldGiveWayToASecondConnectionOfTheSamePeer() throws IOException
    {
        try (TestNode b = b(); RawPeer first = RawPeer.helloFromA(b, 1))
        {
            first.message(100, 64);
            b.await("first", () -> b.events.contains("a 100"));
            try (RawPeer second = RawPeer.helloFromA(b, 2))
            {
                second.message(200, 64);
                b.await("second", () -> b.events.contains("a 200"));
                assertTrue(first.isEnded());
                assertEquals(List.of("up a", "a 100", "down a", "up a", "a 200"), b.events);
                assertEquals(1, b.counters("a").replaced());
                assertEquals(2, b.plane.incarnation(0));
                assertTrue(b.send("a", 5));
                b.awaitLog("replaced by a newer connection");
            }
        }
    }

    @Test
    void shouldNotLetAnUnauthenticatedConnectionReplaceTheChannel() throws IOException
    {
        try (TestNode b = b(); RawPeer first = RawPeer.helloFromA(b, 1))
        {
            b.await("up", () -> b.isUp("a"));
            assertTrue(RawPeer.isTurnedAway(TestCluster.OWN.context("mallory"), b.plane.localPort()));
            first.message(3, 64);
            b.await("frame", () -> b.events.contains("a 3"));
            assertEquals(List.of("up a", "a 3"), b.events);
        }
    }

    @Test
    void shouldHoldBackAPeerWhileTheShardDoesNotDrainAndLoseNothing() throws Exception
    {
        try (TestNode b = new TestNode(cluster.node("b").peer("a", UNUSED).queues(1 << 17, 1 << 17, 64));
            RawPeer a = RawPeer.helloFromA(b, 1))
        {
            final int count = 40;
            final Thread sender = new Thread(() ->
            {
                try
                {
                    for (int i = 0; i < count; i++)
                    {
                        a.message(i, ControlPlane.MAX_FRAME_BYTES);
                    }
                }
                catch (final IOException ex)
                {
                    throw new IllegalStateException(ex);
                }
            });
            sender.start();
            final long startNs = System.nanoTime();
            while (b.counters("a").inboundFull() == 0 && System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(20))
            {
                Thread.onSpinWait();
            }
            assertTrue(b.counters("a").inboundFull() > 0);
            b.await("all", () -> b.events.size() == count + 1);
            sender.join();
            for (int i = 0; i < count; i++)
            {
                assertEquals("a " + i, b.events.get(i + 1));
            }
        }
    }

    @Test
    void shouldNotShowFramesOfAnOldConnectionAfterItsEndEvenWhenTheRingWasFull() throws IOException
    {
        try (TestNode b = new TestNode(cluster.node("b").peer("a", UNUSED).queues(1 << 17, 1 << 17, 64));
            RawPeer first = RawPeer.helloFromA(b, 1))
        {
            for (int i = 0; i < 12; i++)
            {
                first.message(i, ControlPlane.MAX_FRAME_BYTES);
            }
            try (RawPeer second = RawPeer.helloFromA(b, 2))
            {
                second.message(1000, 64);
                b.await("second", () -> b.events.contains("a 1000"));
                final int down = b.events.indexOf("down a");
                assertEquals(List.of("down a", "up a", "a 1000"), b.events.subList(down, b.events.size()));
                assertEquals("up a", b.events.get(0));
                for (int i = 1; i < down; i++)
                {
                    assertEquals("a " + (i - 1), b.events.get(i));
                }
            }
        }
    }

    @Test
    void shouldSayFalseWhenThePeerDoesNotReadAndGoOnWhenItDoes() throws IOException
    {
        try (TestNode b = new TestNode(cluster.node("b").peer("a", UNUSED).queues(1 << 17, 1 << 17, 64));
            RawPeer a = RawPeer.helloFromA(b, 1))
        {
            b.await("up", () -> b.isUp("a"));
            long sent = 0;
            final long startNs = System.nanoTime();
            long lastSuccessNs = startNs;
            while (System.nanoTime() - lastSuccessNs < TimeUnit.MILLISECONDS.toNanos(200))
            {
                if (b.send("a", sent, ControlPlane.MAX_FRAME_BYTES))
                {
                    sent++;
                    lastSuccessNs = System.nanoTime();
                }
                assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(20), "the queue is bounded");
            }
            assertTrue(b.counters("a").queueFull() > 0);
            long seen = 0;
            while (seen < sent)
            {
                if (a.frames().next() == ControlPlane.MAX_FRAME_BYTES)
                {
                    assertEquals(seen++, a.frames().buffer().getLong(8, ByteOrder.LITTLE_ENDIAN));
                }
            }
            final long last = sent;
            b.await("room again", () -> b.send("a", last, ControlPlane.MAX_FRAME_BYTES));
        }
    }

    @Test
    void shouldTellItsStateAsJson() throws IOException
    {
        try (TestNode b = new TestNode(cluster.node("b").peer("a", UNUSED).incarnation(255)))
        {
            assertEquals("{\"incarnation\":\"ff\",\"listen_port\":" + b.plane.localPort() + ",\"node\":\"b\",\"peers\":[" +
                "{\"bytes_in\":0,\"bytes_out\":0,\"dead_peers\":0,\"failures\":0,\"frames_in\":0,\"frames_out\":0," +
                "\"inbound_full\":0,\"protocol_errors\":0,\"queue_full\":0,\"reconnects\":0,\"refused\":0,\"replaced\":0," +
                "\"round_trip_ns\":0,\"incarnation\":null,\"node\":\"a\",\"up\":false}],\"refused\":0}", b.plane.census());
        }
    }

    @Test
    void shouldEndAllThreadsOnClose() throws IOException
    {
        try (TestNode b = b(); TestNode a = aTo(b.address()))
        {
            TestNode.awaitChannel(a, b);
            assertTrue(threads().size() >= 6, () -> threads().toString());
        }
        assertEquals(List.of(), threads());
    }

    private static List<String> threads()
    {
        return Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive).map(Thread::getName)
            .filter((name) -> name.startsWith("baton-control-")).sorted().toList();
    }

    @Test
    void shouldSayWhyItCannotListen() throws IOException
    {
        try (ServerSocket taken = new ServerSocket(0))
        {
            final ControlConfig config =
                cluster.node("b").listen("127.0.0.1:" + taken.getLocalPort()).peer("a", UNUSED).conclude();
            final IOException ex = assertThrows(
                IOException.class, () -> TlsControlPlane.start(config, () -> { }, (line) -> { }));
            assertTrue(ex.getMessage().startsWith("listen 127.0.0.1:" + taken.getLocalPort() + ": "), ex.getMessage());
            assertTrue(ex.getMessage().endsWith("; choose an address of this machine and a port that is free"), ex.getMessage());
        }
    }

    @Test
    void shouldSayOnceThatAPeerCannotBeReached() throws IOException
    {
        final int nobody;
        try (ServerSocket socket = new ServerSocket(0))
        {
            nobody = socket.getLocalPort();
        }
        try (TestNode a = aTo("127.0.0.1:" + nobody))
        {
            a.await("attempts", () -> a.counters("b").failures() >= 5);
            assertEquals(1, a.log.size(), a.log::toString);
            assertTrue(a.logged("control: b at 127.0.0.1:" + nobody + " cannot be reached: "), a.log::toString);
        }
    }
}
