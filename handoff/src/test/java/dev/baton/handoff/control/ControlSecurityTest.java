package dev.baton.handoff.control;

import org.junit.jupiter.api.Test;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who may not have a channel: each is refused with one line, counted, and changes nothing. */
class ControlSecurityTest
{
    private static final String UNUSED = "127.0.0.1:9";

    private TestNode b() throws IOException
    {
        return new TestNode(TestCluster.OWN.node("b").peer("a", UNUSED)
            .handshakeTimeout(TimeUnit.SECONDS.toNanos(5)));
    }

    private static void assertRefused(final TestNode node, final String reason)
    {
        node.awaitLog(reason);
        assertEquals(1, node.log.size(), node.log::toString);
        assertTrue(node.log.get(0).startsWith("control: refused /127.0.0.1:"), node.log::toString);
        assertEquals(1, node.plane.refused());
        node.drain();
        assertEquals(List.of(), node.events);
        assertFalse(node.isUp("a"));
    }

    @Test
    void shouldRefuseACertificateOfAForeignAuthority() throws IOException
    {
        try (TestNode b = b())
        {
            assertTrue(RawPeer.isTurnedAway(TestCluster.FOREIGN.context("a"), b.plane.localPort()));
            assertRefused(b, "its certificate was not issued by this cluster's CA; give it one that was");
        }
    }

    @Test
    void shouldRefuseAnExpiredCertificate() throws IOException
    {
        try (TestNode b = b())
        {
            assertTrue(RawPeer.isTurnedAway(TestCluster.OWN.context(TestCluster.EXPIRED), b.plane.localPort()));
            assertRefused(b, "its certificate has expired; make it a new one");
        }
    }

    @Test
    void shouldRefuseToDialANodeOfAForeignAuthority() throws IOException
    {
        final ClusterCertificates foreign = TestCluster.FOREIGN.certificates();
        try (TestNode b = b();
            TestNode a = new TestNode(TestCluster.OWN.node("a").peer("b", b.address())
                .keyStore(foreign.keyStore("a")).passwordFile(foreign.passwordFile()).trust(foreign.trust())))
        {
            a.awaitLog("b at " + b.address() + " cannot be reached: its certificate was not issued by this cluster's CA");
            assertEquals(List.of(), a.events);
        }
    }

    @Test
    void shouldRefuseAClientWithoutACertificate() throws Exception
    {
        final SSLContext bare = SSLContext.getInstance("TLS");
        bare.init(null, new TrustManager[]{new TrustAnyone()}, null);
        try (TestNode b = b())
        {
            assertTrue(RawPeer.isTurnedAway(bare, b.plane.localPort()));
            assertRefused(b, "Empty client certificate chain");
        }
    }

    @Test
    void shouldRefuseANodeOfTheClusterThatIsNoPeer() throws IOException
    {
        try (TestNode b = b())
        {
            assertTrue(RawPeer.isTurnedAway(TestCluster.OWN.context("mallory"), b.plane.localPort()));
            assertRefused(b, "its certificate is for [mallory], none of which is a peer of this node");
        }
    }

    @Test
    void shouldRefuseANodeThatAnswersAtAnothersAddress() throws IOException
    {
        try (TestNode mallory = new TestNode(TestCluster.OWN.node("mallory").peer("a", UNUSED));
            TestNode a = new TestNode(TestCluster.OWN.node("a").peer("b", mallory.address())))
        {
            a.awaitLog("its certificate is for [mallory], not for b");
            assertTrue(a.counters("b").refused() > 0);
            assertEquals(List.of(), a.events);
            mallory.drain();
            assertEquals(List.of(), mallory.events);
        }
    }

    @Test
    void shouldRefuseAPeerThatDialsInTheWrongDirection() throws IOException
    {
        try (TestNode b = new TestNode(TestCluster.OWN.node("b").peer("c", "127.0.0.1:1")))
        {
            try (RawPeer c = new RawPeer(TestCluster.OWN.context("c"), b.plane.localPort()))
            {
                c.hello("c", 1, VersionRange.LOCAL);
                assertTrue(c.isEnded());
            }
            b.awaitLog("c dialled, but b is the smaller name and dials it");
            assertEquals(1, b.counters("c").refused());
            assertEquals(List.of(), b.events);
        }
    }

    @Test
    void shouldRefuseTls12() throws IOException
    {
        try (TestNode b = b())
        {
            assertThrows(SSLException.class,
                () -> new RawPeer(TestCluster.OWN.context("a"), b.plane.localPort(), "TLSv1.2").close());
            assertRefused(b, "TLSv1.2");
        }
    }

    @Test
    void shouldRefusePlaintext() throws IOException
    {
        try (TestNode b = b())
        {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), b.plane.localPort()))
            {
                probe.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                probe.setSoTimeout(20_000);
                probe.getInputStream().readAllBytes();
            }
            assertRefused(b, "what it sends is not TLS; see what it is that connects to this port");
        }
    }

    @Test
    void shouldGiveUpOnAConnectionThatSaysNothing() throws IOException
    {
        try (TestNode b = new TestNode(TestCluster.OWN.node("b").peer("a", UNUSED)
            .handshakeTimeout(TimeUnit.MILLISECONDS.toNanos(150)));
            Socket silent = new Socket(InetAddress.getLoopbackAddress(), b.plane.localPort()))
        {
            silent.setSoTimeout(20_000);
            assertEquals(-1, silent.getInputStream().read());
            assertRefused(b, "TLS and Hello took more than 150 ms");
        }
    }

    @Test
    void shouldGiveUpOnAnAuthenticatedPeerThatSaysNoHello() throws IOException
    {
        try (TestNode b = new TestNode(TestCluster.OWN.node("b").peer("a", UNUSED)
            .handshakeTimeout(TimeUnit.MILLISECONDS.toNanos(2000)));
            RawPeer a = new RawPeer(TestCluster.OWN.context("a"), b.plane.localPort()))
        {
            assertTrue(a.isEnded());
            assertRefused(b, "TLS and Hello took more than 2000 ms");
        }
    }

    @Test
    void shouldLimitHowManyAreAuthenticatedAtATime() throws IOException
    {
        try (TestNode b = new TestNode(TestCluster.OWN.node("b").peer("a", UNUSED).maxHandshakes(1));
            Socket first = new Socket(InetAddress.getLoopbackAddress(), b.plane.localPort());
            Socket second = new Socket(InetAddress.getLoopbackAddress(), b.plane.localPort()))
        {
            second.setSoTimeout(20_000);
            assertEquals(-1, second.getInputStream().read());
            assertTrue(first.isConnected());
            assertRefused(b, "1 connections are being authenticated already");
        }
    }

    /** A client that does not care whom it talks to. */
    private static final class TrustAnyone extends X509ExtendedTrustManager
    {
        @Override
        public void checkClientTrusted(
            final X509Certificate[] chain, final String type, final Socket socket)
        {
        }

        @Override
        public void checkServerTrusted(
            final X509Certificate[] chain, final String type, final Socket socket)
        {
        }

        @Override
        public void checkClientTrusted(
            final X509Certificate[] chain, final String type, final SSLEngine engine)
        {
        }

        @Override
        public void checkServerTrusted(
            final X509Certificate[] chain, final String type, final SSLEngine engine)
        {
        }

        @Override
        public void checkClientTrusted(final X509Certificate[] chain, final String type)
        {
        }

        @Override
        public void checkServerTrusted(final X509Certificate[] chain, final String type)
        {
        }

        @Override
        public X509Certificate[] getAcceptedIssuers()
        {
            return new X509Certificate[0];
        }
    }
}
