package dev.baton.stack.state;

import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.ip.IpCounters;
import dev.baton.stack.ip.IpOutput;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.sim.SimHost;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.tcp.Listener;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcpState;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A client and a server in the middle of everything: streams and datagrams of both families, fragments, a flood of
 * SYNs, an accept queue that is emptied late, sockets that are never read, refused connections, blind attacks.
 */
final class ShardWorld
{
    static final long SECOND_NS = 1_000_000_000L;
    static final long MS_NS = 1_000_000L;
    static final int QUEUED_PORT = 81;

    private static final IpAddress[] CLIENT = {IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00::1")};
    private static final IpAddress[] SERVER = {IpAddress.parse("10.0.0.2"), IpAddress.parse("fd00::2")};

    final SimWorld world;
    final MovingHost client;
    final MovingHost server;
    /** A line for each packet that was sent. */
    final List<String> trace = new ArrayList<>();
    /** Runs after every event. */
    Runnable afterEvent = () -> {};

    final SimHost serverHost;
    private final SimLink stranger;
    private final IpOutput strangerOutput;

    ShardWorld(final long seed)
    {
        world = new SimWorld(seed, SECOND_NS);
        final SimHost clientHost = world.host("client");
        serverHost = world.host("server");
        final SimLink clientLink = clientHost.link(CLIENT);
        final SimLink serverLink = serverHost.link(SERVER);
        stranger = world.host("stranger").link(IpAddress.parse("10.0.0.9"));
        strangerOutput = new IpOutput(stranger, new IpCounters());
        client = new MovingHost(clientLink, CLIENT, new EchoService(true), ShardWorld::settings);
        server = new MovingHost(serverLink, SERVER, new EchoService(false), ShardWorld::settings);
        clientHost.start(client);
        serverHost.start(server);
        world.network().tap(this::note);
        world.network().path(clientLink, serverLink).delay(5 * MS_NS).loss(0.03).reorder(0.05, 3 * MS_NS).duplicate(0.02);
        world.network().path(serverLink, clientLink).delay(5 * MS_NS).loss(0.03).reorder(0.05, 3 * MS_NS).duplicate(0.02);
        listen();
        plan();
    }

    private static StackContext settings(final StackContext context)
    {
        context.handshake().maxPeers(64);
        return context.synBacklog(8).challengeAcksPerSecond(8).maxUdpSockets(16);
    }

    private void listen()
    {
        server.stack.listen(IpAddress.ANY, 80, server.service);
        final Listener queued = server.stack.listen(IpAddress.ANY, QUEUED_PORT, server.service, 3);
        queued.fastOpenLimit(4);
        server.stack.openUdp(IpFamily.DUAL, server.service).bind(IpAddress.ANY, 7);
        server.stack.openUdp(IpFamily.DUAL, server.service).bind(IpAddress.ANY, EchoService.SILENT_PORT);
        client.stack.openUdp(IpFamily.DUAL, client.service);
        client.stack.openUdp(IpFamily.DUAL, client.service);
    }

    private void plan()
    {
        for (int i = 0; i < 10; i++)
        {
            final int each = i;
            final int port = i % 4 == 3 ? 443 : i % 3 == 0 ? QUEUED_PORT : 80;
            world.after((1 + 7L * i) * MS_NS, () -> connect(each % 2, port));
            world.after((3 + 6L * i) * MS_NS, () -> datagram(each % 2, each % 3 == 2 ? 1000 : 7, 700 * (each + 1)));
            world.after((4 + 6L * i) * MS_NS, () -> datagram(each % 2, EchoService.SILENT_PORT, 400));
        }
        for (int i = 0; i < 40; i++)
        {
            final int each = i;
            world.after((20 + i) * MS_NS, () -> strangersSyn(each));
        }
        for (int i = 0; i < 30; i++)
        {
            world.after((30 + 2L * i) * MS_NS, this::blindReset);
        }
        for (int i = 0; i < 12; i++)
        {
            world.after((100 + 25L * i) * MS_NS, () -> server.listener(QUEUED_PORT).accept());
        }
        for (int i = 0; i < 20; i++)
        {
            world.after((15 + 5L * i) * MS_NS, this::answerBackwards);
        }
        world.after(200 * MS_NS, () -> connect(0, 80));
        world.after(2 * SECOND_NS, () -> connect(1, 80));
    }

    private void connect(final int family, final int port)
    {
        client.stack.connect(
            IpAddress.ANY, 0, SERVER[family], port, client.service, world.nowNs() + client.skewNs);
    }

    private void datagram(final int family, final int port, final int length)
    {
        final UdpSocket socket = client.socket(family);
        socket.sendTo(new UnsafeBuffer(new byte[length]), 0, length, SERVER[family], port);
    }

    /** The server writes to its connections, the latest first, so that its queues are not in the order of ids. */
    private void answerBackwards()
    {
        final List<Tcb> open = new ArrayList<>();
        server.stack.tcp().transfers().forEachConnection(open::add);
        for (int i = open.size() - 1; i >= 0; i--)
        {
            if (open.get(i).accepted && !open.get(i).finQueued)
            {
                open.get(i).handle.write(new UnsafeBuffer(new byte[100]), 0, 100);
            }
        }
    }

    /** A SYN from an address where nobody is. */
    private void strangersSyn(final int i)
    {
        transmit(IpAddress.v4(0x0A_63_00_01 + i), 5000 + i, SERVER[0], 80, 77_000 * i, TcpHeader.SYN);
    }

    /** A RST that only hits the window of an open connection: RFC 5961, section 3.2, answers it with a challenge ACK. */
    private void blindReset()
    {
        final List<Tcb> open = new ArrayList<>();
        server.stack.tcp().transfers().forEachConnection((tcb) ->
        {
            if (tcb.state == TcpState.ESTABLISHED && tcb.isV4())
            {
                open.add(tcb);
            }
        });
        if (!open.isEmpty())
        {
            final Tcb tcb = open.get(0);
            transmit(new IpAddress(tcb.remoteHi, tcb.remoteLo), tcb.remotePort,
                new IpAddress(tcb.localHi, tcb.localLo), tcb.localPort, tcb.rcvNxt + 100, TcpHeader.RST);
        }
    }

    private void transmit(
        final IpAddress src,
        final int srcPort,
        final IpAddress dst,
        final int dstPort,
        final int seq,
        final int flags)
    {
        final int version = src.isV4() ? 4 : 6;
        final int ipLength = IpOutput.headerLength(version);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Packet.HEADROOM + ipLength + TcpHeader.LENGTH]);
        final int at = Packet.HEADROOM;
        strangerOutput.encode(buffer, at, 0, TcpHeader.PROTOCOL, TcpHeader.LENGTH, src, dst);
        new TcpHeader().wrap(buffer, at + ipLength).srcPort(srcPort).dstPort(dstPort).seq(seq).ack(0)
            .headerLengthAndFlags(TcpHeader.LENGTH, flags).window(1000);
        strangerOutput.partialChecksum(buffer, at, version, TcpHeader.LENGTH);
        strangerOutput.transmit(new Packet()
            .wrap(buffer, at, ipLength + TcpHeader.LENGTH, 0, Packet.CHECKSUM_PARTIAL)
            .l4(version, at + ipLength, TcpHeader.PROTOCOL));
    }

    private void note(final SimLink link, final boolean sent, final Packet packet, final long nowNs)
    {
        if (sent)
        {
            final byte[] bytes = new byte[packet.length()];
            packet.buffer().getBytes(packet.offset(), bytes);
            trace.add(nowNs + " " + link.name() + " length " + bytes.length + " hash " + Arrays.hashCode(bytes) +
                " begins " + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 60)));
        }
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
