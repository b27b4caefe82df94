package dev.baton.handoff.control;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ControlConfigTest
{
    @TempDir
    static Path directory;

    private static final String UNUSED = "127.0.0.1:9";

    private final TestCluster cluster = TestCluster.OWN;

    private static void assertRefused(final ControlConfigBuilder builder, final String message)
    {
        final IllegalArgumentException ex = assertThrows(IllegalArgumentException.class, builder::conclude);
        assertEquals(-1, ex.getMessage().indexOf('\n'));
        assertTrue(ex.getMessage().contains("; "), ex.getMessage());
        assertTrue(ex.getMessage().contains(message), ex.getMessage());
    }

    @Test
    void shouldConcludeWithDefaults()
    {
        final ControlConfig config = cluster.node("b").peer("c", UNUSED).peer("a", UNUSED).conclude();
        assertEquals("[a, c]", config.peers().keySet().toString());
        assertEquals(1_000_000_000L, config.pingIntervalNs());
        assertEquals(3_000_000_000L, config.deadPeerNs());
        assertEquals(10_000_000_000L, config.handshakeTimeoutNs());
        assertTrue(config.dials("c"));
        assertFalse(config.dials("a"));
        assertNotEquals(config.incarnation(), cluster.node("b").conclude().incarnation());
    }

    @Test
    void shouldRefuseFilesThatAreMissing()
    {
        final Path none = directory.resolve("none");
        final String cause = none + ": no such file; make the cluster's certificates first, or name the right file";
        assertRefused(cluster.node("b").keyStore(none), "key store " + cause);
        assertRefused(cluster.node("b").passwordFile(none), "password file " + cause);
        assertRefused(cluster.node("b").trust(none), "trust " + cause);
        assertRefused(cluster.node("b").keyStore(null), "key store: not set; name the file");
    }

    @Test
    void shouldRefuseAWrongPassword() throws IOException
    {
        final Path wrong = Files.writeString(directory.resolve("wrong"), "wrong\n");
        assertRefused(cluster.node("b").passwordFile(wrong),
            "the password in " + wrong + " does not open it; name the right one");
        final Path empty = Files.writeString(directory.resolve("empty"), "\n");
        assertRefused(cluster.node("b").passwordFile(empty), "has no first line");
    }

    @Test
    void shouldReadAPasswordThatEndsWithANewLine() throws IOException
    {
        final String password = Files.readString(cluster.certificates().passwordFile());
        final Path file = Files.writeString(directory.resolve("line"), password + "\r\nsecond line\n");
        assertEquals("b", cluster.node("b").passwordFile(file).conclude().node());
    }

    @Test
    void shouldRefuseWhatIsNoKeyStoreOrNoCertificate() throws IOException
    {
        final Path junk = Files.writeString(directory.resolve("junk"), "not a store");
        assertRefused(cluster.node("b").keyStore(junk), "key store " + junk + ": is not a PKCS #12 file");
        assertRefused(cluster.node("b").trust(junk), "trust " + junk + ": is not a PEM file of certificates");
        final Path empty = Files.writeString(directory.resolve("nothing"), "");
        assertRefused(cluster.node("b").trust(empty), "trust " + empty + ": ");
        final Path large = Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
        assertRefused(cluster.node("b").trust(large), "is larger than 1048576 bytes");
    }

    @Test
    void shouldRefuseAStoreWithoutAPrivateKey() throws Exception
    {
        final char[] password = Files.readString(cluster.certificates().passwordFile()).toCharArray();
        final KeyStore store = KeyFiles.trust(cluster.certificates().trust());
        final Path file = directory.resolve("anchors.p12");
        try (var out = Files.newOutputStream(file))
        {
            store.store(out, password);
        }
        assertRefused(cluster.node("b").keyStore(file), "holds no private key; name the node's own key store");
    }

    @Test
    void shouldRefuseAnExpiredCertificate()
    {
        assertRefused(cluster.node(TestCluster.EXPIRED), "the certificate of CN=old,O=Baton expired on ");
    }

    @Test
    void shouldRefuseACertificateForAnotherName()
    {
        assertRefused(cluster.node("b").keyStore(cluster.certificates().keyStore("a")),
            "its certificate is for [a], not for b; name this node's key store");
    }

    @Test
    void shouldRefuseACertificateOfAnotherAuthority()
    {
        assertRefused(cluster.node("a").trust(TestCluster.FOREIGN.certificates().trust()), "was not issued by the CA in ");
    }

    @Test
    void shouldRefuseFaultyPeersAndAddresses()
    {
        assertRefused(cluster.node("b").listen("10.0.0.1"), "listen: address '10.0.0.1' has no port");
        assertRefused(cluster.node("b").peer("b", UNUSED), "peer b: is this node");
        assertRefused(cluster.node("b").listen(null).peer("a", UNUSED), "peer a: dials this node");
        assertRefused(cluster.node("b").peer("c", "10.0.0.1:0"), "peer c: port 0 cannot be dialled");
        assertRefused(cluster.node("b").node(null), "node: 'null' is not a node name");
        assertThrows(IllegalArgumentException.class, () -> cluster.node("b").peer("a", UNUSED).peer("a", UNUSED));
        assertThrows(IllegalArgumentException.class, () -> cluster.node("b").peer("A", UNUSED));
        assertThrows(IllegalArgumentException.class, () -> cluster.node("b").peer("a", "nowhere"));
    }

    @Test
    void shouldRefuseTimesAndSizesThatCannotWork()
    {
        assertRefused(cluster.node("b").keepalive(1_000_000_000L, 1_000_000_000L), "dead-peer time: ");
        assertRefused(cluster.node("b").keepalive(0, 1_000_000_000L), "ping interval: 0");
        assertRefused(cluster.node("b").handshakeTimeout(-1), "handshake timeout: -1");
        assertRefused(cluster.node("b").backoff(2_000_000, 1_000_000), "greatest back-off: 1000000");
        assertRefused(cluster.node("b").queues(1 << 16, 1 << 18, 1), "inbound queue: 65536 bytes; use a power of two");
        assertRefused(cluster.node("b").queues(1 << 18, 200_000, 1), "outbound queue: 200000 bytes; use a power of two");
        assertRefused(cluster.node("b").queues(1 << 18, 1 << 18, 0), "outbound queue frames: 0");
        assertRefused(cluster.node("b").maxHandshakes(0), "handshakes at a time: 0");
    }
}
