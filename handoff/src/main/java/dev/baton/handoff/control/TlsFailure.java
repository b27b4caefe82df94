package dev.baton.handoff.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/**
 * Puts into words why a connection failed, as cause and mend: the exceptions of the TLS implementation are written for
 * its programmers.
 */
final class TlsFailure
{
    private static final int MAX_CAUSES = 16;

    private TlsFailure()
    {
    }

    /**
     * Say why.
     *
     * @param ex what the attempt threw.
     * @return cause and mend in one line.
     */
    static String explain(final IOException ex)
    {
        final String message = String.valueOf(ex.getMessage());
        if (ex instanceof RefusedException || ex instanceof ControlProtocolException)
        {
            return message;
        }
        if (ex instanceof SocketTimeoutException)
        {
            return "it does not answer; see that it runs and that the network lets it through";
        }
        if (ex instanceof ConnectException)
        {
            return message + "; see that it runs and that its address is right";
        }
        if (ex instanceof SocketException)
        {
            return "it cut the connection (" + message + "); its own log says why";
        }
        if (message.contains("unrecognized SSL message"))
        {
            return "what it sends is not TLS; see what it is that connects to this port";
        }
        if (message.contains("Received fatal alert"))
        {
            return "it refused this node's TLS or certificate (" + message + "); its own log says why";
        }
        final String certificate = certificate(ex);
        return certificate == null ? message : certificate;
    }

    private static String certificate(final IOException ex)
    {
        Throwable at = ex;
        String found = null;
        for (int i = 0; at != null && i < MAX_CAUSES; i++)
        {
            if (at instanceof CertificateExpiredException)
            {
                return "its certificate has expired; make it a new one";
            }
            if (at instanceof CertificateNotYetValidException)
            {
                return "its certificate is not valid yet; set the clocks of both machines";
            }
            if (at instanceof CertPathBuilderException || at instanceof CertPathValidatorException)
            {
                found = "its certificate was not issued by this cluster's CA; give it one that was";
            }
            at = at.getCause();
        }
        return found;
    }
}
