package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.IcmpHeader;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * ICMP and ICMPv6 messages that come in: echo requests are answered, errors that quote a TCP segment or a UDP datagram
 * of ours go to that protocol's {@link IcmpErrorListener}, all others are ignored: source quench (RFC 6633), redirects
 * (a TUN has one neighbour), neighbour and router discovery (RFC 4861; a TUN has no link layer), timestamps.
 * <p>
 * Not thread safe; allocates nothing.
 */
final class IcmpInput
{
    private static final int CODE_FRAGMENTATION_NEEDED = 4;
    private static final int IPV6_MINIMUM_MTU = 1280;

    private final LocalAddresses local;
    private final IcmpResponder responder;
    private final IpCounters counters;
    private final IcmpHeader icmp = new IcmpHeader();
    private final Ip4Header inner4 = new Ip4Header();
    private final Ip6Header inner6 = new Ip6Header();
    private final Ip6Chain chain = new Ip6Chain();
    private IcmpErrorListener tcpListener;
    private IcmpErrorListener udpListener;

    IcmpInput(final LocalAddresses local, final IcmpResponder responder, final IpCounters counters)
    {
        this.local = local;
        this.responder = responder;
        this.counters = counters;
    }

    void tcpListener(final IcmpErrorListener listener)
    {
        tcpListener = listener;
    }

    void udpListener(final IcmpErrorListener listener)
    {
        udpListener = listener;
    }

    private IcmpErrorListener listenerOf(final int protocol)
    {
        return protocol == TcpHeader.PROTOCOL ? tcpListener :
            protocol == TransportChecksum.UDP_PROTOCOL ? udpListener : null;
    }

    /**
     * Deal with a message.
     *
     * @param packet for us, its ICMP header located.
     * @param nowNs  time of this poll.
     */
    void accept(final Packet packet, final long nowNs)
    {
        counters.increment(IpCounter.ICMP_IN_MSGS);
        if (packet.l4Length() < IcmpHeader.LENGTH)
        {
            counters.increment(IpCounter.ICMP_IN_ERRORS);
            return;
        }
        if (!checksumHolds(packet))
        {
            counters.increment(IpCounter.ICMP_IN_CSUM_ERRORS);
            counters.increment(IpCounter.ICMP_IN_ERRORS);
            return;
        }
        final int type = icmp.wrap(packet.buffer(), packet.l4Offset()).type();
        count(packet.version(), type);
        if (type == (packet.version() == 4 ? IcmpHeader.ECHO_REQUEST : IcmpHeader.ECHO_REQUEST_V6))
        {
            responder.echo(packet);
        }
        else if (!(packet.version() == 4 ? error4(packet, type, nowNs) : error6(packet, type, nowNs)))
        {
            counters.increment(IpCounter.ICMP_IN_IGNORED);
        }
    }

    private void count(final int version, final int type)
    {
        final IpCounter counter = IcmpTypes.in(version, type);
        if (counter != null)
        {
            counters.increment(counter);
        }
    }

    private boolean checksumHolds(final Packet packet)
    {
        if (packet.checksum() != Packet.CHECKSUM_COMPLETE)
        {
            return true;
        }
        return packet.version() == 6 ?
            TransportChecksum.holds(packet, packet.l4Length()) :
            Checksum.fold(Checksum.sum(packet.buffer(), packet.l4Offset(), packet.l4Length())) == 0xFFFF;
    }

    private boolean error4(final Packet packet, final int type, final long nowNs)
    {
        if (type != IcmpHeader.UNREACHABLE && type != IcmpHeader.TIME_EXCEEDED && type != IcmpHeader.PARAMETER_PROBLEM)
        {
            return false;
        }
        final int quote = packet.l4Offset() + IcmpHeader.LENGTH;
        final int length = packet.l4Length() - IcmpHeader.LENGTH;
        if (length < Ip4Header.LENGTH)
        {
            return false;
        }
        inner4.wrap(packet.buffer(), quote);
        final int headerLength = inner4.headerLength();
        final boolean ours = inner4.version() == 4 && headerLength >= Ip4Header.LENGTH && length - headerLength >= 8 &&
            listenerOf(inner4.protocol()) != null &&
            (inner4.flagsAndFragment() & Ip4Header.FRAGMENT_OFFSET_MASK) == 0 &&
            local.contains(0, IpAddress.mapped(inner4.src()));
        if (!ours)
        {
            return false;
        }
        final boolean tooBig = type == IcmpHeader.UNREACHABLE && icmp.code() == CODE_FRAGMENTATION_NEEDED;
        final int mtu = tooBig ? icmp.rest() & 0xFFFF : 0;
        return tell(packet.buffer(), 4, inner4.protocol(), type, mtu,
            0, IpAddress.mapped(inner4.src()), 0, IpAddress.mapped(inner4.dst()), quote + headerLength, nowNs);
    }

    private boolean error6(final Packet packet, final int type, final long nowNs)
    {
        if (type < IcmpHeader.UNREACHABLE_V6 || type > IcmpHeader.PARAMETER_PROBLEM_V6)
        {
            return false;
        }
        final int quote = packet.l4Offset() + IcmpHeader.LENGTH;
        final int length = packet.l4Length() - IcmpHeader.LENGTH;
        if (!chain.locate(packet.buffer(), quote, length))
        {
            return false;
        }
        inner6.wrap(packet.buffer(), quote);
        final boolean ours = inner6.version() == 6 && quote + length - chain.offset() >= 8 &&
            listenerOf(chain.protocol()) != null && local.contains(inner6.srcHi(), inner6.srcLo()) &&
            !IpAddress.isV4(inner6.srcHi(), inner6.srcLo());
        if (!ours)
        {
            return false;
        }
        int mtu = 0;
        if (type == IcmpHeader.PACKET_TOO_BIG_V6)
        {
            mtu = (int)Math.min(icmp.rest() & 0xFFFF_FFFFL, Packet.MAX_LENGTH);
            if (mtu < IPV6_MINIMUM_MTU)
            {
                // RFC 8201, section 4: no link is narrower, so the message is a lie.
                return false;
            }
        }
        return tell(packet.buffer(), 6, chain.protocol(), type, mtu,
            inner6.srcHi(), inner6.srcLo(), inner6.dstHi(), inner6.dstLo(), chain.offset(), nowNs);
    }

    private boolean tell(
        final DirectBuffer buffer,
        final int version,
        final int protocol,
        final int type,
        final int mtu,
        final long localHi,
        final long localLo,
        final long remoteHi,
        final long remoteLo,
        final int l4,
        final long nowNs)
    {
        final boolean tcp = protocol == TcpHeader.PROTOCOL;
        counters.increment(tcp ? IpCounter.ICMP_IN_TCP_ERRORS : IpCounter.ICMP_IN_UDP_ERRORS);
        final int localPort = buffer.getShort(l4, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        final int remotePort = buffer.getShort(l4 + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        final int seq = buffer.getInt(l4 + 4, ByteOrder.BIG_ENDIAN);
        listenerOf(protocol).onIcmpError(version, type, icmp.code(), mtu,
            localHi, localLo, localPort, remoteHi, remoteLo, remotePort, seq, nowNs);
        return true;
    }
}
