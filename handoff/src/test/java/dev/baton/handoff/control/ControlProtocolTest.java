package dev.baton.handoff.control;

import dev.baton.handoff.codec.CommittedEncoder;
import dev.baton.handoff.codec.MessageHeaderEncoder;
import dev.baton.handoff.codec.PingEncoder;
import dev.baton.handoff.codec.PongEncoder;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an authenticated peer may not say: the channel is closed with one line, and the shard sees nothing of it. */
class ControlProtocolTest
{
    private static final String UNUSED = "127.0.0.1:9";

    /** What the peer does wrong. */
    private interface Sin
    {
        void commit(RawPeer peer) throws IOException;
    }

    private static TestNode b() throws IOException
    {
        return new TestNode(TestCluster.OWN.node("b").peer("a", UNUSED));
    }

    private static void assertClosed(final Sin sin, final String reason, final int protocolErrors) throws IOException
    {
        try (TestNode b = b(); RawPeer a = RawPeer.helloFromA(b, 1))
        {
            a.message(1, 64);
            sin.commit(a);
            a.message(2, 64);
            b.await("down", () -> b.events.contains("down a"));
            assertEquals(List.of("up a", "a 1", "down a"), b.events);
            b.awaitLog("is down: " + reason);
            assertEquals(protocolErrors, b.counters("a").protocolErrors());
            assertTrue(a.isEnded());
            try (RawPeer next = RawPeer.helloFromA(b, 2))
            {
                next.message(3, 64);
                b.await("the next channel", () -> b.events.contains("a 3"));
            }
        }
    }

    private static void assertHelloRefused(final Sin sin, final String reason) throws IOException
    {
        try (TestNode b = b(); RawPeer a = new RawPeer(TestCluster.OWN.context("a"), b.plane.localPort()))
        {
            sin.commit(a);
            assertTrue(a.isEnded());
            b.awaitLog(reason);
            assertEquals(List.of(), b.events);
            assertEquals(1, b.counters("a").protocolErrors());
            assertEquals(1, b.plane.refused());
        }
    }

