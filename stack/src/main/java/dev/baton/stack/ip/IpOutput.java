package dev.baton.stack.ip;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * The way down: builds IP headers and brings packets into the form that the link takes. What the link does not offload
 * is done here: partial checksums are completed, super-segments split, large ICMP messages fragmented.
 * <p>
 * TCP is never fragmented: its IPv4 packets carry DF and, being atomic, the identification 0 (RFC 6864, section 4.1).
 * All other IPv4 packets carry a counting identification and may be fragmented on their way. That counter tells a
 * prober no more than how many echo requests and ICMP errors were answered.
 * <p>
 * Not thread safe; allocates nothing after construction.
 */
public final class IpOutput
{
    /** Default time to live, and hop limit (RFC 1700). */
    public static final int DEFAULT_TTL = 64;

    private final Link link;
    private final IpCounters counters;
    private final Ip4Header ip4 = new Ip4Header();
    private final Ip6Header ip6 = new Ip6Header();
    private final TcpHeader tcp = new TcpHeader();
    private final SegmentSplitter splitter = new SegmentSplitter();
    private final Packet segment = new Packet();
    private final Fragmenter fragmenter = new Fragmenter();
    private int nextId = 1;
    private int nextId6 = 1;

    /**
     * The way down to a link.
     *
     * @param link     that takes the packets.
     * @param counters to count in.
     */
    public IpOutput(final Link link, final IpCounters counters)
    {
        this.link = link;
        this.counters = counters;
    }

    /**
     * Length of the IP header that {@link #encode} writes.
     *
     * @param version 4 or 6.
     * @return in bytes.
     */
    public static int headerLength(final int version)
    {
        return version == 4 ? Ip4Header.LENGTH : Ip6Header.LENGTH;
    }

    /**
     * Write an IP header; it says nothing about the transport's checksum.
     *
     * @param buffer    to write to.
     * @param offset    of the header.
     * @param version   4 or 6.
     * @param tos       DSCP and ECN.
     * @param ttl       time to live or hop limit, 1 to 255.
     * @param protocol  of the transport.
     * @param l4Length  transport header and payload in bytes; of the whole super-segment if it is one.
     * @param srcHi     source address, upper half.
     * @param srcLo     source address, lower half; mapped for IPv4.
     * @param dstHi     destination address, upper half.
     * @param dstLo     destination address, lower half; mapped for IPv4.
     * @param flowLabel 20 bits; not used for IPv4.
     */
    public void encode(
        final MutableDirectBuffer buffer,
        final int offset,
        final int version,
        final int tos,
        final int ttl,
        final int protocol,
        final int l4Length,
        final long srcHi,
        final long srcLo,
        final long dstHi,
        final long dstLo,
        final int flowLabel)
    {
        if (version == 4)
        {
            final boolean atomic = protocol == TcpHeader.PROTOCOL;
            ip4.wrap(buffer, offset).encode(
                tos,
                Ip4Header.LENGTH + l4Length,
                atomic ? 0 : nextId(),
                atomic ? Ip4Header.DONT_FRAGMENT : 0,
                ttl,
                protocol,
                (int)srcLo,
                (int)dstLo);
        }
        else
        {
            ip6.wrap(buffer, offset).encode(tos, flowLabel, l4Length, protocol, ttl, srcHi, srcLo, dstHi, dstLo);
        }
    }

    /**
     * Write an IP header with default time to live and no flow label.
     *
     * @param buffer   to write to.
     * @param offset   of the header.
     * @param tos      DSCP and ECN.
     * @param protocol of the transport.
     * @param l4Length transport header and payload in bytes.
     * @param src      source address; both of one family.
     * @param dst      destination address.
     */
    public void encode(
        final MutableDirectBuffer buffer,
        final int offset,
        final int tos,
        final int protocol,
        final int l4Length,
        final IpAddress src,
        final IpAddress dst)
    {
        final int version = src.isV4() ? 4 : 6;
        encode(
            buffer, offset, version, tos, DEFAULT_TTL, protocol, l4Length, src.hi(), src.lo(), dst.hi(), dst.lo(), 0);
    }

