package dev.baton.tests.socket;

import dev.baton.stack.socket.Sockets;
import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.kernel.KernelSockets;

import java.util.function.BooleanSupplier;

/** The kernel's sockets over loopback. */
final class KernelTransport implements SocketTransport
{
    private static final int TRIES = 5000;

    private final KernelSockets sockets = new KernelSockets();

    @Override
    public Sockets client()
    {
        return sockets;
    }

    @Override
    public Sockets server()
    {
        return sockets;
    }

    @Override
    public IpAddress clientAddress(final boolean v4)
    {
        return serverAddress(v4);
    }

    @Override
    public IpAddress serverAddress(final boolean v4)
    {
        return IpAddress.parse(v4 ? "127.0.0.1" : "::1");
    }

    @Override
    public boolean isKernel()
    {
        return true;
    }

    @Override
    public boolean until(final BooleanSupplier condition)
    {
        for (int i = 0; i < TRIES; i++)
        {
            if (condition.getAsBoolean())
            {
                return true;
            }
            pass(1);
        }
        return condition.getAsBoolean();
    }

    /** The kernel waits for us: nothing is ever ready at no descriptor. */
    @Override
    public void pass(final int milliseconds)
    {
        sockets.poll(-1, 0, milliseconds);
    }

    @Override
    public void close()
    {
        sockets.close();
    }
}
