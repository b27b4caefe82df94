package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.sim.SimHost;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimNode;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A connection that goes to and fro between two hosts with the same address, at every event in which it can: the
 * network's route follows it, and the host that gave it away sends on what still comes to it.
 */
class MoveBetweenHostsTest
{
    private static final int BYTES = 120_000;
    private static final IpAddress[] CLIENT = StateWorld.CLIENT;
    private static final IpAddress[] SERVER = StateWorld.SERVER;

    private final StatePeer clientPeer = new StatePeer();
    private final StatePeer serverPeer = new StatePeer();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final Host[] hosts = new Host[2];
    private SimWorld world;
    private NetStack client;
    private int owner;
    private int moves;
    private int resets;

    /** Runs a shard while it is the owner, and is a router for stragglers while it is not. */
    private static final class Host implements SimNode
    {
        private final Packet packet = new Packet();
        private final SimLink link;
        private final NetStack stack;
        private final long skewNs;
        private boolean owns;

        Host(final SimLink link, final NetStack stack, final long skewNs)
        {
            this.link = link;
            this.stack = stack;
            this.skewNs = skewNs;
        }

        @Override
        public int poll(final long nowNs)
        {
            if (owns)
            {
                return stack.poll(nowNs + skewNs);
            }
            int forwarded = 0;
            while (link.receive(packet))
            {
                link.transmit(packet);
                forwarded++;
            }
            return forwarded;
        }

        @Override
        public long nextDeadlineNs()
        {
            final long deadlineNs = owns ? stack.nextDeadlineNs() : Long.MAX_VALUE;
            return deadlineNs == Long.MAX_VALUE ? deadlineNs : deadlineNs - skewNs;
        }
    }

    private static NetStack stack(final SimLink link, final long seed, final IpAddress... addresses)
    {
        final StackContext context = EmptyShard.context().seed(seed);
        Arrays.stream(addresses).forEach(context::address);
        return new NetStack(context.conclude(), link);
    }

    private void build(final long seed)
    {
        world = new SimWorld(seed, StateWorld.SECOND_NS);
        world.network().defaults().delay(4_000_000).loss(0.02).reorder(0.03, 2_000_000).duplicate(0.02);
        final SimHost clientHost = world.host("client");
        final SimLink clientLink = clientHost.link(CLIENT);
        client = stack(clientLink, seed, CLIENT);
        clientHost.start(client);
        for (int i = 0; i < 2; i++)
        {
            final SimHost simHost = world.host("server" + i);
            final SimLink link = simHost.link(SERVER);
            hosts[i] = new Host(link, stack(link, 100 * seed + i, SERVER), (2 * i - 1) * 3_333_333_333_333L);
            hosts[i].stack.listen(IpAddress.ANY, Shard.PORT, serverPeer);
            simHost.start(hosts[i]);
        }
        world.network().tap((link, sent, packet, nowNs) ->
        {
            final int flags = new TcpHeader().wrap(packet.buffer(), packet.l4Offset()).flags();
            // A client that is through with LAST-ACK answers a duplicate of the last ACK with a RST, moves or not; while it has
            // a connection it has no reason for one.
            final boolean through = link == clientLink && client.connectionCount() == 0;
            resets += sent && !through && (flags & TcpHeader.RST) != 0 ? 1 : 0;
        });
        own(0);
    }

    private void own(final int host)
    {
        owner = host;
        hosts[host].owns = true;
        hosts[1 - host].owns = false;
        Arrays.stream(SERVER).forEach((address) -> world.network().route(address, hosts[host].link));
    }

    /** Everything that the owner has goes to the other host, and so does its address. */
    private void move()
    {
        final Host from = hosts[owner];
        final Host to = hosts[1 - owner];
        for (final Flow flow : Shard.flows(from.stack))
        {
            final Snapshot there = new Snapshot(from.stack);
            final int length = there.export(flow, world.nowNs() + from.skewNs, buffer, 0);
            there.detach(flow);
            final TcpConnection moved = new Snapshot(to.stack).importConnection(
                buffer, 0, length, world.nowNs() + to.skewNs, 0, serverPeer);
            serverPeer.connection = moved == null ? serverPeer.connection : moved;
            moves++;
        }
        own(1 - owner);
    }

    private void until(final String what, final BooleanSupplier condition)
    {
        final long limitNs = world.nowNs() + 600 * StateWorld.SECOND_NS;
        while (!condition.getAsBoolean() && world.nowNs() < limitNs && world.step())
        {
            move();
        }
        assertTrue(condition.getAsBoolean(), () -> "not within 600 s: " + what + "; seed " + world.seed());
    }

    @ParameterizedTest
    @CsvSource(
    {
        "1, true", "2, false", "3, true", "4, false", "5, true", "6, false",
    })
    void shouldKeepStreamsWholeAndSendNoReset(final long seed, final boolean v4)
    {
        build(seed);
        clientPeer.sends(BYTES).thenShutsDown().closesAtEnd();
        serverPeer.sends(BYTES).thenShutsDown().closesAtEnd();
        clientPeer.connection = client.connect(
            IpAddress.ANY, 0, SERVER[v4 ? 0 : 1], Shard.PORT, clientPeer, world.nowNs());
        until("both are closed", () -> clientPeer.closeReason != null && serverPeer.closeReason != null);
        assertEquals(BYTES, serverPeer.received);
        assertEquals(BYTES, clientPeer.received);
        assertEquals(CloseReason.NORMAL, clientPeer.closeReason);
        assertEquals(CloseReason.NORMAL, serverPeer.closeReason);
        assertEquals(1, serverPeer.acceptedCalls);
        assertEquals(1, serverPeer.closedCalls);
        assertEquals(0, resets, "RSTs on the wire");
        assertTrue(moves > 300, () -> "moves: " + moves);
        world.run(world.nowNs() + 130 * StateWorld.SECOND_NS);
        for (final Host host : hosts)
        {
            assertEquals(0, host.stack.connectionCount(), "connections left");
            assertEquals(0, host.stack.tcp().bufferPool().acquiredBytes(), "buffers left");
        }
        world.checkPoolBalance();
    }
}
