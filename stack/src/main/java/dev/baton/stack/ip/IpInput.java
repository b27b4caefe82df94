package dev.baton.stack.ip;

import dev.baton.stack.IpSettings;
import dev.baton.stack.Packet;
import dev.baton.stack.wire.IcmpHeader;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;

import java.nio.ByteOrder;

/**
 * The way up: what the link received is checked in the order of RFC 1122, section 3.2 and RFC 8200, section 4, and what
 * is no TCP segment for us ends here.
 * <ol>
 * <li>version, lengths, IPv4 header checksum; bytes behind the packet are cut off;</li>
 * <li>the destination is ours, or the packet goes to the {@link Forwarder}; the source is a unicast address of somebody
 * else, and no IPv6 packet carries IPv4-mapped addresses;</li>
 * <li>IPv4 options, IPv6 extension headers;</li>
 * <li>fragments are kept until the datagram is whole;</li>
 * <li>the transport: TCP header and checksum; ICMP is answered; UDP goes to the {@link UdpInput}, and is refused when
 * nobody wants it; the rest is unknown.</li>
 * </ol>
 * Packets may hold anything: no read goes outside of one. Not thread safe; allocates nothing.
 */
public final class IpInput
{
    private static final int CODE_PROTOCOL_UNREACHABLE = 2;
    private static final int CODE_PORT_UNREACHABLE = 3;
    private static final int CODE_PORT_UNREACHABLE_V6 = 4;
    private static final int UDP_HEADER_LENGTH = 8;

    private final LocalAddresses local;
    private final IcmpResponder responder;
    private final Reassembler reassembler;
    private final IpCounters counters;
    private final Ip4Check ip4Check;
    private final Ip6Extensions extensions;
    private final IcmpInput icmpInput;
    private final EcnCount ecn;
    private final Ip4Header ip4 = new Ip4Header();
    private final Ip6Header ip6 = new Ip6Header();
    private final TcpHeader tcp = new TcpHeader();
    private UdpInput udpInput;
    private Forwarder forwarder;

    /**
     * The way up.
     *
     * @param local       addresses of this shard.
     * @param responder   that answers for the host.
     * @param reassembler of fragments.
     * @param counters    to count in.
     */
    public IpInput(
        final LocalAddresses local,
        final IcmpResponder responder,
        final Reassembler reassembler,
        final IpCounters counters)
    {
        this.local = local;
        this.responder = responder;
        this.reassembler = reassembler;
        this.counters = counters;
        this.ecn = new EcnCount(counters);
        this.ip4Check = new Ip4Check(responder, counters);
        this.extensions = new Ip6Extensions(responder, reassembler, counters);
        this.icmpInput = new IcmpInput(local, responder, counters);
    }

    /**
     * Pass packets for others on, as the settings say. Without this call none are.
     *
     * @param paths    routes.
     * @param settings frozen.
     * @param output   to send by.
     */
    public void forwarding(final Paths paths, final IpSettings settings, final IpOutput output)
    {
        forwarder = new Forwarder(local, paths, settings, responder, output, counters);
    }

    /**
     * Who is told of ICMP errors about TCP segments.
     *
     * @param listener to be told; null for nobody.
     */
    public void icmpErrorListener(final IcmpErrorListener listener)
    {
        icmpInput.tcpListener(listener);
    }

    /**
     * Who is told of ICMP errors about UDP datagrams (RFC 1122, section 4.1.3.3).
     *
     * @param listener to be told; null for nobody.
     */
    public void udpErrorListener(final IcmpErrorListener listener)
    {
        icmpInput.udpListener(listener);
    }

    /**
     * Who takes UDP datagrams.
     *
     * @param udpInput to be given them; null for nobody, so that every port is unreachable.
     */
    public void udpInput(final UdpInput udpInput)
    {
        this.udpInput = udpInput;
    }

