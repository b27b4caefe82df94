package dev.baton.handoff.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A network between two nodes that can go dumb: connections stay open, and nothing passes any more.
 */
final class Relay implements AutoCloseable
{
    private final ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final int target;
    private volatile int dumbBelow;
    private volatile int connections;

    Relay(final int target) throws IOException
    {
        this.target = target;
        start(this::accept);
    }

    String address()
    {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** All connections that exist now pass nothing from now on; later ones do. */
    void goDumb()
    {
        dumbBelow = connections;
    }

    private void accept()
    {
        try
        {
            while (!server.isClosed())
            {
                final Socket near = server.accept();
                final Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(near);
                sockets.add(far);
                final int number = connections++;
                start(() -> pump(number, near, far));
                start(() -> pump(number, far, near));
            }
        }
        catch (final IOException ex)
        {
            closeAll();
        }
    }

    private void pump(final int number, final Socket from, final Socket to)
    {
        final byte[] bytes = new byte[4096];
        try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream())
        {
            int count = in.read(bytes);
            while (count >= 0)
            {
                if (number >= dumbBelow)
                {
                    out.write(bytes, 0, count);
                }
                count = in.read(bytes);
            }
        }
        catch (final IOException ex)
        {
            closeAll(from, to);
        }
    }

    private static void start(final Runnable task)
    {
        final Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private void closeAll()
    {
        closeAll(sockets.toArray(new Socket[0]));
    }

    private static void closeAll(final Socket... sockets)
    {
        for (final Socket socket : sockets)
        {
            try
            {
                socket.close();
            }
            catch (final IOException ex)
            {
                throw new IllegalStateException(ex);
            }
        }
    }

    @Override
    public void close() throws IOException
    {
        server.close();
        closeAll();
    }
}
