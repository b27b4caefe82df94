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
 * All other IPv4 packets carry an identification ({@link FragmentIds}). ICMP messages and datagrams that the path does
 * not carry are fragmented here; whether a datagram may be is its socket's choice ({@link MtuDiscover}).
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
    private final Packet part = new Packet();
    private final Fragmenter fragmenter = new Fragmenter();
    private final FragmentIds ids;
    private final Paths paths;

    /**
     * The way down to a link.
     *
     * @param link     that takes the packets.
     * @param counters to count in.
     */
    public IpOutput(final Link link, final IpCounters counters)
    {
        this(link, counters, new FragmentIds(0), null);
    }

    /**
     * The way down to a link.
     *
     * @param link     that takes the packets.
     * @param counters to count in.
     * @param ids      identifications of what may be fragmented.
     * @param paths    routes and path MTUs; null when everything may leave, in packets of the link's MTU.
     */
    public IpOutput(final Link link, final IpCounters counters, final FragmentIds ids, final Paths paths)
    {
        this.link = link;
        this.counters = counters;
        this.ids = ids;
        this.paths = paths;
    }

    /**
     * Identifications of what may be fragmented.
     *
     * @return live.
     */
    public FragmentIds ids()
    {
        return ids;
    }

    /**
     * Time to live or hop limit of packets to a destination.
     *
     * @param dstHi  destination, upper half.
     * @param dstLo  destination, lower half.
     * @param normal where its route does not say.
     * @return 1 to 255.
     */
    public int hopLimit(final long dstHi, final long dstLo, final int normal)
    {
        return paths == null ? normal : paths.hopLimit(dstHi, dstLo, normal);
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
                atomic ? 0 : ids.next(srcHi, srcLo, dstHi, dstLo, protocol),
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
        counters.increment(IpCounter.OUT_REQUESTS);
        if (!mayLeave(packet))
        {
            return false;
        }
        final int mtu = packet.protocol() == TcpHeader.PROTOCOL ? link.mtu() : pathMtu(packet);
        return wireLength(packet) > mtu ? fragment(packet, mtu) : whole(packet);
    }

    /**
     * Send a datagram as its socket wants it to meet the path's MTU.
     *
     * @param packet   of UDP with its header located, as {@link #encode} wrote it. Its IPv4 header and its checksum may
     *                 be completed in place.
     * @param discover the socket's choice.
     * @return what became of it.
     */
    public SendResult send(final Packet packet, final MtuDiscover discover)
    {
        counters.increment(IpCounter.OUT_REQUESTS);
        if (!mayLeave(packet))
        {
            return SendResult.NO_ROUTE;
        }
        final boolean probe = discover == MtuDiscover.PROBE;
        final int mtu = probe ? firstHopMtu(packet) : pathMtu(packet);
        if (packet.length() > mtu)
        {
            if (probe || discover == MtuDiscover.DO)
            {
                counters.increment(IpCounter.FRAG_FAILS);
                return SendResult.TOO_BIG;
            }
            return fragment(packet, mtu) ? SendResult.TAKEN : SendResult.DROPPED;
        }
        if (packet.version() == 4 && discover != MtuDiscover.DONT)
        {
            packet.buffer().putShort(packet.offset() + 6, (short)Ip4Header.DONT_FRAGMENT, ByteOrder.BIG_ENDIAN);
            ip4.wrap(packet.buffer(), packet.offset()).computeChecksum();
        }
        return whole(packet) ? SendResult.TAKEN : SendResult.DROPPED;
    }

    /**
     * Pass a packet of somebody else on.
     *
     * @param packet IPv4 without DF when it is too big.
     * @param mtu    of its way out.
     */
    void forward(final Packet packet, final int mtu)
    {
        if (wireLength(packet) <= mtu)
        {
            whole(packet);
        }
        else if (packet.gsoSize() == 0)
        {
            fragment(packet, mtu);
        }
        else
        {
            counters.increment(IpCounter.OUT_SPLITS);
            splitter.begin(packet);
            while (splitter.next(part))
            {
                fragment(part, mtu);
            }
        }
    }

    private boolean mayLeave(final Packet packet)
    {
        if (paths == null || paths.routes().isPlain())
        {
            return true;
        }
        final Route route = paths.routes().lookup(packet.dstHi(), packet.dstLo());
        final boolean may = route != null && route.kind() == RouteKind.UNICAST;
        if (!may)
        {
            counters.increment(IpCounter.OUT_NO_ROUTES);
        }
        return may;
    }

    private int pathMtu(final Packet packet)
    {
        return paths == null ? link.mtu() : paths.mtu(packet.dstHi(), packet.dstLo());
    }

    private int firstHopMtu(final Packet packet)
    {
        return paths == null ? link.mtu() : paths.firstHopMtu(packet.dstHi(), packet.dstLo());
    }

    private boolean whole(final Packet packet)
    {
        if (wireLength(packet) == packet.length())
        {
            packet.gsoSize(0);
            return toLink(packet);
        }
        final boolean whole = packet.length() <= link.maxGsoBytes() && link.checksumOffload() &&
            packet.checksum() == Packet.CHECKSUM_PARTIAL;
        return whole ? toLink(packet) : split(packet);
    }

    /** Length of the longest packet on the wire: of a super-segment that of its first segment. */
    int wireLength(final Packet packet)
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
        TransportChecksum.complete(packet);
        final int ipLength = packet.l4Offset() - packet.offset();
        final boolean allowed = packet.version() == 4 ?
            (ip4.wrap(packet.buffer(), packet.offset()).flagsAndFragment() & Ip4Header.DONT_FRAGMENT) == 0 :
            packet.protocol() != TcpHeader.PROTOCOL && ipLength == Ip6Header.LENGTH;
        if (!allowed || packet.gsoSize() > 0)
        {
            counters.increment(IpCounter.FRAG_FAILS);
            return false;
        }
        counters.increment(IpCounter.FRAG_OKS);
        boolean taken = true;
        final int id = packet.version() == 4 ? 0 :
            ids.next(packet.srcHi(), packet.srcLo(), packet.dstHi(), packet.dstLo(), packet.protocol());
        fragmenter.begin(packet, mtu, id);
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
}
