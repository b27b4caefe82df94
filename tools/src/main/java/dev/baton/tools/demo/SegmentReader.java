package dev.baton.tools.demo;

import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the packets of a capture into {@link Segment}s and {@link IcmpMessage}s. What a capture cut off is taken from
 * the lengths in the headers; a packet whose headers were cut off is counted as unreadable.
 * <p>
 * A segment that a kernel sends with checksum offload shows the sum of its pseudo-header where the checksum will be:
 * such a field is compared with the pseudo-header, since nobody between two namespaces of one machine completes it.
 */
final class SegmentReader
{
    private static final int PROTOCOL_ICMP4 = 1;
    private static final int PROTOCOL_ICMP6 = 58;
    private static final int EXTENSIONS_LIMIT = 8;
    private static final int HEAD_BYTES = 256;

    private final Ip4Header ip4 = new Ip4Header();
    private final Ip6Header ip6 = new Ip6Header();
    private final TcpHeader tcp = new TcpHeader();
    private final TcpOptions options = new TcpOptions();
    private final List<Segment> segments = new ArrayList<>();
    private final List<IcmpMessage> icmp = new ArrayList<>();
    private long unreadable;
    private long otherTransports;

    private int l4;
    private int l4Length;
    private int protocol;
    private int addressesAt;
    private int addressBytes;

    /**
     * Take in one packet.
     *
     * @param tap    where it was captured.
     * @param packet where the cursor stands.
     */
    void take(final Tap tap, final PcapFile packet)
    {
        final UnsafeBuffer buffer = packet.buffer();
        final int captured = packet.capturedBytes();
        final int at = packet.offset();
        final boolean located = buffer.getByte(at) >>> 4 == 4 ?
            locate4(buffer, at, captured) :
            locate6(buffer, at, captured, packet.wireBytes());
        final int available = at + captured - l4;
        if (!located || available < (protocol == TcpHeader.PROTOCOL ? TcpHeader.LENGTH : 2))
        {
            unreadable++;
        }
        else if (protocol == TcpHeader.PROTOCOL)
        {
            segment(tap, packet, available);
        }
        else if (protocol == PROTOCOL_ICMP4 || protocol == PROTOCOL_ICMP6)
        {
            icmp.add(new IcmpMessage(packet.timeNs(), tap, packet.outgoing(), protocol == PROTOCOL_ICMP4 ? 4 : 6,
                buffer.getByte(l4) & 0xFF, buffer.getByte(l4 + 1) & 0xFF, address(buffer, 0), address(buffer, 1)));
        }
        else
        {
            otherTransports++;
        }
    }

    private boolean locate4(final UnsafeBuffer buffer, final int at, final int captured)
    {
        if (captured < Ip4Header.LENGTH)
        {
            return false;
        }
        ip4.wrap(buffer, at);
        l4 = at + ip4.headerLength();
        l4Length = ip4.totalLength() - ip4.headerLength();
        protocol = (ip4.flagsAndFragment() & Ip4Header.FRAGMENT_OFFSET_MASK) == 0 ? ip4.protocol() : -1;
        addressesAt = at + Ip4Header.SRC_OFFSET;
        addressBytes = 4;
        return l4Length >= 0;
    }

    private boolean locate6(final UnsafeBuffer buffer, final int at, final int captured, final int wireBytes)
    {
        if (captured < Ip6Header.LENGTH)
        {
            return false;
        }
        ip6.wrap(buffer, at);
        l4 = at + Ip6Header.LENGTH;
        l4Length = ip6.payloadLength() == 0 ? wireBytes - Ip6Header.LENGTH : ip6.payloadLength();
        protocol = ip6.nextHeader();
        addressesAt = at + Ip6Header.SRC_OFFSET;
        addressBytes = 16;
        // Hop-by-hop (0, as in MLD), routing (43) and destination options (60) have one shape: RFC 8200, section 4.
        for (int i = 0; i < EXTENSIONS_LIMIT && (protocol == 0 || protocol == 43 || protocol == 60); i++)
        {
            if (l4 + 2 > at + captured)
            {
                return false;
            }
            final int length = ((buffer.getByte(l4 + 1) & 0xFF) + 1) * 8;
            protocol = buffer.getByte(l4) & 0xFF;
            l4 += length;
            l4Length -= length;
        }
        return l4Length >= 0;
    }

    private void segment(final Tap tap, final PcapFile packet, final int available)
    {
        final UnsafeBuffer buffer = packet.buffer();
        tcp.wrap(buffer, l4);
        final int headerLength = tcp.headerLength();
        if (headerLength < TcpHeader.LENGTH || headerLength > available || headerLength > l4Length)
        {
            unreadable++;
            return;
        }
        final int payload = l4Length - headerLength;
        final byte[] head = new byte[Math.min(HEAD_BYTES, Math.min(payload, available - headerLength))];
        buffer.getBytes(l4 + headerLength, head);
        segments.add(new Segment(
            packet.timeNs(), tap, packet.outgoing(), address(buffer, 0), tcp.srcPort(), address(buffer, 1),
            tcp.dstPort(),
            tcp.seq(), tcp.ack(), tcp.flags(), tcp.window(), payload, options(buffer, headerLength),
            sum(buffer, available), head));
    }

    private Segment.Options options(final UnsafeBuffer buffer, final int headerLength)
    {
        if (headerLength == TcpHeader.LENGTH)
        {
            return Segment.Options.NONE;
        }
        options.parse(buffer, l4 + TcpHeader.LENGTH, headerLength - TcpHeader.LENGTH);
        final List<Integer> edges = new ArrayList<>(2 * options.sackCount());
        for (int i = 0; i < options.sackCount(); i++)
        {
            edges.add(options.sackStart(i));
            edges.add(options.sackEnd(i));
        }
        return new Segment.Options(
            options.mss(), options.windowScale(), options.sackPermitted(), options.hasTimestamps(),
            options.hasTimestamps() ? options.tsVal() : 0, options.hasTimestamps() ? options.tsEcr() : 0, edges);
    }

    private Segment.Sum sum(final UnsafeBuffer buffer, final int available)
    {
        final long pseudo = Checksum.pseudoHeader(buffer, addressesAt, 2 * addressBytes, TcpHeader.PROTOCOL, l4Length);
        if (tcp.checksum() == Checksum.fold(pseudo))
        {
            return Segment.Sum.PARTIAL;
        }
        if (available < l4Length)
        {
            return Segment.Sum.UNVERIFIABLE;
        }
        return Checksum.fold(pseudo + Checksum.sum(buffer, l4, l4Length)) == 0xFFFF ?
            Segment.Sum.COMPLETE :
            Segment.Sum.WRONG;
    }

    private IpAddress address(final UnsafeBuffer buffer, final int which)
    {
        final int at = addressesAt + which * addressBytes;
        return addressBytes == 4 ?
            IpAddress.v4(buffer.getInt(at, ByteOrder.BIG_ENDIAN)) :
            new IpAddress(buffer.getLong(at, ByteOrder.BIG_ENDIAN), buffer.getLong(at + 8, ByteOrder.BIG_ENDIAN));
    }

    /** TCP segments so far, in the order of the captures. */
    List<Segment> segments()
    {
        return segments;
    }

    /** ICMP messages of both families so far. */
    List<IcmpMessage> icmp()
    {
        return icmp;
    }

    /** Packets whose headers were damaged or not captured. */
    long unreadable()
    {
        return unreadable;
    }

    /** Packets of transports other than TCP and ICMP, later IPv4 fragments among them. */
    long otherTransports()
    {
        return otherTransports;
    }
}
