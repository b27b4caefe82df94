package dev.baton.stack.udp;

import dev.baton.stack.Packet;
import dev.baton.stack.ip.IpCounter;
import dev.baton.stack.ip.IpCounters;
import dev.baton.stack.ip.IpOutput;
import dev.baton.stack.ip.MtuDiscover;
import dev.baton.stack.ip.Paths;
import dev.baton.stack.ip.SendResult;
import dev.baton.stack.service.UdpError;
import dev.baton.stack.socket.Errno;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.UdpHeader;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * Builds and sends datagrams (RFC 768), each at once: UDP has no send queue. What is longer than the path carries is
 * fragmented or refused, as the socket's {@link MtuDiscover} says (RFC 1122, section 3.3.3; RFC 8085, section 3.2).
 * Not thread safe; allocates nothing after construction.
 */
final class UdpSender
{
    private static final MtuDiscover[] DISCOVERIES = MtuDiscover.values();

    private final Paths paths;
    private final IpOutput ip;
    private final IpCounters counters;
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(Packet.HEADROOM + Packet.MAX_LENGTH));
    private final Packet packet = new Packet();
    private final UdpHeader udp = new UdpHeader();

    UdpSender(final Paths paths, final IpOutput ip, final IpCounters counters)
    {
        this.paths = paths;
        this.ip = ip;
        this.counters = counters;
    }

    /** Our address towards a destination; null when there is none of its family. */
    IpAddress source(final IpAddress destination)
    {
        return paths.source(destination);
    }

    /** Greatest packet that the way to a destination is known to carry, in bytes. */
    int pathMtu(final IpAddress destination)
    {
        return paths.mtu(destination.hi(), destination.lo());
    }

    int send(
        final Ucb ucb,
        final DirectBuffer src,
        final int offset,
        final int length,
        final IpAddress to,
        final int toPort,
        final int ttl,
        final int tos)
    {
        final int version = to.isV4() ? 4 : 6;
        final int l4 = Packet.HEADROOM + IpOutput.headerLength(version);
        final int total = l4 - Packet.HEADROOM + UdpHeader.LENGTH + length;
        if (total > Packet.MAX_LENGTH)
        {
            return Errno.EMSGSIZE.result();
        }
        final IpAddress from = ucb.isAny() ? source(to) : ucb.local;
        ip.encode(buffer, Packet.HEADROOM, version, tos, ttl, UdpHeader.PROTOCOL, UdpHeader.LENGTH + length,
            from.hi(), from.lo(), to.hi(), to.lo(), 0);
        final boolean summed = !ucb.noChecksum || version == 6;
        udp.wrap(buffer, l4).encode(ucb.localPort, toPort, UdpHeader.LENGTH + length,
            summed ? pseudoHeader(version, UdpHeader.LENGTH + length) : 0);
        buffer.putBytes(l4 + UdpHeader.LENGTH, src, offset, length);
        packet.wrap(buffer, Packet.HEADROOM, total, 0, summed ? Packet.CHECKSUM_PARTIAL : Packet.CHECKSUM_COMPLETE)
            .l4(version, l4, UdpHeader.PROTOCOL);
        return result(ucb, ip.send(packet, DISCOVERIES[ucb.mtuDiscovery]), length, to, toPort);
    }

    private int result(
        final Ucb ucb, final SendResult sent, final int length, final IpAddress to, final int toPort)
    {
        switch (sent)
        {
            case TOO_BIG:
                final boolean probe = ucb.mtuDiscovery == MtuDiscover.PROBE.ordinal();
                return tooLong(ucb, to, toPort,
                    probe ? paths.firstHopMtu(to.hi(), to.lo()) : paths.mtu(to.hi(), to.lo()));
            case NO_ROUTE:
                return Errno.ENETUNREACH.result();
            case DROPPED:
                // The datagram is lost as on any network; Linux tells only who asked by IP_RECVERR.
                counters.increment(IpCounter.UDP_SNDBUF_ERRORS);
                return ucb.reportErrors ? Errno.ENOBUFS.result() : length;
            default:
                counters.increment(IpCounter.UDP_OUT_DATAGRAMS);
                return length;
        }
    }

    /** The sum of the pseudo-header; whoever comes last adds the rest (RFC 768). */
    private int pseudoHeader(final int version, final int udpLength)
    {
        return Checksum.fold(version == 4 ?
            Checksum.pseudoHeader(buffer, Packet.HEADROOM + Ip4Header.SRC_OFFSET, 8, UdpHeader.PROTOCOL, udpLength) :
            Checksum.pseudoHeader(buffer, Packet.HEADROOM + Ip6Header.SRC_OFFSET, 32, UdpHeader.PROTOCOL, udpLength));
    }

    private int tooLong(final Ucb ucb, final IpAddress to, final int toPort, final int mtu)
    {
        if (ucb.reportErrors)
        {
            final UdpError error = UdpErrors.slot(ucb);
            if (error != null)
            {
                error.errno = Errno.EMSGSIZE.number();
                error.version = 0;
                error.type = 0;
                error.code = 0;
                error.mtu = mtu;
                error.remoteHi = to.hi();
                error.remoteLo = to.lo();
                error.remotePort = toPort;
            }
        }
        return Errno.EMSGSIZE.result();
    }
}