    private static UnsafeBuffer message(final int block, final int template, final int schema, final int version)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        new MessageHeaderEncoder().wrap(buffer, 0)
            .blockLength(block).templateId(template).schemaId(schema).version(version);
        return buffer;
    }

    private static UnsafeBuffer committed(final int block, final int schema, final int version)
    {
        return message(block, CommittedEncoder.TEMPLATE_ID, schema, version);
    }

    @Test
    void shouldCloseOnAnOversizedFrame() throws IOException
    {
        assertClosed((peer) -> peer.bytes(0x7F, 0xFF, 0xFF, 0xFF), "frame length 2147483647 is not in 8 to 16384 bytes", 1);
        assertClosed((peer) -> peer.bytes(0xFF, 0xFF, 0xFF, 0xFF), "frame length 4294967295 is not in 8 to 16384 bytes", 1);
        assertClosed((peer) -> peer.bytes(0, 0, 0x40, 1), "frame length 16385 is not in 8 to 16384 bytes", 1);
    }

    @Test
    void shouldCloseOnAFrameShorterThanAHeader() throws IOException
    {
        assertClosed((peer) -> peer.bytes(0, 0, 0, 0), "frame length 0 is not in", 1);
        assertClosed((peer) -> peer.bytes(0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7), "frame length 7 is not in", 1);
    }

    @Test
    void shouldCloseOnAMessageOfAnotherSchema() throws IOException
    {
        assertClosed((peer) -> peer.frame(committed(12, 4711, 0), 64), "message of schema 4711, not of 7001", 1);
    }

    @Test
    void shouldCloseOnAMessageOfAVersionThatWasNotAnnounced() throws IOException
    {
        assertClosed((peer) -> peer.frame(committed(12, 7001, 9), 64),
            "message of version 9 from a node that announced version 0", 1);
    }

    @Test
    void shouldCloseOnFixedFieldsThatDoNotFitTheFrame() throws IOException
    {
        assertClosed((peer) -> peer.frame(committed(57, 7001, 0), 64), "message 14 has 57 bytes of fixed fields", 1);
        assertClosed((peer) -> peer.frame(message(4, PingEncoder.TEMPLATE_ID, 7001, 0), 12),
            "message 2 has 4 bytes of fixed fields", 1);
    }

    @Test
    void shouldCloseOnASecondHello() throws IOException
    {
        assertClosed((peer) -> peer.hello("a", 1, VersionRange.LOCAL), "a second Hello came", 1);
    }

    @Test
    void shouldLoseATruncatedFrameWhole() throws IOException
    {
        try (TestNode b = b())
        {
            try (RawPeer a = RawPeer.helloFromA(b, 1))
            {
                a.message(1, 64);
                a.bytes(0, 0, 0, 64, 12, 0, 14, 0, 0x59, 0x1B);
            }
            b.await("down", () -> b.events.contains("down a"));
            assertEquals(List.of("up a", "a 1", "down a"), b.events);
            b.awaitLog("frame cut off: 6 of 64 bytes came");
        }
    }

    @Test
    void shouldRefuseAHelloWithAnothersName() throws IOException
    {
        try (TestNode c = new TestNode(TestCluster.OWN.node("c").peer("a", UNUSED).peer("b", UNUSED));
            RawPeer a = new RawPeer(TestCluster.OWN.context("a"), c.plane.localPort()))
        {
            a.hello("b", 1, VersionRange.LOCAL);
            a.message(1, 64);
            assertTrue(a.isEnded());
            c.awaitLog("Hello says b on a connection of a, whose certificate is for [a]");
            assertEquals(List.of(), c.events);
            assertEquals(1, c.counters("a").protocolErrors());
            assertEquals(0, c.counters("b").protocolErrors());
        }
    }

    @Test
    void shouldRefuseADialledNodeThatSaysItIsAnotherOfItsNames() throws IOException
    {
        final ClusterCertificates own = TestCluster.OWN.certificates();
        try (TestNode c = new TestNode(
            TestCluster.OWN.node("c").keyStore(own.keyStore(TestCluster.TWIN)).peer("a", UNUSED));
            TestNode a = new TestNode(TestCluster.OWN.node("a").peer("b", c.address()).peer("c", UNUSED)))
        {
            a.awaitLog("Hello says c on a connection of b, whose certificate is for [b, c]");
            assertEquals(List.of(), a.events);
        }
    }

    @Test
    void shouldRefuseAHelloWithANameThatIsNone() throws IOException
    {
        assertHelloRefused((peer) -> peer.hello("A b\n", 1, VersionRange.LOCAL), "Hello with a node name that is none");
    }

    @Test
    void shouldRefuseVersionsThatDoNotMeet() throws IOException
    {
        assertHelloRefused((peer) -> peer.hello("a", 1, new VersionRange(5, 6)),
            "a reads versions 5 to 6 of the control schema, this node version 0; upgrade the older one");
    }

    @Test
    void shouldRefuseAMessageBeforeHello() throws IOException
    {
        assertHelloRefused((peer) -> peer.message(1, 64), "message 14 came before Hello");
    }

    @Test
    void shouldSpeakWithANewerNodeThatStillReadsThisVersion() throws IOException
    {
        try (TestNode b = b(); RawPeer a = new RawPeer(TestCluster.OWN.context("a"), b.plane.localPort()))
        {
            a.hello("a", 1, new VersionRange(0, 1));
            final UnsafeBuffer newer = committed(20, 7001, 1);
            newer.putLong(8, 77, ByteOrder.LITTLE_ENDIAN);
            a.frame(newer, 28);
            b.await("frame", () -> b.events.contains("a 77"));
        }
    }

    @Test
    void shouldAnswerPings() throws IOException
    {
        try (TestNode b = b(); RawPeer a = RawPeer.helloFromA(b, 1))
        {
            final UnsafeBuffer ping = message(8, PingEncoder.TEMPLATE_ID, 7001, 0);
            ping.putLong(8, 4242, ByteOrder.LITTLE_ENDIAN);
            a.frame(ping, 16);
            int template = 0;
            while (template != PongEncoder.TEMPLATE_ID)
            {
                assertEquals(16, a.frames().next());
                template = a.frames().buffer().getShort(2, ByteOrder.LITTLE_ENDIAN);
            }
            assertEquals(4242, a.frames().buffer().getLong(8, ByteOrder.LITTLE_ENDIAN));
        }
    }
}
