package dev.baton.handoff.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Makes the single files of {@link ClusterCertificates}. A node's certificate costs one run of {@link Keytool}: the new
 * key pair is made in a copy of the CA's store, where its signer is at hand, and then moved to a store of its own
 * without the CA's key. The copy lives in a directory that only the owner can enter, and only as long as the run.
 */
final class CertificateFiles
{
    static final String CA = "ca";
    static final String STORE_SUFFIX = ".p12";
    static final String CA_PEM = "ca.pem";
    static final String PASSWORD = "password";

    private static final String WORK_PREFIX = ".make-";
    private static final String OWNER_ONLY = "rw-------";
    /** Clocks of a cluster may differ by so much. */
    private static final String START_DATE = "-1H";
    private static final int PASSWORD_BYTES = 24;

    private final Path directory;
    private final Path keytool;
    private char[] password;

    /**
     * @param directory of the files.
     * @param keytool   the executable; null: look for it when it is needed.
     */
    CertificateFiles(final Path directory, final Path keytool)
    {
        this.directory = directory;
        this.keytool = keytool;
    }

    /**
     * Make password and CA where they are missing.
     *
     * @return names of the files that were made.
     * @throws IOException when it fails, or when there is a CA that the password does not open: it is not thrown away.
     */
    List<String> makeAuthority() throws IOException
    {
        final List<String> made = new ArrayList<>();
        final Path store = directory.resolve(CA + STORE_SUFFIX);
        makePassword(store);
        if (!Files.exists(store) || expiresSoon(authority()))
        {
            final Path work = Files.createTempDirectory(directory, WORK_PREFIX);
            final Path fresh = work.resolve(CA);
            try
            {
                keytool().generate(fresh, CA, List.of(
                    "-validity", String.valueOf(ClusterCertificates.VALIDITY_DAYS), "-startdate", START_DATE,
                    "-ext", "bc:critical=ca:true,pathlen:0", "-ext", "ku:critical=keyCertSign,cRLSign"));
                publish(fresh, store, OWNER_ONLY);
            }
            finally
            {
                Files.deleteIfExists(fresh);
                Files.delete(work);
            }
            made.add(CA + STORE_SUFFIX);
        }
        final byte[] pem = pem(authority());
        final Path exported = directory.resolve(CA_PEM);
        if (!Files.exists(exported) || !Arrays.equals(pem, Files.readAllBytes(exported)))
        {
            write(exported, pem, "rw-r--r--");
            made.add(CA_PEM);
        }
        return made;
    }

    private void makePassword(final Path store) throws IOException
    {
        final Path file = directory.resolve(PASSWORD);
        if (!Files.exists(file))
        {
            if (Files.exists(store))
            {
                throw new IOException("certificates: " + store + " is there, but " + file +
                    ", which opens it, is not; put it back, or remove " + directory);
            }
            final byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            write(file, Base64.getUrlEncoder().withoutPadding().encode(random), OWNER_ONLY);
        }
        password = KeyFiles.password(file);
    }

    private X509Certificate authority() throws IOException
    {
        final Path store = directory.resolve(CA + STORE_SUFFIX);
        try
        {
            final X509Certificate certificate = (X509Certificate)load(store).getCertificate(CA);
            if (certificate == null)
            {
                throw new IOException("it has no entry " + CA);
            }
            return certificate;
        }
        catch (final IOException | GeneralSecurityException ex)
        {
            throw new IOException("certificates: " + store + " cannot be used: " + ex.getMessage() +
                "; put the right files back, or remove " + directory, ex);
        }
    }

    private static byte[] pem(final X509Certificate certificate) throws IOException
    {
        try
        {
            final String body = Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(certificate.getEncoded());
            return ("-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n")
                .getBytes(StandardCharsets.US_ASCII);
        }
        catch (final CertificateEncodingException ex)
        {
            throw new IOException("certificates: the CA's certificate cannot be written as PEM", ex);
        }
    }

    private static boolean expiresSoon(final X509Certificate certificate)
    {
        final Instant limit = Instant.now().plus(Duration.ofDays(ClusterCertificates.RENEW_DAYS));
        return certificate.getNotAfter().toInstant().isBefore(limit);
    }

    /**
     * Make a node's store when it is missing or no longer good. Several nodes may be made at a time.
     *
     * @param node its name.
     * @return names of the files that were made.
     * @throws IOException when it fails.
     */
    List<String> makeNode(final String node) throws IOException
    {
        return makeNode(node, node, START_DATE);
    }

    /**
     * The same, with the certificate's name and begin apart from the node's.
     *
     * @param node      name of the store.
     * @param dnsName   name in the certificate.
     * @param startDate begin of its validity, as keytool writes it.
     * @return names of the files that were made.
     * @throws IOException when it fails.
     */
    List<String> makeNode(final String node, final String dnsName, final String startDate) throws IOException
    {
        final Path store = directory.resolve(node + STORE_SUFFIX);
        if (Files.exists(store) && isGood(store, dnsName))
        {
            return List.of();
        }
        final Path work = Files.createTempDirectory(directory, WORK_PREFIX);
        final Path both = work.resolve(node);
        try
        {
            Files.copy(directory.resolve(CA + STORE_SUFFIX), both);
            keytool().generate(both, node, List.of(
                "-signer", CA, "-signerkeypass:file", directory.resolve(PASSWORD).toString(),
                "-validity", String.valueOf(ClusterCertificates.VALIDITY_DAYS), "-startdate", startDate,
                "-ext", "san=dns:" + dnsName, "-ext", "bc=ca:false", "-ext", "ku:critical=digitalSignature",
                "-ext", "eku=serverAuth,clientAuth"));
            write(store, alone(both, node), OWNER_ONLY);
            return List.of(node + STORE_SUFFIX);
        }
        finally
        {
            Files.deleteIfExists(both);
            Files.delete(work);
        }
    }

    private byte[] alone(final Path both, final String node) throws IOException
    {
        try
        {
            final KeyStore from = load(both);
            final KeyStore own = KeyFiles.empty();
            own.setKeyEntry(node, from.getKey(node, password), password, from.getCertificateChain(node));
            final ByteArrayOutputStream out = new ByteArrayOutputStream();
            own.store(out, password);
            return out.toByteArray();
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IOException("certificates: the key of " + node + " cannot be stored: " + ex.getMessage(), ex);
        }
    }

    private boolean isGood(final Path store, final String name) throws IOException
    {
        final X509Certificate authority = authority();
        try
        {
            final KeyStore loaded = load(store);
            final X509Certificate certificate = (X509Certificate)loaded.getCertificate(loaded.aliases().nextElement());
            certificate.verify(authority.getPublicKey());
            return !expiresSoon(certificate) && KeyFiles.dnsNames(certificate).contains(name);
        }
        catch (final IOException | GeneralSecurityException | NoSuchElementException ex)
        {
            return false;
        }
    }

    private KeyStore load(final Path store) throws IOException, GeneralSecurityException
    {
        final KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store))
        {
            loaded.load(in, password);
        }
        return loaded;
    }

    private Keytool keytool() throws IOException
    {
        return new Keytool(keytool == null ? Keytool.find() : keytool, directory.resolve(PASSWORD));
    }

    private void write(final Path file, final byte[] bytes, final String mode) throws IOException
    {
        final Path fresh = Files.createTempFile(directory, WORK_PREFIX, ".tmp");
        try
        {
            Files.write(fresh, bytes);
            publish(fresh, file, mode);
        }
        finally
        {
            Files.deleteIfExists(fresh);
        }
    }

    private static void publish(final Path fresh, final Path file, final String mode) throws IOException
    {
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
