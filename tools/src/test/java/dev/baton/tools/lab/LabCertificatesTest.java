package dev.baton.tools.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabCertificatesTest
{
    private static final Integer DNS_NAME = 2;

    @TempDir
    private Path directory;

    @Test
    void shouldMakeAnAuthorityAndACertificateForEachNode() throws Exception
    {
        final LabCertificates certificates = new LabCertificates(directory);
        certificates.make(List.of("front", "b1"));
        final X509Certificate authority = authority(certificates);
        assertTrue(authority.getBasicConstraints() >= 0);
        final char[] password = Files.readString(certificates.passwordFile()).strip().toCharArray();
        for (final String node : List.of("front", "b1"))
        {
            final KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(certificates.keyStore(node)))
            {
                store.load(in, password);
            }
            assertEquals(1, store.size(), "the authority's key must not be in a node's hands");
            final X509Certificate certificate = (X509Certificate)store.getCertificate("node");
            certificate.verify(authority.getPublicKey());
            certificate.checkValidity();
            assertEquals(List.of(DNS_NAME, node), certificate.getSubjectAlternativeNames().iterator().next());
            assertTrue(store.isKeyEntry("node"));
            assertEquals(2, store.getCertificateChain("node").length);
            assertEquals(-1, certificate.getBasicConstraints());
        }
    }

    @Test
    void shouldKeepSecretsFromOthers() throws Exception
    {
        final LabCertificates certificates = new LabCertificates(directory.resolve("new"));
        certificates.make(List.of("b1"));
        for (final Path secret : List.of(certificates.passwordFile(), certificates.keyStore("b1")))
        {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
        }
        final Path authority = directory.resolve("new/ca");
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(authority)));
        assertFalse(Files.exists(authority.resolve("b1.p12")));
    }

    private static X509Certificate authority(final LabCertificates certificates) throws Exception
    {
        try (InputStream in = Files.newInputStream(certificates.trustStore()))
        {
            return (X509Certificate)CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
