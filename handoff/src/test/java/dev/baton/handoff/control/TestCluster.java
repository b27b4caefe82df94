package dev.baton.handoff.control;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Certificates for tests, made once for all test classes of the JVM: one cluster with its nodes, and a foreign one.
 */
final class TestCluster
{
    /** The cluster: nodes a, b and c are configured as peers where a test says so, mallory nowhere. */
    static final TestCluster OWN = new TestCluster("a", "b", "c", "mallory");
    /** Another cluster whose nodes have the same names. */
    static final TestCluster FOREIGN = new TestCluster("a");

    /** A node of each cluster whose certificate has expired. */
    static final String EXPIRED = "old";
    /** Key store of each cluster whose certificate is for b and c. */
    static final String TWIN = "twin";

    private final Path directory;
    private final ClusterCertificates certificates;

    private TestCluster(final String... nodes)
    {
        try
        {
            directory = Files.createTempDirectory("baton-certificates-");
            Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
            certificates = ClusterCertificates.create(directory, List.of(nodes));
            final CertificateFiles files = new CertificateFiles(directory, null);
            files.makeAuthority();
            files.makeNode(EXPIRED, EXPIRED, "-900d");
            files.makeNode(TWIN, "b,dns:c", "-1H");
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    ClusterCertificates certificates()
    {
        return certificates;
    }

    /** A node of this cluster on loopback, with times for tests. */
    ControlConfigBuilder node(final String name)
    {
        return new ControlConfigBuilder()
            .node(name)
            .listen("127.0.0.1:0")
            .keyStore(certificates.keyStore(name))
            .passwordFile(certificates.passwordFile())
            .trust(certificates.trust())
            .backoff(TimeUnit.MILLISECONDS.toNanos(5), TimeUnit.MILLISECONDS.toNanos(50));
    }

    /** A context made without any of the code that is tested. */
    SSLContext context(final String node)
    {
        try (InputStream in = Files.newInputStream(certificates.keyStore(node)))
        {
            final char[] password = Files.readString(certificates.passwordFile()).toCharArray();
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            final KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            anchors.setCertificateEntry("own", OWN.authority());
            final TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(anchors);
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
            return context;
        }
        catch (final IOException | GeneralSecurityException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private Certificate authority() throws IOException, GeneralSecurityException
    {
        try (InputStream in = Files.newInputStream(certificates.trust()))
        {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private void remove()
    {
        removeTree(directory);
    }

    static void removeTree(final Path directory)
    {
        try (Stream<Path> files = Files.walk(directory))
        {
            files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException(ex);
        }
    }
}
