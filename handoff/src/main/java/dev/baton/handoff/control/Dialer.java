package dev.baton.handoff.control;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the channel to one peer up that this node dials. Its thread connects, authenticates, and then reads until the
 * connection ends; then it waits and begins again. A failure is said once, not at each attempt. Only a channel that
 * held longer than the longest wait brings the wait back to the shortest, so that two processes that fight for one name
 * do so slowly.
 */
final class Dialer implements Runnable
{
    private final ControlRuntime runtime;
    private final ConnectionOpener opener;
    private final ControlPeer peer;
    private final Endpoint endpoint;
    private final Backoff backoff;
    private String lastFailure = "";

    Dialer(final ControlRuntime runtime, final ConnectionOpener opener, final ControlPeer peer)
    {
        this.runtime = runtime;
        this.opener = opener;
        this.peer = peer;
        this.endpoint = runtime.config().peers().get(peer.name());
        this.backoff = new Backoff(runtime.config().backoffMinNs(), runtime.config().backoffMaxNs());
    }

    @Override
    public void run()
    {
        while (!runtime.isClosing())
        {
            final long startNs = System.nanoTime();
            if (attempt() && System.nanoTime() - startNs > runtime.config().backoffMaxNs())
            {
                backoff.reset();
            }
            runtime.pause(backoff.nextNs(ThreadLocalRandom.current().nextLong()));
        }
    }

    private boolean attempt()
    {
        final Socket socket = new Socket();
        try
        {
            runtime.own(socket);
            connect(socket);
            final ControlConnection connection = opener.dialled(peer, socket);
            lastFailure = "";
            connection.run();
            return true;
        }
        catch (final IOException ex)
        {
            onFailure(TlsFailure.explain(ex));
            return false;
        }
        catch (final RuntimeException ex)
        {
            onFailure(ex + "; report this");
            return false;
        }
        finally
        {
            runtime.release(socket);
        }
    }

    private void connect(final Socket socket) throws IOException
    {
        final InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
        if (address.isUnresolved())
        {
            throw new RefusedException("no address is known for its host; correct it", null);
        }
        socket.connect(address, (int)Math.max(1, TimeUnit.NANOSECONDS.toMillis(runtime.config().handshakeTimeoutNs())));
    }

    private void onFailure(final String failure)
    {
        if (runtime.isClosing())
        {
            return;
        }
        peer.counters().failures.incrementAndGet();
        if (!failure.equals(lastFailure))
        {
            lastFailure = failure;
            runtime.log().line("control: " + peer.name() + " at " + endpoint + " cannot be reached: " + failure);
        }
    }
}
