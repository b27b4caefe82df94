package dev.baton.handoff.control;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The certificates of a cluster, in one directory: a CA, and for each node a key with a certificate for its name. EC
 * P-256, valid for {@link #VALIDITY_DAYS} days.
 * <pre>
 *   password    password of every key store here, mode 0600
 *   ca.p12      key and certificate of the CA, mode 0600; nodes do not need it
 *   ca.pem      certificate of the CA: what every node trusts
 *   NODE.p12    key of a node and its chain, mode 0600
 * </pre>
 * Making them again changes nothing that is still good: a node's file is made anew when it is missing, cannot be read,
 * is about to expire, or does not fit the CA; the CA when it is missing or about to expire. Each file is written beside
 * its place and renamed. A lock file keeps two makers apart.
 * <p>
 * Immutable; any thread.
 */
public final class ClusterCertificates
{
    /** How long a certificate is valid. */
    public static final int VALIDITY_DAYS = 825;
    /** Certificates that expire sooner are made anew. */
    public static final int RENEW_DAYS = 30;
    /** Most nodes of a cluster. */
    public static final int MAX_NODES = ControlConfig.MAX_PEERS + 1;

    private static final int PARALLEL_RUNS = 2;

    private final Path directory;
    private final List<String> made;

    private ClusterCertificates(final Path directory, final List<String> made)
    {
        this.directory = directory;
        this.made = made;
    }

    /**
     * Make what is missing.
     *
     * @param directory where; made when it is missing, mode 0700.
     * @param nodes     names of the nodes.
     * @return where everything is.
     * @throws IllegalArgumentException when a name is none, or is {@code ca}.
     * @throws IOException              when keytool is missing or fails, or a file cannot be written; what was good is
     *                                  still there.
     */
    public static ClusterCertificates create(final Path directory, final List<String> nodes) throws IOException
    {
        return create(directory, nodes, null);
    }

    static synchronized ClusterCertificates create(
        final Path directory, final List<String> nodes, final Path keytool) throws IOException
    {
        if (nodes.size() > MAX_NODES)
        {
            throw new IllegalArgumentException(
                "certificates: " + nodes.size() + " nodes, but at most " + MAX_NODES + " can be; name fewer");
        }
        for (final String node : nodes)
        {
            NodeName.check("certificates", node);
            if (CertificateFiles.CA.equals(node))
            {
                throw new IllegalArgumentException(
                    "certificates: a node cannot be called ca, since the CA's files are; choose another name");
            }
        }
        Files.createDirectories(
            directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        final FileChannel channel = FileChannel.open(
            directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        final FileLock lock = channel.lock();
        try
        {
            final CertificateFiles files = new CertificateFiles(directory, keytool);
            final List<String> made = new ArrayList<>(files.makeAuthority());
            made.addAll(makeNodes(files, nodes));
            return new ClusterCertificates(directory, List.copyOf(made));
        }
        finally
        {
            lock.release();
            channel.close();
        }
    }

    private static List<String> makeNodes(final CertificateFiles files, final List<String> nodes) throws IOException
    {
        final List<String> made = new ArrayList<>();
        final ExecutorService pool = Executors.newFixedThreadPool(PARALLEL_RUNS);
        try
        {
            final List<Future<List<String>>> results = new ArrayList<>();
            for (final String node : new TreeSet<>(nodes))
            {
                results.add(pool.submit(() -> files.makeNode(node)));
            }
            for (final Future<List<String>> result : results)
            {
                made.addAll(result.get());
            }
            return made;
        }
        catch (final ExecutionException ex)
        {
            throw new IOException(ex.getCause().getMessage(), ex.getCause());
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("certificates: the making was interrupted; make them again", ex);
        }
        finally
        {
            pool.shutdownNow();
        }
    }

    /**
     * What every node trusts.
     *
     * @return the CA's certificate, PEM.
     */
    public Path trust()
    {
        return directory.resolve(CertificateFiles.CA_PEM);
    }

    /**
     * What a node proves itself with.
     *
     * @param node its name.
     * @return its key store, PKCS #12.
     */
    public Path keyStore(final String node)
    {
        return directory.resolve(node + CertificateFiles.STORE_SUFFIX);
    }

    /**
     * What opens the key stores.
     *
     * @return a file whose first line is their password.
     */
    public Path passwordFile()
    {
        return directory.resolve(CertificateFiles.PASSWORD);
    }

    /**
     * Files that were made by this call; others were there and good.
     *
     * @return their names, in the order of making.
     */
    public List<String> made()
    {
        return made;
    }
}
