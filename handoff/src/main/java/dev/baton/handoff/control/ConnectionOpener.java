package dev.baton.handoff.control;

import org.agrona.concurrent.UnsafeBuffer;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteOrder;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Turns a TCP connection into a channel to a known peer, or refuses it. In this order: TLS 1.3 with certificates of the
 * cluster's CA on both sides; the certificate names a configured peer; Hellos both ways; the Hello's name is one of the
 * certificate; the connection has the right direction; the versions fit. All of it within the handshake timeout,
 * however slowly bytes drip in.
 */
final class ConnectionOpener
{
    private static final String[] PROTOCOLS = {"TLSv1.3"};
    private static final int MAX_HELLO_BYTES = 512;

    private final ControlRuntime runtime;
    private final ControlConfig config;
    private final Map<String, ControlPeer> peers;

    ConnectionOpener(final ControlRuntime runtime, final Map<String, ControlPeer> peers)
    {
        this.runtime = runtime;
        this.config = runtime.config();
        this.peers = peers;
    }

    /**
     * Open a connection that this node has dialled.
     *
     * @param peer   who has to be at the other end.
     * @param socket connected.
     * @return the connection.
     * @throws IOException when it is somebody else, or anything fails.
     */
    ControlConnection dialled(final ControlPeer peer, final Socket socket) throws IOException
    {
        return inTime(socket, () ->
        {
            final SSLSocket tls = secure(socket, true);
            final Set<String> names = names(tls);
            if (!names.contains(peer.name()))
            {
                peer.counters().refused.incrementAndGet();
                throw new RefusedException("its certificate is for " + names + ", not for " + peer.name() +
                    "; correct the peer's address, or give it its own certificate", null);
            }
            return greet(peer, socket, tls, names);
        });
    }

    /**
     * Open a connection that came in.
     *
     * @param socket connected.
     * @return the connection.
     * @throws IOException when it is not from a configured peer that has to dial this node, or anything fails.
     */
    ControlConnection accepted(final Socket socket) throws IOException
    {
        return inTime(socket, () ->
        {
            final SSLSocket tls = secure(socket, false);
            final Set<String> names = names(tls);
            final ControlPeer peer = firstPeer(names);
            if (peer == null)
            {
                throw new RefusedException("its certificate is for " + names +
                    ", none of which is a peer of this node; add it to the peers if it belongs there", null);
            }
            return greet(peer, socket, tls, names);
        });
    }

    private ControlPeer firstPeer(final Set<String> names)
    {
        for (final String name : names)
        {
            final ControlPeer peer = peers.get(name);
            if (peer != null)
            {
                return peer;
            }
        }
        return null;
    }

    private ControlConnection greet(
        final ControlPeer expected, final Socket socket, final SSLSocket tls, final Set<String> names) throws IOException
    {
        final FrameReader frames = new FrameReader(tls.getInputStream());
        final OutputStream out = tls.getOutputStream();
        try
        {
            sendHello(out);
            final int length = frames.next();
            if (length < 0)
            {
                throw new RefusedException("it closed the connection before its Hello; its own log says why", null);
            }
            final Hello hello = Hello.decode(frames.buffer(), length);
            final ControlPeer peer = checkHello(expected, hello, names, tls.getUseClientMode());
            return new ControlConnection(runtime, peer, socket, frames, out, hello);
        }
        catch (final ControlProtocolException ex)
        {
            expected.counters().protocolErrors.incrementAndGet();
            throw ex;
        }
    }

    private ControlPeer checkHello(
        final ControlPeer expected, final Hello hello, final Set<String> names, final boolean dialled) throws IOException
    {
        final ControlPeer peer = peers.get(hello.node());
        if (!names.contains(hello.node()) || peer == null || dialled && peer != expected)
        {
            throw new ControlProtocolException(
                "Hello says " + hello.node() + " on a connection of " + expected.name() +
                ", whose certificate is for " + names);
        }
        if (config.dials(peer.name()) != dialled)
        {
            peer.counters().refused.incrementAndGet();
            throw new RefusedException(peer.name() + " dialled, but " + config.node() +
                " is the smaller name and dials it; see that the two are configured as who they are", null);
        }
        if (!VersionRange.LOCAL.meets(hello.versions()))
        {
            throw new ControlProtocolException(peer.name() + " reads " + hello.versions() +
                " of the control schema, this node " + VersionRange.LOCAL + "; upgrade the older one");
        }
        return peer;
    }

    private void sendHello(final OutputStream out) throws IOException
    {
        final byte[] bytes = new byte[MAX_HELLO_BYTES];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        final int length = new Hello(config.node(), config.incarnation(), VersionRange.LOCAL)
            .encode(buffer, FrameReader.LENGTH_BYTES);
        buffer.putInt(0, length, ByteOrder.BIG_ENDIAN);
        out.write(bytes, 0, FrameReader.LENGTH_BYTES + length);
    }

    private SSLSocket secure(final Socket socket, final boolean client) throws IOException
    {
        socket.setTcpNoDelay(true);
        final SSLSocket tls = (SSLSocket)config.identity().newContext().getSocketFactory().createSocket(
            socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        tls.setUseClientMode(client);
        final SSLParameters parameters = tls.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setNeedClientAuth(true);
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    private static Set<String> names(final SSLSocket tls) throws IOException
    {
        return KeyFiles.dnsNames((X509Certificate)tls.getSession().getPeerCertificates()[0]);
    }

    private ControlConnection inTime(final Socket socket, final Opening opening) throws IOException
    {
        final Deadline deadline = new Deadline(() -> runtime.release(socket));
        final Future<?> timer = runtime.schedule(deadline, config.handshakeTimeoutNs());
        try
        {
            final ControlConnection connection = opening.open();
            if (!deadline.meet())
            {
                throw late(null);
            }
            return connection;
        }
        catch (final IOException ex)
        {
            throw deadline.meet() ? ex : late(ex);
        }
        finally
        {
            timer.cancel(false);
        }
    }

    private RefusedException late(final IOException ex)
    {
        return new RefusedException("TLS and Hello took more than " +
            TimeUnit.NANOSECONDS.toMillis(config.handshakeTimeoutNs()) + " ms; see what it is, and how the network does", ex);
    }

    /** What has to be done in time. */
    private interface Opening
    {
        ControlConnection open() throws IOException;
    }
}
