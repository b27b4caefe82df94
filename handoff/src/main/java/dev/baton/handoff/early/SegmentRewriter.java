package dev.baton.handoff.early;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * Rewrites the headers of one segment in place and keeps its checksums in step.
 * <p>
 * A complete TCP checksum is updated incrementally (RFC 1624) from the sums of the whole TCP header and of the
 * addresses before and after, so that an option at an odd offset needs no case of its own, and a segment that arrived
 * damaged stays damaged. A partial one (virtio NEEDS_CSUM: an un-complemented pseudo-header sum) changes with the
 * addresses alone, since the device sums the rest.
 * <p>
 * Use: {@link #begin(Packet)}, any of the changes, {@link #end()}.
 */
final class SegmentRewriter
{
    private final TcpHeader tcp = new TcpHeader();
    private final Ip4Header ip4 = new Ip4Header();
    private final Ip6Header ip6 = new Ip6Header();
    private final TcpOptions options = new TcpOptions();
    private Packet packet;
    private MutableDirectBuffer buffer;
    private int l4;
    private int headerLength;
    private long oldAddresses;
    private long oldHeader;
    private boolean optionsParsed;

    SegmentRewriter begin(final Packet packet)
    {
        this.packet = packet;
        this.buffer = packet.buffer();
        this.l4 = packet.l4Offset();
        tcp.wrap(buffer, l4);
        headerLength = tcp.headerLength();
        oldAddresses = addressSum();
        oldHeader = headerSum();
        optionsParsed = false;
        if (packet.version() == 4)
        {
            ip4.wrap(buffer, packet.offset());
        }
        else
        {
            ip6.wrap(buffer, packet.offset());
        }
        return this;
    }

    TcpHeader tcp()
    {
        return tcp;
    }

    TcpOptions options()
    {
        if (!optionsParsed)
        {
            options.parse(buffer, l4 + TcpHeader.LENGTH, headerLength - TcpHeader.LENGTH);
            optionsParsed = true;
        }
        return options;
    }

    SegmentRewriter destination(final long hi, final long lo, final int port)
    {
        if (packet.version() == 4)
        {
            ip4.dst((int)lo);
        }
        else
        {
            ip6.dst(hi, lo);
        }
        tcp.dstPort(port);
        return this;
    }

    SegmentRewriter source(final long hi, final long lo, final int port)
    {
        if (packet.version() == 4)
        {
            ip4.src((int)lo);
        }
        else
        {
            ip6.src(hi, lo);
        }
        tcp.srcPort(port);
        return this;
    }

    /** Move the acknowledgment number and both edges of every SACK block. */
    SegmentRewriter shiftAck(final int by)
    {
        if ((tcp.flags() & TcpHeader.ACK) == 0)
        {
            return this;
        }
        tcp.ack(tcp.ack() + by);
        final TcpOptions parsed = options();
        for (int i = 0; i < parsed.sackCount(); i++)
        {
            final int at = parsed.sackOffset() + 2 + 8 * i;
            buffer.putInt(at, parsed.sackStart(i) + by, ByteOrder.BIG_ENDIAN);
            buffer.putInt(at + 4, parsed.sackEnd(i) + by, ByteOrder.BIG_ENDIAN);
        }
        return this;
    }

    SegmentRewriter shiftSeq(final int by)
    {
        tcp.seq(tcp.seq() + by);
        return this;
    }

    SegmentRewriter shiftTsVal(final int by)
    {
        final TcpOptions parsed = options();
        if (parsed.hasTimestamps())
        {
            buffer.putInt(parsed.tsOffset() + 2, parsed.tsVal() + by, ByteOrder.BIG_ENDIAN);
        }
        return this;
    }

    SegmentRewriter shiftTsEcr(final int by)
    {
        final TcpOptions parsed = options();
        if (parsed.hasTimestamps() && (tcp.flags() & TcpHeader.ACK) != 0)
        {
            buffer.putInt(parsed.tsOffset() + 6, parsed.tsEcr() + by, ByteOrder.BIG_ENDIAN);
        }
        return this;
    }

    SegmentRewriter tsEcr(final int tsEcr)
    {
        final TcpOptions parsed = options();
        if (parsed.hasTimestamps())
        {
            buffer.putInt(parsed.tsOffset() + 6, tsEcr, ByteOrder.BIG_ENDIAN);
        }
        return this;
    }

    /**
     * One hop less to live.
     *
     * @return false when the packet must not be sent on.
     */
    boolean decrementTtl()
    {
        if (packet.version() == 4)
        {
            final int ttl = ip4.ttl() - 1;
            ip4.ttl(ttl);
            return ttl > 0;
        }
        final int hopLimit = ip6.hopLimit() - 1;
        ip6.hopLimit(hopLimit);
        return hopLimit > 0;
    }

    void end()
    {
        if (packet.version() == 4)
        {
            ip4.computeChecksum();
        }
        if (packet.checksum() == Packet.CHECKSUM_PARTIAL)
        {
            tcp.checksum(Checksum.updatePartial(tcp.checksum(), oldAddresses, addressSum()));
        }
        else
        {
            tcp.checksum(
                Checksum.update(tcp.checksum(), oldAddresses + oldHeader, addressSum() + headerSum()));
        }
    }

    /** Compute the TCP checksum of the packet last begun from nothing, whatever its field holds. */
    void recomputeChecksum()
    {
        final int length = packet.l4Length();
        tcp.checksum(0);
        tcp.checksum(Checksum.finish(
            addressSum() + TcpHeader.PROTOCOL + length + Checksum.sum(buffer, l4, length)));
    }

    private long addressSum()
    {
        return packet.version() == 4 ?
            Checksum.sum(buffer, packet.offset() + Ip4Header.SRC_OFFSET, 8) :
            Checksum.sum(buffer, packet.offset() + Ip6Header.SRC_OFFSET, 32);
    }

    private long headerSum()
    {
        return Checksum.sum(buffer, l4, TcpHeader.CHECKSUM_OFFSET) +
            Checksum.sum(
                buffer, l4 + TcpHeader.CHECKSUM_OFFSET + 2, headerLength - TcpHeader.CHECKSUM_OFFSET - 2);
    }
}
