package dev.baton.stack.udp;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import dev.baton.stack.ip.IpCounter;
import dev.baton.stack.ip.IpCounters;
import dev.baton.stack.ip.IpOutput;
import dev.baton.stack.ip.Paths;
import dev.baton.stack.ip.TransportChecksum;
import dev.baton.stack.service.UdpError;
import dev.baton.stack.service.UdpMtuDiscovery;
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
 * fragmented or refused, as the socket's {@link UdpMtuDiscovery} says (RFC 1122, section 3.3.3; RFC 8085, section 3.2).
 * Not thread safe; allocates nothing after construction.
 */
final class UdpSender
{
    private static final UdpMtuDiscovery[] DISCOVERIES = UdpMtuDiscovery.values();

    private final Link link;
    private final Paths paths;
    private final IpOutput ip;
    private final IpCounters counters;
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(Packet.HEADROOM + Packet.MAX_LENGTH));
    private final Packet packet = new Packet();
    private final Ip4Header ip4 = new Ip4Header();
    private final UdpHeader udp = new UdpHeader();

    UdpSender(final Link link, final Paths paths, final IpOutput ip, final IpCounters counters)
    {
        this.link = link;
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
        final int ipLength = IpOutput.headerLength(version);
        final int total = ipLength + UdpHeader.LENGTH + length;
        final UdpMtuDiscovery discovery = DISCOVERIES[ucb.mtuDiscovery];
        final int mtu = pathMtu(to);
        final int most = discovery == UdpMtuDiscovery.DO ? mtu :
            discovery == UdpMtuDiscovery.PROBE ? link.mtu() : Packet.MAX_LENGTH;
        final boolean probe = discovery == UdpMtuDiscovery.PROBE;
        if (total > most)
        {
            return tooLong(ucb, to, toPort, most);
        }
        final IpAddress from = ucb.isAny() ? source(to) : ucb.local;
        final boolean whole = total <= mtu;
        final int at = Packet.HEADROOM;
        final boolean dontFragment = discovery != UdpMtuDiscovery.DONT && (whole || probe);
        header(version, at, tos, ttl, UdpHeader.LENGTH + length, from, to, dontFragment);
        final int l4 = at + ipLength;
        udp.wrap(buffer, l4).encode(ucb.localPort, toPort, UdpHeader.LENGTH + length, 0);
        buffer.putBytes(l4 + UdpHeader.LENGTH, src, offset, length);
        packet.wrap(buffer, at, total, 0, Packet.CHECKSUM_COMPLETE).l4(version, l4, UdpHeader.PROTOCOL);
        if (!ucb.noChecksum || version == 6)
        {
            checksum(version, at, l4, length, whole || probe);
        }
        final boolean taken = ip.transmit(packet, probe ? link.mtu() : mtu);
        counters.increment(taken ? IpCounter.UDP_OUT_DATAGRAMS : IpCounter.UDP_SNDBUF_ERRORS);
        return length;
    }

    private void header(
        final int version,
        final int at,
        final int tos,
        final int ttl,
        final int l4Length,
        final IpAddress from,
        final IpAddress to,
        final boolean dontFragment)
    {
        if (version == 4 && dontFragment)
        {
            // An atomic datagram: its identification means nothing (RFC 6864, section 4.1).
            ip4.wrap(buffer, at).encode(tos, Ip4Header.LENGTH + l4Length, 0, Ip4Header.DONT_FRAGMENT, ttl,
                UdpHeader.PROTOCOL, (int)from.lo(), (int)to.lo());
        }
        else
        {
            ip.encode(buffer, at, version, tos, ttl, UdpHeader.PROTOCOL, l4Length,
                from.hi(), from.lo(), to.hi(), to.lo(), 0);
        }
    }

    /** The sum of the pseudo-header; whoever comes last adds the rest, here when the datagram is to be cut. */
    private void checksum(final int version, final int at, final int l4, final int length, final boolean whole)
    {
        final int udpLength = UdpHeader.LENGTH + length;
        final long sum = version == 4 ?
            Checksum.pseudoHeader(buffer, at + Ip4Header.SRC_OFFSET, 8, UdpHeader.PROTOCOL, udpLength) :
            Checksum.pseudoHeader(buffer, at + Ip6Header.SRC_OFFSET, 32, UdpHeader.PROTOCOL, udpLength);
        final UdpHeader header = udp.wrap(buffer, l4);
        header.encode(header.srcPort(), header.dstPort(), udpLength, Checksum.fold(sum));
        packet.checksum(Packet.CHECKSUM_PARTIAL);
        if (!whole)
        {
            TransportChecksum.complete(packet);
        }
    }

    private int tooLong(final Ucb ucb, final IpAddress to, final int toPort, final int mtu)
    {
        if (ucb.reportErrors && mtu < Packet.MAX_LENGTH)
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