    /**
     * Look at a packet that the link received.
     *
     * @param packet as the link filled it; re-pointed at the whole datagram when it completes one, which stays valid
     *               until the next call.
     * @param nowNs  time of this poll.
     * @return true when it is a valid TCP segment for this shard, with its transport header located and its checksum
     *         verified or partial; false when it was dealt with here.
     */
    public boolean accept(final Packet packet, final long nowNs)
    {
        counters.increment(IpCounter.IN_RECEIVES);
        final int version = packet.length() == 0 ? 0 : packet.buffer().getByte(packet.offset()) >>> 4 & 0xF;
        switch (version)
        {
            case 4:
                return accept4(packet, nowNs) && transport(packet, nowNs);
            case 6:
                return accept6(packet, nowNs) && transport(packet, nowNs);
            default:
                return drop(IpCounter.IN_HDR_ERRORS);
        }
    }

    private boolean accept4(final Packet packet, final long nowNs)
    {
        if (!ip4Check.header(packet) || !addressesHold(packet, nowNs) || !ip4Check.options(packet, nowNs))
        {
            return false;
        }
        ip4.wrap(packet.buffer(), packet.offset());
        final int fragment = ip4.flagsAndFragment() & (Ip4Header.MORE_FRAGMENTS | Ip4Header.FRAGMENT_OFFSET_MASK);
        return fragment == 0 || reassemble4(packet, fragment, nowNs);
    }

    private boolean reassemble4(final Packet packet, final int fragment, final long nowNs)
    {
        counters.increment(IpCounter.REASM_REQDS);
        final boolean more = (fragment & Ip4Header.MORE_FRAGMENTS) != 0;
        final int dataLength = packet.l4Length();
        if (dataLength == 0 || more && (dataLength & 7) != 0)
        {
            return drop(IpCounter.REASM_FAILS);
        }
        final int fragmentOffset = (fragment & Ip4Header.FRAGMENT_OFFSET_MASK) << 3;
        return reassembler.add(
            packet, 4, ip4.protocol(), ip4.id(), ip4.headerLength(), 0, fragmentOffset, more, nowNs);
    }

    private boolean accept6(final Packet packet, final long nowNs)
    {
        if (packet.length() < Ip6Header.LENGTH)
        {
            counters.increment(IpCounter.IN_TRUNCATED_PKTS);
            return drop(IpCounter.IN_HDR_ERRORS);
        }
        final int length = Ip6Header.LENGTH + ip6.wrap(packet.buffer(), packet.offset()).payloadLength();
        if (length > packet.length())
        {
            counters.increment(IpCounter.IN_TRUNCATED_PKTS);
            return drop(IpCounter.IN_HDR_ERRORS);
        }
        packet.length(length).l4(6, packet.offset() + Ip6Header.LENGTH, ip6.nextHeader());
        return addressesHold(packet, nowNs) && extensions.walk(packet, nowNs);
    }

    private boolean addressesHold(final Packet packet, final long nowNs)
    {
        final long srcHi = packet.srcHi();
        final long srcLo = packet.srcLo();
        final long dstHi = packet.dstHi();
        final long dstLo = packet.dstLo();
        final boolean mapped =
            packet.version() == 6 && (IpAddress.isV4(srcHi, srcLo) || IpAddress.isV4(dstHi, dstLo));
        // A source of our own did not come from us: nothing that we send comes back (RFC 1122, section 3.2.1.3).
        final boolean foreign = Unicast.isHost(srcHi, srcLo) && !local.contains(srcHi, srcLo);
        if (mapped || !foreign)
        {
            return drop(IpCounter.IN_ADDR_ERRORS);
        }
        if (local.contains(dstHi, dstLo))
        {
            return true;
        }
        if (forwarder != null && forwarder.isEnabled(packet.version()))
        {
            forwarder.forward(packet, nowNs);
            return false;
        }
        return drop(IpCounter.IN_ADDR_ERRORS);
    }

