package dev.baton.tests.socket;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.sim.SimHost;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.socket.Sockets;
import dev.baton.stack.socket.StackSockets;
import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Two of our stacks over a simulated link, in virtual time. */
final class StackTransport implements SocketTransport
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final IpAddress CLIENT_4 = IpAddress.parse("10.0.0.1");
    private static final IpAddress SERVER_4 = IpAddress.parse("10.0.0.2");
    private static final IpAddress CLIENT_6 = IpAddress.parse("fd00::1");
    private static final IpAddress SERVER_6 = IpAddress.parse("fd00::2");

    private final List<SimLink> links = new ArrayList<>();
    private final SimWorld world = new SimWorld(11, SECOND_NS);
    private final StackSockets client = host("client", 1, CLIENT_4, CLIENT_6);
    private final StackSockets server = host("server", 2, SERVER_4, SERVER_6);

    private StackSockets host(final String name, final long seed, final IpAddress v4, final IpAddress v6)
    {
        final SimHost host = world.host(name);
        final SimLink link = host.link(v4, v6);
        links.add(link);
        final NetStack stack = new NetStack(new StackContext().seed(seed).poolBytes(64 << 20).address(v4).address(v6)
            .errorHandler((error) ->
            {
                throw new AssertionError(error);
            }).conclude(), link);
        host.start(stack);
        return new StackSockets(stack, world::nowNs);
    }

    /** From now on nothing gets from one end to the other. */
    void cut()
    {
        world.network().path(links.get(0), links.get(1)).partition(true);
        world.network().path(links.get(1), links.get(0)).partition(true);
    }

    @Override
    public Sockets client()
    {
        return client;
    }

    @Override
    public Sockets server()
    {
        return server;
    }

    @Override
    public IpAddress clientAddress(final boolean v4)
    {
        return v4 ? CLIENT_4 : CLIENT_6;
    }

    @Override
    public IpAddress serverAddress(final boolean v4)
    {
        return v4 ? SERVER_4 : SERVER_6;
    }

    @Override
    public boolean isKernel()
    {
        return false;
    }

    @Override
    public boolean until(final BooleanSupplier condition)
    {
        // In steps, since a condition may itself cause what is to happen next.
        for (int i = 0; i < 5000 && !condition.getAsBoolean(); i++)
        {
            pass(1);
        }
        return condition.getAsBoolean();
    }

    @Override
    public void pass(final int milliseconds)
    {
        world.run(world.nowNs() + milliseconds * (SECOND_NS / 1000));
    }

    @Override
    public void close()
    {
        world.checkPoolBalance();
    }
}
