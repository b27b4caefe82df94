package dev.baton.handoff.control;

import org.agrona.concurrent.UnsafeBuffer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteOrder;

/**
 * The dialling side of a connection, played by a test byte for byte.
 */
final class RawPeer implements AutoCloseable
{
    private final SSLSocket socket;
    private final OutputStream out;
    private final FrameReader frames;

    RawPeer(final SSLContext context, final int port, final String... protocols) throws IOException
    {
        socket = (SSLSocket)context.getSocketFactory().createSocket("127.0.0.1", port);
        if (protocols.length > 0)
        {
            socket.setEnabledProtocols(protocols);
        }
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        out = socket.getOutputStream();
        frames = new FrameReader(socket.getInputStream());
    }

    /** Node a of the cluster, with Hellos exchanged. */
    static RawPeer helloFromA(final TestNode to, final long incarnation) throws IOException
    {
        final RawPeer peer = new RawPeer(TestCluster.OWN.context("a"), to.plane.localPort());
        peer.hello("a", incarnation, VersionRange.LOCAL);
        peer.frames.next();
        return peer;
    }

    /** Tries to connect and says nothing; whether TLS fails or the end comes after it depends on who is faster. */
    static boolean isTurnedAway(final SSLContext context, final int port)
    {
        try (RawPeer peer = new RawPeer(context, port))
        {
            return peer.isEnded();
        }
        catch (final IOException ex)
        {
            return true;
        }
    }

    void hello(final String node, final long incarnation, final VersionRange versions) throws IOException
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        frame(buffer, new Hello(node, incarnation, versions).encode(buffer, 0));
    }

    void message(final long id, final int length) throws IOException
    {
        frame(TestNode.message(id, length), length);
    }

    void frame(final UnsafeBuffer buffer, final int length) throws IOException
    {
        final byte[] bytes = new byte[4 + length];
        final UnsafeBuffer frame = new UnsafeBuffer(bytes);
        frame.putInt(0, length, ByteOrder.BIG_ENDIAN);
        frame.putBytes(4, buffer, 0, length);
        out.write(bytes);
    }

    void bytes(final int... values) throws IOException
    {
        final byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++)
        {
            bytes[i] = (byte)values[i];
        }
        out.write(bytes);
    }

    /** Reads frames to the end of the connection, however it ends. */
    boolean isEnded()
    {
        try
        {
            int length = frames.next();
            while (length >= 0)
            {
                length = frames.next();
            }
            return true;
        }
        catch (final SocketTimeoutException ex)
        {
            return false;
        }
        catch (final IOException ex)
        {
            return true;
        }
    }

    FrameReader frames()
    {
        return frames;
    }

    @Override
    public void close() throws IOException
    {
        socket.close();
    }
}
