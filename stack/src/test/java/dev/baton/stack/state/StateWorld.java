package dev.baton.stack.state;

import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.sim.SimHost;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimPath;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** A client and a server whose shards can be exchanged, over a simulated network whose packets are noted. */
final class StateWorld
{
    static final long SECOND_NS = 1_000_000_000L;
    static final IpAddress[] CLIENT = {IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00::1")};
    static final IpAddress[] SERVER = {IpAddress.parse("10.0.0.2"), IpAddress.parse("fd00::2")};

    final SimWorld world;
    final SimLink clientLink;
    final SimLink serverLink;
    final Shard client;
    final Shard server;
    final StatePeer clientPeer = new StatePeer();
    final StatePeer serverPeer = new StatePeer();
    /** A line for each packet that was sent. */
    final List<String> trace = new ArrayList<>();
    int resets;
    /** Runs after every event. */
    Runnable afterEvent = () -> {};

    StateWorld(final long seed)
    {
        this(seed, UnaryOperator.identity());
    }

    StateWorld(final long seed, final UnaryOperator<StackContext> settings)
    {
        world = new SimWorld(seed, SECOND_NS);
        final SimHost clientHost = world.host("client");
        final SimHost serverHost = world.host("server");
        clientLink = clientHost.link(CLIENT);
        serverLink = serverHost.link(SERVER);
        client = new Shard(clientLink, CLIENT, clientPeer, false, settings);
        server = new Shard(serverLink, SERVER, serverPeer, true, settings);
        clientHost.start(client);
        serverHost.start(server);
        world.network().tap(this::note);
    }

    private void note(final SimLink link, final boolean sent, final Packet packet, final long nowNs)
    {
        if (!sent)
        {
            return;
        }
        final TcpHeader header = new TcpHeader().wrap(packet.buffer(), packet.l4Offset());
        resets += (header.flags() & TcpHeader.RST) != 0 ? 1 : 0;
        int hash = 1;
        for (int i = 0; i < packet.length(); i++)
        {
            hash = 31 * hash + packet.buffer().getByte(packet.offset() + i);
        }
        trace.add(nowNs + " " + link.name() + " seq " + header.seq() + " ack " + header.ack() + " flags " +
            header.flags() + " window " + header.window() + " length " + packet.length() + " hash " + hash);
    }

    SimPath toServer()
    {
        return world.network().path(clientLink, serverLink);
    }

    SimPath toClient()
    {
        return world.network().path(serverLink, clientLink);
    }

    StateWorld faults()
    {
        toServer().delay(5_000_000).loss(0.03).reorder(0.03, 3_000_000).duplicate(0.02);
        toClient().delay(5_000_000).loss(0.03).reorder(0.03, 3_000_000).duplicate(0.02);
        return this;
    }

    StateWorld connect(final boolean v4)
    {
        return connect(v4, 40_000);
    }

    StateWorld connect(final boolean v4, final int clientPort)
    {
        clientPeer.connection = client.stack.connect(
            IpAddress.ANY, clientPort, SERVER[v4 ? 0 : 1], Shard.PORT, clientPeer,
            Shard.isQueueing(client.stack.context()), world.nowNs() + client.skewNs);
        if (!clientPeer.closeWhenSent)
        {
            // What is written now waits for the handshake; closing now would be the end of it.
            clientPeer.write();
        }
        return this;
    }

    /** Let events happen until a condition holds, or fail. */
    void until(final String what, final long limitSeconds, final BooleanSupplier condition)
    {
        final long limitNs = world.nowNs() + limitSeconds * SECOND_NS;
        boolean holds = condition.getAsBoolean();
        while (!holds && world.nowNs() <= limitNs && world.step())
        {
            afterEvent.run();
            holds = condition.getAsBoolean();
        }
        assertTrue(holds, () -> "not within " + limitSeconds + " s: " + what + "; seed " + world.seed() +
            ", client sent " + clientPeer.sent + " got " + clientPeer.received + ", server sent " + serverPeer.sent +
            " got " + serverPeer.received);
    }

    /** Let events happen for a while. */
    void run(final long ns)
    {
        final long untilNs = world.nowNs() + ns;
        world.at(untilNs, () -> {});
        while (world.nowNs() < untilNs && world.step())
        {
            afterEvent.run();
        }
    }
}