    private boolean transport(final Packet packet, final long nowNs)
    {
        ecn.count(packet);
        final int icmp = packet.version() == 4 ? IcmpHeader.PROTOCOL : IcmpHeader.PROTOCOL_V6;
        if (packet.protocol() == TcpHeader.PROTOCOL)
        {
            return tcp(packet);
        }
        if (packet.protocol() == icmp)
        {
            counters.increment(IpCounter.IN_DELIVERS);
            icmpInput.accept(packet, nowNs);
        }
        else if (packet.protocol() == TransportChecksum.UDP_PROTOCOL)
        {
            counters.increment(IpCounter.IN_DELIVERS);
            udp(packet, nowNs);
        }
        else
        {
            unknownProtocol(packet, nowNs);
        }
        return false;
    }

    private boolean tcp(final Packet packet)
    {
        counters.increment(IpCounter.IN_DELIVERS);
        final int length = packet.l4Length();
        final int headerLength =
            length < TcpHeader.LENGTH ? 0 : tcp.wrap(packet.buffer(), packet.l4Offset()).headerLength();
        if (headerLength < TcpHeader.LENGTH || headerLength > length)
        {
            return drop(IpCounter.TCP_IN_ERRS);
        }
        if (packet.checksum() == Packet.CHECKSUM_COMPLETE)
        {
            if (!TransportChecksum.holds(packet, length))
            {
                counters.increment(IpCounter.TCP_IN_CSUM_ERRORS);
                return drop(IpCounter.TCP_IN_ERRS);
            }
            packet.checksum(Packet.CHECKSUM_VERIFIED);
        }
        return true;
    }

    private void udp(final Packet packet, final long nowNs)
    {
        if (!udpHolds(packet))
        {
            counters.increment(IpCounter.UDP_IN_ERRORS);
            return;
        }
        if (udpInput != null && udpInput.onDatagram(packet, nowNs))
        {
            return;
        }
        counters.increment(IpCounter.UDP_NO_PORTS);
        if (packet.version() == 4)
        {
            responder.error(packet, IcmpHeader.UNREACHABLE, CODE_PORT_UNREACHABLE, 0, nowNs);
        }
        else
        {
            responder.error(packet, IcmpHeader.UNREACHABLE_V6, CODE_PORT_UNREACHABLE_V6, 0, nowNs);
        }
    }

    private boolean udpHolds(final Packet packet)
    {
        if (packet.l4Length() < UDP_HEADER_LENGTH)
        {
            return false;
        }
        final int length = packet.buffer().getShort(packet.l4Offset() + 4, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        if (length < UDP_HEADER_LENGTH || length > packet.l4Length())
        {
            return false;
        }
        final int field = packet.buffer().getShort(
            packet.l4Offset() + TransportChecksum.UDP_CHECKSUM_OFFSET, ByteOrder.BIG_ENDIAN);
        if (packet.checksum() != Packet.CHECKSUM_COMPLETE)
        {
            return true;
        }
        // No checksum is allowed over IPv4 (RFC 1122, section 4.1.3.4), not over IPv6 (RFC 8200, section 8.1).
        final boolean holds = field == 0 ? packet.version() == 4 : TransportChecksum.holds(packet, length);
        if (!holds)
        {
            counters.increment(IpCounter.UDP_IN_CSUM_ERRORS);
        }
        return holds;
    }

    private void unknownProtocol(final Packet packet, final long nowNs)
    {
        counters.increment(IpCounter.IN_UNKNOWN_PROTOS);
        if (packet.version() == 4)
        {
            responder.error(packet, IcmpHeader.UNREACHABLE, CODE_PROTOCOL_UNREACHABLE, 0, nowNs);
        }
        else
        {
            extensions.unknownProtocol();
        }
    }

    private boolean drop(final IpCounter counter)
    {
        counters.increment(counter);
        return false;
    }
}
