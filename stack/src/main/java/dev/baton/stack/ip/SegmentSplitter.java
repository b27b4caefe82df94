package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Cuts a TCP super-segment into the segments that go on the wire, as a device with segmentation offload does: every
 * segment repeats the headers with its own sequence number and lengths; FIN and PSH are on the last one only, CWR on
 * the first one only (RFC 3168, section 6.1.2); the IPv4 identification counts up; all checksums are complete.
 * <p>
 * One after the other: {@link #begin(Packet)}, then {@link #next(Packet)} until it says false. The super-segment's
 * bytes must stay as they are meanwhile. Not thread safe; allocates nothing after construction.
 */
public final class SegmentSplitter
{
    private final UnsafeBuffer segment =
        new UnsafeBuffer(ByteBuffer.allocateDirect(Packet.HEADROOM + Packet.MAX_LENGTH));
    private final Ip4Header ip4 = new Ip4Header();
    private final Ip6Header ip6 = new Ip6Header();
    private final TcpHeader tcp = new TcpHeader();
    private Packet whole;
    private int ipLength;
    private int headersLength;
    private int payloadLength;
    private int position;
    private int index;

    /** A splitter with its own buffer for one segment. */
    public SegmentSplitter()
    {
    }

    /**
     * Start with a super-segment.
     *
     * @param superSegment TCP with its transport header located and a {@link Packet#gsoSize()} above 0.
     */
    public void begin(final Packet superSegment)
    {
        whole = superSegment;
        ipLength = superSegment.l4Offset() - superSegment.offset();
        tcp.wrap(superSegment.buffer(), superSegment.l4Offset());
        headersLength = ipLength + tcp.headerLength();
        payloadLength = superSegment.length() - headersLength;
        position = 0;
        index = 0;
    }

    /**
     * Make the next segment.
     *
     * @param packet to be pointed at it, in this splitter's buffer, with headroom; valid until the next call.
     * @return false when there is none left.
     */
    public boolean next(final Packet packet)
    {
        if (position >= payloadLength && index > 0)
        {
            return false;
        }
        final int size = Math.min(whole.gsoSize(), payloadLength - position);
        final int length = headersLength + size;
        final int at = Packet.HEADROOM;
        segment.putBytes(at, whole.buffer(), whole.offset(), headersLength);
        segment.putBytes(at + headersLength, whole.buffer(), whole.offset() + headersLength + position, size);
        encodeIp(at, length);
        encodeTcp(at + ipLength, position + size >= payloadLength);
        packet.wrap(segment, at, length, 0, Packet.CHECKSUM_COMPLETE)
            .l4(whole.version(), at + ipLength, whole.protocol());
        checksum(packet);
        position += size;
        index++;
        return true;
    }

    private void encodeIp(final int at, final int length)
    {
        if (whole.version() == 4)
        {
            ip4.wrap(segment, at).totalLength(length);
            segment.putShort(at + 4, (short)(ip4.id() + index), ByteOrder.BIG_ENDIAN);
            ip4.computeChecksum();
        }
        else
        {
            ip6.wrap(segment, at).payloadLength(length - Ip6Header.LENGTH);
        }
    }

    private void encodeTcp(final int at, final boolean last)
    {
        tcp.wrap(segment, at);
        int flags = tcp.flags();
        if (index > 0)
        {
            flags &= ~TcpHeader.CWR;
        }
        if (!last)
        {
            flags &= ~(TcpHeader.FIN | TcpHeader.PSH);
        }
        tcp.seq(tcp.seq() + position).headerLengthAndFlags(tcp.headerLength(), flags);
    }

    private void checksum(final Packet packet)
    {
        tcp.checksum(0);
        final long pseudo = TransportChecksum.pseudoHeader(
            segment, packet.offset(), packet.version(), packet.protocol(), packet.l4Length());
        tcp.checksum(Checksum.finish(pseudo + Checksum.sum(segment, packet.l4Offset(), packet.l4Length())));
    }
}
