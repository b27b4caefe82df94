package dev.baton.tools.lab;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.host.ProcessRunner;
import dev.baton.tools.host.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A cluster's authority and its nodes' certificates, made with keytool:
 * <pre>
 * ca/ca.p12      the authority's key: only who adds nodes needs it
 * ca.pem         its certificate: what every node trusts
 * NODE.p12       a node's key and chain; the node's name is its subject's CN and the DNS name in its SAN
 * password       of all of them
 * </pre>
 * Keys are P-256, certificates are good for server and client and for 30 days.
 */
public final class LabCertificates
{
    private static final String ALGORITHM = "EC";
    private static final String AUTHORITY = "ca";
    private static final String NODE = "node";

    private final Path directory;
    private final Path authority;
    private final Path password;
    private final Map<String, String> environment;

    /**
     * Certificates in a directory.
     *
     * @param directory that is, or will be made.
     */
    public LabCertificates(final Path directory)
    {
        this(directory, Map.of());
    }

    LabCertificates(final Path directory, final Map<String, String> environment)
    {
        this.environment = environment;
        this.directory = directory;
        this.authority = directory.resolve("ca").resolve("ca.p12");
        this.password = directory.resolve("password");
    }

    /**
     * Make an authority, and a certificate for each node. Files that are already there are replaced.
     *
     * @param nodes their names.
     * @throws CliError when keytool fails or the directory cannot be written.
     */
    public void make(final List<String> nodes)
    {
        try
        {
            Files.createDirectories(directory);
            Files.createDirectories(authority.getParent());
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            Files.setPosixFilePermissions(authority.getParent(), PosixFilePermissions.fromString("rwx------"));
            Files.deleteIfExists(authority);
            writePassword();
            keytool(authority, "-alias", AUTHORITY, "-dname", "CN=baton-lab-ca", "-ext", "bc:critical=ca:true,pathlen:0",
                "-ext", "ku:critical=keyCertSign,cRLSign");
            // keytool signs within one key store, so each node gets its own copy of the authority's; they run side by side.
            final List<CompletableFuture<Void>> running = new ArrayList<>();
            for (final String node : nodes)
            {
                running.add(CompletableFuture.runAsync(() -> makeNode(node)));
            }
            running.forEach(CompletableFuture::join);
            writePem();
        }
        catch (final CompletionException ex)
        {
            throw ex.getCause() instanceof CliError known ? known : failed(ex);
        }
        catch (final IOException | GeneralSecurityException ex)
        {
            throw failed(ex);
        }
    }

    /**
     * A node's key store.
     *
     * @param node its name.
     * @return PKCS 12.
     */
    public Path keyStore(final String node)
    {
        return directory.resolve(node + ".p12");
    }

    /**
     * What all nodes trust.
     *
     * @return the authority's certificate, PEM.
     */
    public Path trustStore()
    {
        return directory.resolve("ca.pem");
    }

    /**
     * File with the password of all key stores.
     *
     * @return one line.
     */
    public Path passwordFile()
    {
        return password;
    }

    private void makeNode(final String node)
    {
        final Path work = authority.resolveSibling(node + ".p12");
        try
        {
            Files.deleteIfExists(work);
            Files.copy(authority, work);
            keytool(work, "-alias", NODE, "-signer", AUTHORITY, "-dname", "CN=" + node, "-ext", "san=dns:" + node,
                "-ext", "ku:critical=digitalSignature", "-ext", "eku=serverAuth,clientAuth");
            final char[] secret = secret();
            final KeyStore both = load(work, secret);
            final KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, secret);
            own.setKeyEntry(NODE, both.getKey(NODE, secret), secret, both.getCertificateChain(NODE));
            try (OutputStream out = create(keyStore(node)))
            {
                own.store(out, secret);
            }
            Files.delete(work);
        }
        catch (final IOException | GeneralSecurityException ex)
        {
            throw failed(ex);
        }
    }

    private void writePassword() throws IOException
    {
        final byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        try (OutputStream out = create(password))
        {
            out.write((HexFormat.of().formatHex(random) + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private char[] secret() throws IOException
    {
        return Files.readString(password).strip().toCharArray();
    }

    private void writePem() throws IOException, GeneralSecurityException
    {
        final Certificate certificate = load(authority, secret()).getCertificate(AUTHORITY);
        final String body = Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(certificate.getEncoded());
        Files.writeString(trustStore(), "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    }

    private static KeyStore load(final Path file, final char[] secret) throws IOException, GeneralSecurityException
    {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file))
        {
            store.load(in, secret);
        }
        return store;
    }

    /** A new file that only its owner can read, from its first byte on. */
    private static OutputStream create(final Path file) throws IOException
    {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.newOutputStream(file);
    }

    private void keytool(final Path store, final String... arguments)
    {
        final List<String> command = new ArrayList<>(List.of(Programs.require("keytool"),
            "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Xshare:auto",
            "-genkeypair", "-keyalg", ALGORITHM, "-groupname", "secp256r1", "-validity", "30", "-startdate", "-1d",
            "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass:file", password.toString()));
        command.addAll(List.of(arguments));
        final ProcessRunner.Result result = ProcessRunner.run(command, "", environment);
        if (result.exitCode() != 0)
        {
            throw new CliError(ExitCodes.INTERNAL, "certificate in " + store, "keytool: " + result.firstLine(),
                "check the Java installation");
        }
    }

    private CliError failed(final Exception ex)
    {
        return new CliError(ExitCodes.INTERNAL, "certificates in " + directory, "cannot be made: " + ex,
            "check space and rights of the directory", ex);
    }
}
