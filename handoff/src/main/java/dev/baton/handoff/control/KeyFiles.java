package dev.baton.handoff.control;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the files of a node's identity and checks them. Whatever is wrong comes as an {@link IllegalArgumentException}
 * of one line that names the file, the cause and the mend.
 */
final class KeyFiles
{
    /** Alias of the only entry of what {@link #entryFor} gives. */
    static final String ALIAS = "node";

    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final int SAN_DNS_NAME = 2;

    private KeyFiles()
    {
    }

    static char[] password(final Path file)
    {
        final byte[] bytes = read("password file", file);
        int length = 0;
        while (length < bytes.length && bytes[length] != '\n' && bytes[length] != '\r')
        {
            length++;
        }
        if (length == 0)
        {
            throw bad("password file", file, "has no first line", "write the key store's password to it", null);
        }
        final CharBuffer chars = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes, 0, length));
        final char[] password = Arrays.copyOfRange(chars.array(), 0, chars.limit());
        Arrays.fill(chars.array(), '\0');
        Arrays.fill(bytes, (byte)0);
        return password;
    }

    static KeyStore keyStore(final Path file, final char[] password, final Path passwordFile)
    {
        try (InputStream in = new ByteArrayInputStream(read("key store", file)))
        {
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            return store;
        }
        catch (final IOException ex)
        {
            if (ex.getCause() instanceof UnrecoverableKeyException)
            {
                throw bad("key store", file, "the password in " + passwordFile + " does not open it", "name the right one", ex);
            }
            throw bad("key store", file, "is not a PKCS #12 file", "make the certificates anew", ex);
        }
        catch (final GeneralSecurityException ex)
        {
            throw bad("key store", file, "cannot be read: " + ex.getMessage(), "make the certificates anew", ex);
        }
    }

    static KeyStore entryFor(final String node, final KeyStore store, final char[] password, final Path file)
        throws GeneralSecurityException
    {
        final Set<String> others = new TreeSet<>();
        final List<String> aliases = Collections.list(store.aliases());
        Collections.sort(aliases);
        boolean anyKey = false;
        for (final String alias : aliases)
        {
            if (store.isKeyEntry(alias))
            {
                anyKey = true;
                final Set<String> names = dnsNames((X509Certificate)store.getCertificate(alias));
                if (names.contains(node))
                {
                    return single(store, alias, password);
                }
                others.addAll(names);
            }
        }
        if (!anyKey)
        {
            throw bad("key store", file, "holds no private key",
                "name the node's own key store, not the CA's certificate", null);
        }
        throw bad("key store", file, "its certificate is for " + others + ", not for " + node,
            "name this node's key store, or set the node's name as in its certificate", null);
    }

    private static KeyStore single(final KeyStore store, final String alias, final char[] password)
        throws GeneralSecurityException
    {
        final KeyStore own = empty();
        own.setKeyEntry(ALIAS, store.getKey(alias, password), password, store.getCertificateChain(alias));
        return own;
    }

    static X509Certificate[] chain(final KeyStore own) throws GeneralSecurityException
    {
        final var chain = own.getCertificateChain(ALIAS);
        return Arrays.copyOf(chain, chain.length, X509Certificate[].class);
    }

    static KeyStore trust(final Path file)
    {
        try (InputStream in = new ByteArrayInputStream(read("trust", file)))
        {
            final KeyStore anchors = empty();
            int count = 0;
            for (final var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in))
            {
                anchors.setCertificateEntry("ca" + count++, certificate);
            }
            if (count == 0)
            {
                throw bad("trust", file, "holds no certificate", "name the CA's certificate as PEM", null);
            }
            return anchors;
        }
        catch (final IOException | GeneralSecurityException ex)
        {
            throw bad("trust", file, "is not a PEM file of certificates", "name the CA's certificate as PEM", ex);
        }
    }

    static void checkValidNow(final X509Certificate[] chain, final Path file)
    {
        for (final X509Certificate certificate : chain)
        {
            final String who = "the certificate of " + certificate.getSubjectX500Principal().getName();
            try
            {
                certificate.checkValidity();
            }
            catch (final CertificateExpiredException ex)
            {
                throw bad("key store", file, who + " expired on " + certificate.getNotAfter().toInstant(),
                    "make the certificates anew", ex);
            }
            catch (final CertificateNotYetValidException ex)
            {
                throw bad("key store", file, who + " is valid only from " + certificate.getNotBefore().toInstant(),
                    "set this machine's clock", ex);
            }
        }
    }

    static void checkIssued(final X509Certificate[] chain, final KeyStore anchors, final Path file, final Path trust)
        throws GeneralSecurityException
    {
        final List<X509Certificate> path = new ArrayList<>();
        for (final X509Certificate certificate : chain)
        {
            if (anchors.getCertificateAlias(certificate) == null)
            {
                path.add(certificate);
            }
        }
        final PKIXParameters parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        try
        {
            CertPathValidator.getInstance("PKIX").validate(
                CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        }
        catch (final CertPathValidatorException ex)
        {
            throw bad("key store", file, "its certificate was not issued by the CA in " + trust,
                "name key store and CA of one cluster", ex);
        }
    }

    /**
     * Names that a certificate is for.
     *
     * @param certificate to read.
     * @return its dNSNames; empty when it has none or they cannot be read.
     */
    static Set<String> dnsNames(final X509Certificate certificate)
    {
        final Set<String> names = new TreeSet<>();
        for (final List<?> name : subjectAlternativeNames(certificate))
        {
            if (name.get(0).equals(SAN_DNS_NAME))
            {
                names.add((String)name.get(1));
            }
        }
        return names;
    }

    private static Collection<List<?>> subjectAlternativeNames(final X509Certificate certificate)
    {
        try
        {
            final Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        }
        catch (final CertificateException ex)
        {
            return List.of();
        }
    }

    static KeyStore empty() throws GeneralSecurityException
    {
        try
        {
            final KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        }
        catch (final IOException ex)
        {
            throw new GeneralSecurityException("an empty PKCS #12 store cannot be made", ex);
        }
    }

    private static byte[] read(final String what, final Path file)
    {
        try
        {
            if (Files.size(file) > MAX_FILE_BYTES)
            {
                throw bad(what, file, "is larger than " + MAX_FILE_BYTES + " bytes", "name the right file", null);
            }
            return Files.readAllBytes(file);
        }
        catch (final NoSuchFileException ex)
        {
            throw bad(what, file, "no such file", "make the cluster's certificates first, or name the right file", ex);
        }
        catch (final IOException ex)
        {
            throw bad(what, file, "cannot be read: " + ex.getMessage(), "check its mode and owner", ex);
        }
    }

    private static IllegalArgumentException bad(
        final String what, final Path file, final String cause, final String mend, final Throwable ex)
    {
        return new IllegalArgumentException(what + " " + file + ": " + cause + "; " + mend, ex);
    }
}
