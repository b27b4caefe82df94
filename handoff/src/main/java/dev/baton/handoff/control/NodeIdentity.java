package dev.baton.handoff.control;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;

/**
 * Who this node is and whom it believes: its private key, its certificate for its name, and the certificates of the
 * cluster's CA. Immutable; any thread.
 */
public final class NodeIdentity
{
    private final KeyManager[] keyManagers;
    private final TrustManager[] trustManagers;

    private NodeIdentity(final KeyManager[] keyManagers, final TrustManager[] trustManagers)
    {
        this.keyManagers = keyManagers;
        this.trustManagers = trustManagers;
    }

    /**
     * Read and check an identity: the key store opens, holds a private key whose certificate is valid now, carries the
     * node's name as a dNSName and was issued by the CA.
     *
     * @param node         the node's name.
     * @param keyStore     PKCS #12.
     * @param passwordFile whose first line is the key store's password.
     * @param trust        the CA's certificates as PEM.
     * @return the identity.
     * @throws IllegalArgumentException when something is wrong: the message names the thing, the cause and the mend in
     *                                  one line.
     */
    public static NodeIdentity load(final String node, final Path keyStore, final Path passwordFile, final Path trust)
    {
        final char[] password = KeyFiles.password(passwordFile);
        try
        {
            final KeyStore store = KeyFiles.keyStore(keyStore, password, passwordFile);
            final KeyStore own = KeyFiles.entryFor(node, store, password, keyStore);
            final KeyStore anchors = KeyFiles.trust(trust);
            final X509Certificate[] chain = KeyFiles.chain(own);
            KeyFiles.checkValidNow(chain, keyStore);
            KeyFiles.checkIssued(chain, anchors, keyStore, trust);
            final KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(own, password);
            final TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
            trusted.init(anchors);
            return new NodeIdentity(keys.getKeyManagers(), trusted.getTrustManagers());
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalArgumentException(
                "key store " + keyStore + ": cannot be used: " + ex.getMessage() + "; make the certificates anew", ex);
        }
        finally
        {
            Arrays.fill(password, '\0');
        }
    }

    /**
     * A TLS context for one connection. None is used twice, so no session is resumed and every connection proves its
     * identity afresh.
     *
     * @return the context.
     */
    SSLContext newContext()
    {
        try
        {
            final SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keyManagers, trustManagers, null);
            return context;
        }
        catch (final GeneralSecurityException ex)
        {
            throw new IllegalStateException("TLS 1.3: " + ex.getMessage() + "; use a JDK that has it", ex);
        }
    }
}
