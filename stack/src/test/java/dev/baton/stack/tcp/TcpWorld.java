package dev.baton.stack.tcp;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.sim.SimHost;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimPath;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Two stacks over a simulated network, with the invariants checked after every poll. */
final class TcpWorld
{
    static final long SECOND_NS = 1_000_000_000L;
    static final int PORT = 80;
    static final IpAddress CLIENT_4 = IpAddress.parse("10.0.0.1");
    static final IpAddress SERVER_4 = IpAddress.parse("10.0.0.2");
    static final IpAddress CLIENT_6 = IpAddress.parse("fd00::1");
    static final IpAddress SERVER_6 = IpAddress.parse("fd00::2");

    final SimWorld world;
    final SimLink clientLink;
    final SimLink serverLink;
    final SimHost clientHost;
    final SimHost serverHost;
    final StackContext clientContext;
    final StackContext serverContext;
    NetStack client;
    NetStack server;
    private final List<StreamPeer> peers = new ArrayList<>();

    TcpWorld(final long seed)
    {
        this(seed, SECOND_NS);
    }

    TcpWorld(final long seed, final long startNs)
    {
        world = new SimWorld(seed, startNs);
        clientHost = world.host("client");
        serverHost = world.host("server");
        clientLink = clientHost.link(CLIENT_4, CLIENT_6);
        serverLink = serverHost.link(SERVER_4, SERVER_6);
        clientContext = context(seed * 2 + 1).address(CLIENT_4).address(CLIENT_6);
        serverContext = context(seed * 2 + 2).address(SERVER_4).address(SERVER_6);
    }

    private static StackContext context(final long seed)
    {
        return new StackContext().seed(seed).poolBytes(64 << 20).errorHandler((error) ->
        {
            if (error instanceof AssertionError assertion)
            {
                throw assertion;
            }
        });
    }

    TcpWorld offload()
    {
        clientLink.offload(65_535, true);
        serverLink.offload(65_535, true);
        return this;
    }

    TcpWorld mtu(final int bytes)
    {
        clientLink.mtu(bytes);
        serverLink.mtu(bytes);
        return this;
    }

    /** Buffers have their full size from the start: what is measured is not their growth. */
    TcpWorld fullBuffers()
    {
        for (final StackContext context : new StackContext[]{clientContext, serverContext})
        {
            context.initialSendBufferBytes(context.sendBufferBytes()).initialReceiveBufferBytes(context.receiveBufferBytes());
        }
        return this;
    }

    SimPath toServer()
    {
        return world.network().path(clientLink, serverLink);
    }

    SimPath toClient()
    {
        return world.network().path(serverLink, clientLink);
    }

    TcpWorld start()
    {
        client = new NetStack(clientContext.conclude(), clientLink);
        server = new NetStack(serverContext.conclude(), serverLink);
        clientHost.start(client);
        serverHost.start(server);
        final InvariantChecker clientChecker = new InvariantChecker(client);
        final InvariantChecker serverChecker = new InvariantChecker(server);
        world.observer((host, nowNs) -> (host == clientHost ? clientChecker : serverChecker).check());
        return this;
    }

    Listener listen(final StreamPeer peer)
    {
        peers.add(peer);
        return server.listen(IpAddress.ANY, PORT, peer);
    }

    TcpConnection connect(final StreamPeer peer)
    {
        return connect(peer, true);
    }

    TcpConnection connect(final StreamPeer peer, final boolean v4)
    {
        peers.add(peer);
        peer.connection = client.connect(
            IpAddress.ANY, 0, v4 ? SERVER_4 : SERVER_6, PORT, peer, world.nowNs());
        return peer.connection;
    }

    void run(final long ns)
    {
        world.run(world.nowNs() + ns);
    }

    /** Run until a condition holds, or fail. */
    void until(final String what, final long limitSeconds, final BooleanSupplier condition)
    {
        assertTrue(world.runUntil(condition, world.nowNs() + limitSeconds * SECOND_NS),
            () -> "not within " + limitSeconds + " s: " + what + "; seed " + world.seed() + describe());
    }

    private String describe()
    {
        final StringBuilder text = new StringBuilder();
        for (final StreamPeer peer : peers)
        {
            text.append("\n  sent ").append(peer.sent).append(" of ").append(peer.toSend).append(", received ")
                .append(peer.received).append(", end ").append(peer.endOfStream).append(", ").append(peer.events);
        }
        for (final NetStack stack : new NetStack[]{client, server})
        {
            stack.forEachConnection((tcb) -> text.append("\n  #").append(tcb.id)
                .append(' ').append(TcpState.name(tcb.state))
                .append(" una ").append(tcb.sndUna - tcb.iss).append(" nxt ").append(tcb.sndNxt - tcb.iss)
                .append(" wnd ").append(tcb.sndWnd).append(" cwnd ").append(tcb.cwndBytes)
                .append(" pipe ").append(tcb.pipeBytes()).append(" recovery ").append(tcb.recovery)
                .append(" queued ").append(tcb.sendRing.length())
                .append(" rcv ").append(tcb.rcvNxt - tcb.irs).append(" adv ").append(tcb.rcvAdv - tcb.irs)
                .append(" readable ").append(tcb.receiveRing.readable())
                .append(" runs ").append(tcb.receiveRing.runCount())
                .append(" rto ").append(tcb.rtoNs).append(" at ").append(tcb.retransmitAtNs)
                .append(" persist ").append(tcb.persistAtNs).append(" now ").append(world.nowNs()));
        }
        return text.toString();
    }

    /** Nothing is left of any connection, and all memory is back. */
    void assertNothingLeft()
    {
        assertEquals(0, client.connectionCount(), "client's connections");
        assertEquals(0, server.connectionCount(), "server's connections");
        assertEquals(0, client.tcp().bufferPool().acquiredBytes(), "client's buffers");
        assertEquals(0, server.tcp().bufferPool().acquiredBytes(), "server's buffers");
        world.checkPoolBalance();
    }
}
