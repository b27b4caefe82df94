package dev.baton.handoff.control;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ClusterCertificatesTest
{
    @TempDir
    Path directory;

    private static String mode(final Path file) throws IOException
    {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static List<String> names(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.map((file) -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static KeyStore load(final ClusterCertificates certificates, final String node) throws Exception
    {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificates.keyStore(node)))
        {
            store.load(in, Files.readString(certificates.passwordFile()).toCharArray());
        }
        return store;
    }

    @Test
    void shouldMakeWhatIsMissingAndLeaveWhatIsGood() throws Exception
    {
        final Path place = directory.resolve("pki");
        final ClusterCertificates first = ClusterCertificates.create(place, List.of("n1"));
        assertEquals(List.of("ca.p12", "ca.pem", "n1.p12"), first.made());
        assertEquals("rwx------", mode(place));
        assertEquals("rw-------", mode(first.passwordFile()));
        assertEquals("rw-------", mode(first.keyStore("n1")));
        assertEquals("rw-------", mode(place.resolve("ca.p12")));

        final FileTime before = Files.getLastModifiedTime(first.keyStore("n1"));
        Files.writeString(place.resolve("n2.p12"), "damaged");
        Files.delete(first.trust());
        final ClusterCertificates second = ClusterCertificates.create(place, List.of("n1", "n2"));
        assertEquals(List.of("ca.pem", "n2.p12"), second.made());
        assertEquals(before, Files.getLastModifiedTime(first.keyStore("n1")));
        assertEquals(List.of(), ClusterCertificates.create(place, List.of("n2", "n1")).made());
        assertEquals(List.of(".lock", "ca.p12", "ca.pem", "n1.p12", "n2.p12", "password"), names(place));

        final KeyStore store = load(second, "n2");
        assertEquals(List.of("n2"), Collections.list(store.aliases()));
        final X509Certificate certificate = (X509Certificate)store.getCertificateChain("n2")[0];
        assertEquals(2, store.getCertificateChain("n2").length);
        assertEquals("[n2]", KeyFiles.dnsNames(certificate).toString());
        assertEquals(256, ((ECPublicKey)certificate.getPublicKey()).getParams().getCurve().getField().getFieldSize());
        assertEquals(-1, certificate.getBasicConstraints());
        assertEquals(ClusterCertificates.VALIDITY_DAYS, Duration.between(
            certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant()).toDays());
        assertEquals("n2", new ControlConfigBuilder().node("n2").keyStore(second.keyStore("n2"))
            .passwordFile(second.passwordFile()).trust(second.trust()).conclude().node());
    }

    @Test
    void shouldMakeNodesAnewAfterTheAuthorityWasReplaced() throws Exception
    {
        final ClusterCertificates first = ClusterCertificates.create(directory, List.of("n1"));
        final byte[] before = Files.readAllBytes(first.trust());
        Files.delete(directory.resolve("ca.p12"));
        assertEquals(List.of("ca.p12", "ca.pem", "n1.p12"), ClusterCertificates.create(directory, List.of("n1")).made());
        assertTrue(!Arrays.equals(before, Files.readAllBytes(first.trust())));
    }

    @Test
    void shouldNotThrowAwayAnAuthorityThatItCannotOpen() throws Exception
    {
        ClusterCertificates.create(directory, List.of());
        final byte[] authority = Files.readAllBytes(directory.resolve("ca.p12"));
        final Path password = directory.resolve("password");
        Files.writeString(password, "another");
        IOException ex = assertThrows(IOException.class, () -> ClusterCertificates.create(directory, List.of("n1")));
        assertTrue(ex.getMessage().contains("put the right files back, or remove " + directory), ex.getMessage());
        Files.delete(password);
        ex = assertThrows(IOException.class, () -> ClusterCertificates.create(directory, List.of("n1")));
        assertTrue(ex.getMessage().contains(password + ", which opens it, is not; put it back"), ex.getMessage());
        assertTrue(Arrays.equals(authority, Files.readAllBytes(directory.resolve("ca.p12"))));
    }

    @Test
    void shouldSayWhatKeytoolSaidAndLeaveNothingHalfDone() throws IOException
    {
        final Path fake = directory.resolve("keytool");
        Files.writeString(fake, "#!/bin/sh\necho no such option >&2\nexit 3\n");
        Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwx------"));
        final Path place = directory.resolve("pki");
        final IOException ex =
            assertThrows(IOException.class, () -> ClusterCertificates.create(place, List.of("n1"), fake));
        assertEquals("keytool: the certificate of ca was not made by " + fake +
            ": exit code 3: no such option; see that it is the keytool of JDK 17 or later", ex.getMessage());
        assertEquals(List.of(".lock", "password"), names(place));
    }

    @Test
    void shouldSayThatKeytoolIsMissing()
    {
        final Path none = directory.resolve("none");
        final IOException ex = assertThrows(
            IOException.class, () -> ClusterCertificates.create(directory.resolve("pki"), List.of("n1"), none));
        assertTrue(ex.getMessage().contains("none"), ex.getMessage());
    }

    @Test
    void shouldRefuseNamesThatCannotBeNodes()
    {
        assertThrows(IllegalArgumentException.class, () -> ClusterCertificates.create(directory, List.of("ca")));
        assertThrows(IllegalArgumentException.class, () -> ClusterCertificates.create(directory, List.of("a,dns:b")));
        assertThrows(IllegalArgumentException.class,
            () -> ClusterCertificates.create(directory, Collections.nCopies(ClusterCertificates.MAX_NODES + 1, "a")));
    }
}