    /**
     * Put the folded, un-complemented sum of the pseudo-header into the checksum field of a TCP header, for whoever
     * completes it.
     *
     * @param buffer   that holds the packet, its IP header as {@link #encode} wrote it.
     * @param offset   of the IP header.
     * @param version  4 or 6.
     * @param l4Length transport header and payload in bytes.
     */
    public void partialChecksum(
        final MutableDirectBuffer buffer, final int offset, final int version, final int l4Length)
    {
        final long sum = TransportChecksum.pseudoHeader(buffer, offset, version, TcpHeader.PROTOCOL, l4Length);
        final int at = offset + headerLength(version) + TcpHeader.CHECKSUM_OFFSET;
        buffer.putShort(at, (short)Checksum.fold(sum), ByteOrder.BIG_ENDIAN);
    }

    /**
     * Send a packet. One whose wire form is larger than the link's MTU is fragmented when it is no TCP; TCP is dropped
     * and counted.
     *
     * @param packet with its transport header located. Its checksum may be completed in place.
     * @return true when the link took all of it.
     */
    public boolean transmit(final Packet packet)
    {
        return transmit(packet, link.mtu());
    }

    /**
     * Send a packet over a path that carries less than the link.
     *
     * @param packet as for {@link #transmit(Packet)}.
     * @param mtu    of the path in bytes; a longer packet is cut into fragments of that length.
     * @return true when the link took all of it.
     */
    public boolean transmit(final Packet packet, final int mtu)
    {
        counters.increment(IpCounter.OUT_REQUESTS);
        final int wireLength = wireLength(packet);
        if (wireLength > mtu)
        {
            return fragment(packet, mtu);
        }
        if (wireLength == packet.length())
        {
            packet.gsoSize(0);
            return toLink(packet);
        }
        final boolean whole = packet.length() <= link.maxGsoBytes() && link.checksumOffload() &&
            packet.checksum() == Packet.CHECKSUM_PARTIAL;
        return whole ? toLink(packet) : split(packet);
    }

    private int wireLength(final Packet packet)
    {
        if (packet.gsoSize() == 0)
        {
            return packet.length();
        }
        final int ipLength = packet.l4Offset() - packet.offset();
        final int headers = ipLength + tcp.wrap(packet.buffer(), packet.l4Offset()).headerLength();
        return Math.min(packet.length(), headers + packet.gsoSize());
    }

    private boolean split(final Packet packet)
    {
        counters.increment(IpCounter.OUT_SPLITS);
        boolean taken = true;
        splitter.begin(packet);
        while (splitter.next(segment))
        {
            taken &= toLink(segment);
        }
        return taken;
    }

    private boolean fragment(final Packet packet, final int mtu)
    {
        final boolean allowed = packet.protocol() != TcpHeader.PROTOCOL &&
            packet.checksum() != Packet.CHECKSUM_PARTIAL &&
            packet.l4Offset() - packet.offset() == headerLength(packet.version());
        if (!allowed)
        {
            counters.increment(IpCounter.FRAG_FAILS);
            return false;
        }
        counters.increment(IpCounter.FRAG_OKS);
        boolean taken = true;
        fragmenter.begin(packet, mtu, nextId6++);
        while (fragmenter.next(segment))
        {
            counters.increment(IpCounter.FRAG_CREATES);
            taken &= toLink(segment);
        }
        return taken;
    }

    private boolean toLink(final Packet packet)
    {
        if (!link.checksumOffload())
        {
            TransportChecksum.complete(packet);
        }
        final boolean taken = link.transmit(packet);
        counters.increment(taken ? IpCounter.OUT_TRANSMITS : IpCounter.OUT_DISCARDS);
        return taken;
    }

    private int nextId()
    {
        final int id = nextId;
        nextId = id == 0xFFFF ? 1 : id + 1;
        return id;
    }
}
