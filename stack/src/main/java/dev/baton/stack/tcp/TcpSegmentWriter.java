package dev.baton.stack.tcp;

import dev.baton.stack.Packet;
import dev.baton.stack.intercept.InterceptorChain;
import dev.baton.stack.ip.IpOutput;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Builds a segment in the shard's transmit buffer and sends it through the chain: {@link #begin}, options, payload,
 * {@link #send}.
 * <pre>
 *    HEADROOM | IP header | TCP header | options | payload
 *             ^ offset                           ^ payloadOffset()
 * </pre>
 * Options stand as Linux writes them, so that header prediction of peers works; those of SYNs may stand in
 * BSD's order. Not thread safe; allocates nothing.
 */
final class TcpSegmentWriter
{
    private static final ByteOrder BE = ByteOrder.BIG_ENDIAN;
    private static final int OFFSET = Packet.HEADROOM;
    private static final int PAD_NOP_NOP = TcpOptions.NOP << 24 | TcpOptions.NOP << 16;

    private final UnsafeBuffer buffer =
        new UnsafeBuffer(ByteBuffer.allocateDirect(Packet.HEADROOM + Packet.MAX_LENGTH + TcpHeader.MAX_LENGTH));
    private final Packet packet = new Packet();
    private final TcpHeader header = new TcpHeader();
    private final IpOutput ip;
    private final InterceptorChain chain;
    private final int ttl;
    private final boolean bsdOptionOrder;
    private int version;
    private int headerOffset;
    private int optionsLength;
    private long localHi;
    private long localLo;
    private long remoteHi;
    private long remoteLo;
    private int flowLabel;
    private int ecn;
    private int hops;
    private int tos;
    private int urgentPointer;

    TcpSegmentWriter(final IpOutput ip, final InterceptorChain chain, final int ttl, final boolean bsdOptionOrder)
    {
        this.bsdOptionOrder = bsdOptionOrder;
        this.ip = ip;
        this.chain = chain;
        this.ttl = ttl;
    }

    /** Begin a segment without options. */
    TcpSegmentWriter begin(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort,
        final int flowLabel)
    {
        version = IpAddress.isV4(remoteHi, remoteLo) ? 4 : 6;
        headerOffset = OFFSET + IpOutput.headerLength(version);
        optionsLength = 0;
        ecn = 0;
        this.localHi = localHi;
        this.localLo = localLo;
        this.remoteHi = remoteHi;
        this.remoteLo = remoteLo;
        this.flowLabel = flowLabel;
        hops = -1;
        tos = 0;
        urgentPointer = 0;
        header.wrap(buffer, headerOffset).srcPort(localPort).dstPort(remotePort);
        return this;
    }

    /** Time to live and TOS of the segment that was begun, as they are set; null for the defaults. */
    TcpSegmentWriter marks(final TcpSettings settings)
    {
        final int own = InForce.ttl(settings);
        hops = own;
        tos = InForce.tos(settings);
        return this;
    }

    /**
     * The segment that was begun announces the end of urgent data: so many octets after its first (RFC 9293, section
     * 3.8.5).
     */
    void urgent(final int pointer)
    {
        urgentPointer = pointer;
    }

    /** Options of a SYN (RFC 9293, section 3.7.1; RFC 7323; RFC 2018); a negative shift means no window scaling. */
    TcpSegmentWriter synOptions(
        final int mss, final boolean sack, final boolean timestamps, final int tsVal, final int tsEcr, final int shift)
    {
        putInt(TcpOptions.MSS << 24 | 4 << 16 | mss);
        if (bsdOptionOrder)
        {
            scale(shift);
        }
        if (timestamps)
        {
            final int first = sack ? TcpOptions.SACK_PERMITTED << 24 | 2 << 16 : PAD_NOP_NOP;
            putInt(first | TcpOptions.TIMESTAMPS << 8 | 10);
            putInt(tsVal);
            putInt(tsEcr);
        }
        else if (sack)
        {
            final int pair = TcpOptions.SACK_PERMITTED << 8 | 2;
            putInt(bsdOptionOrder ? pair << 16 : PAD_NOP_NOP | pair);
        }
        if (!bsdOptionOrder)
        {
            scale(shift);
        }
        return this;
    }

    private void scale(final int shift)
    {
        if (shift >= 0)
        {
            putInt(TcpOptions.NOP << 24 | TcpOptions.WINDOW_SCALE << 16 | 3 << 8 | shift);
        }
    }

    /** Fast Open (RFC 7413, section 4.1.1; experimental: RFC 6994), aligned at its end. */
    TcpSegmentWriter fastOpen(final FastOpenOption option)
    {
        final int head = option.experimental ? 4 : 2;
        final int length = head + option.length;
        int at = headerOffset + TcpHeader.LENGTH + optionsLength;
        for (int pad = -length & 3; pad > 0; pad--)
        {
            buffer.putByte(at, (byte)TcpOptions.NOP);
            at++;
        }
        buffer.putByte(at, (byte)(option.experimental ? TcpOptions.EXPERIMENTAL : TcpOptions.FAST_OPEN));
        buffer.putByte(at + 1, (byte)length);
        if (option.experimental)
        {
            buffer.putShort(at + 2, (short)TcpOptions.FAST_OPEN_MAGIC, BE);
        }
        for (int i = 0; i < option.length; i++)
        {
            buffer.putByte(at + head + i, option.byteAt(i));
        }
        optionsLength += length + 3 & ~3;
        return this;
    }

    /** Timestamps of a segment that is no SYN. */
    TcpSegmentWriter timestamps(final int tsVal, final int tsEcr)
    {
        putInt(PAD_NOP_NOP | TcpOptions.TIMESTAMPS << 8 | 10);
        putInt(tsVal);
        putInt(tsEcr);
        return this;
    }

    /** User time-out (RFC 5482, section 2.1): granularity bit and time. */
    void userTimeout(final int field)
    {
        putInt(TcpOptions.USER_TIMEOUT << 24 | 4 << 16 | field);
    }

    /** SACK blocks, latest arrival first (RFC 2018, section 4). */
    TcpSegmentWriter sackBlocks(final Tcb tcb, final int blocks)
    {
        putInt(PAD_NOP_NOP | TcpOptions.SACK << 8 | 2 + 8 * blocks);
        return runs(tcb, blocks);
    }

    /** What came twice, and then SACK blocks (RFC 2883, section 4). */
    TcpSegmentWriter dsackBlocks(final int start, final int end, final Tcb tcb, final int blocks)
    {
        putInt(PAD_NOP_NOP | TcpOptions.SACK << 8 | 2 + 8 * (blocks + 1));
        putInt(start);
        putInt(end);
        return runs(tcb, blocks);
    }

    /** A FIN beyond a hole belongs to the run before it, or the peer would take it for lost. */
    private TcpSegmentWriter runs(final Tcb tcb, final int blocks)
    {
        final ReceiveRing ring = tcb.receiveRing;
        int arrival = Integer.MAX_VALUE;
        for (int i = 0; i < blocks; i++)
        {
            final int run = ring.latestRunBefore(arrival);
            arrival = ring.runArrival(run);
            putInt(ring.runStart(run));
            final boolean fin = tcb.finKnown && ring.runEnd(run) == tcb.finSeq;
            putInt(ring.runEnd(run) + (fin ? 1 : 0));
        }
        return this;
    }

    /** Accurate ECN with all counters (RFC 9768, section 3.2.3). */
    TcpSegmentWriter accurateEcn(final int e0, final int ce, final int e1)
    {
        putInt(TcpOptions.NOP << 24 | TcpOptions.ACCURATE_ECN_0 << 16 | 11 << 8 | e0 >>> 16 & 0xFF);
        putInt(e0 << 16 | ce >>> 8 & 0xFFFF);
        putInt(ce << 24 | e1 & 0xFF_FFFF);
        return this;
    }

    /** Accurate ECN with the two counters that its kind puts first. */
    TcpSegmentWriter shortAccurateEcn(final int kind, final int first, final int ce)
    {
        putInt(kind << 24 | 8 << 16 | first >>> 8 & 0xFFFF);
        putInt(first << 24 | ce & 0xFF_FFFF);
        return this;
    }

    /** Set the ECN field of the packet. */
    TcpSegmentWriter ecn(final int field)
    {
        ecn = field;
        return this;
    }

    private void putInt(final int value)
    {
        buffer.putInt(headerOffset + TcpHeader.LENGTH + optionsLength, value, BE);
        optionsLength += 4;
    }

    MutableDirectBuffer buffer()
    {
        return buffer;
    }

    /** Bytes of options that there are already. */
    int optionsLength()
    {
        return optionsLength;
    }

    /** Where the payload is to be put, once all options are there. */
    int payloadOffset()
    {
        return headerOffset + TcpHeader.LENGTH + optionsLength;
    }

    /**
     * Send the segment. {@code unit} is the payload of a full wire segment: a longer payload makes a super-segment.
     */
    void send(
        final int seq,
        final int ack,
        final int flags,
        final int window,
        final int payloadLength,
        final int unit,
        final long nowNs)
    {
        final int headerLength = TcpHeader.LENGTH + optionsLength;
        final int l4Length = headerLength + payloadLength;
        final int hopLimit = hops < 0 ? ip.hopLimit(remoteHi, remoteLo, ttl) : hops;
        ip.encode(buffer, OFFSET, version, tos | ecn, hopLimit, TcpHeader.PROTOCOL, l4Length,
            localHi, localLo, remoteHi, remoteLo, flowLabel);
        header.seq(seq).ack(ack).window(window).urgentPointer(urgentPointer)
            .headerLengthAndFlags(headerLength, urgentPointer == 0 ? flags : flags | TcpHeader.URG);
        ip.partialChecksum(buffer, OFFSET, version, l4Length);
        packet.wrap(buffer, OFFSET, headerOffset - OFFSET + l4Length, payloadLength > unit ? unit : 0,
            Packet.CHECKSUM_PARTIAL);
        packet.l4(version, headerOffset, TcpHeader.PROTOCOL);
        chain.egress(packet, nowNs);
    }
}
