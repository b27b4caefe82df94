package dev.baton.handoff.control;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes connections of peers that dial this node. Each is authenticated by a thread of its own, which then reads it;
 * how many may be under way is limited, so that strangers cost little. What becomes no channel is closed, counted and
 * said in one line.
 */
final class Acceptor implements Runnable
{
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ControlRuntime runtime;
    private final ConnectionOpener opener;
    private final ServerSocket server;
    private final AtomicInteger handshakes = new AtomicInteger();
    private int accepted;

    Acceptor(final ControlRuntime runtime, final ConnectionOpener opener, final ServerSocket server)
    {
        this.runtime = runtime;
        this.opener = opener;
        this.server = server;
    }

    @Override
    public void run()
    {
        while (!runtime.isClosing())
        {
            try
            {
                onAccept(server.accept());
            }
            catch (final IOException ex)
            {
                if (!runtime.isClosing())
                {
                    runtime.log().line("control: accepting at " + server.getLocalSocketAddress() + " failed: " +
                        ex.getMessage() + "; trying again");
                    runtime.pause(PAUSE_NS);
                }
            }
        }
    }

    private void onAccept(final Socket socket) throws IOException
    {
        runtime.own(socket);
        if (handshakes.incrementAndGet() > runtime.config().maxHandshakes())
        {
            handshakes.decrementAndGet();
            refuse(socket, runtime.config().maxHandshakes() +
                " connections are being authenticated already; it may try again");
            runtime.release(socket);
            return;
        }
        runtime.spawn("accept-" + ++accepted, () -> serve(socket));
    }

    private void serve(final Socket socket)
    {
        try
        {
            final ControlConnection connection = authenticate(socket);
            if (connection != null)
            {
                connection.run();
            }
        }
        finally
        {
            runtime.release(socket);
        }
    }

    private ControlConnection authenticate(final Socket socket)
    {
        try
        {
            return opener.accepted(socket);
        }
        catch (final IOException ex)
        {
            if (!runtime.isClosing())
            {
                refuse(socket, TlsFailure.explain(ex));
            }
            return null;
        }
        finally
        {
            handshakes.decrementAndGet();
        }
    }

    private void refuse(final Socket socket, final String reason)
    {
        runtime.refused.incrementAndGet();
        runtime.log().line("control: refused " + socket.getRemoteSocketAddress() + ": " + reason);
    }
}
