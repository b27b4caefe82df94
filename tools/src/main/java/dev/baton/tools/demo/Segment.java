package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A TCP segment, or super-segment, as a capture shows it.
 *
 * @param timeNs       when it was seen, since 1970.
 * @param tap          where.
 * @param outgoing     did the kernel send it there? At a TUN device that is towards the node's stack.
 * @param src          source address.
 * @param srcPort      source port.
 * @param dst          destination address.
 * @param dstPort      destination port.
 * @param seq          SEG.SEQ.
 * @param ack          SEG.ACK.
 * @param flags        bits of {@link TcpHeader}.
 * @param windowField  not scaled.
 * @param payloadBytes as on the wire, also when less was captured.
 * @param options      what was found in the option list.
 * @param sum          what its checksum is.
 * @param head         first bytes of the payload, as far as captured.
 */
record Segment(
    long timeNs,
    Tap tap,
    boolean outgoing,
    IpAddress src,
    int srcPort,
    IpAddress dst,
    int dstPort,
    int seq,
    int ack,
    int flags,
    int windowField,
    int payloadBytes,
    Options options,
    Sum sum,
    byte[] head)
{
    /** State of a transport checksum. */
    enum Sum
    {
        /** All bytes were captured, and the field is right. */
        COMPLETE,
        /**
         * The field holds the pseudo-header's sum, left to a device to complete, and that is right for these addresses.
         */
        PARTIAL,
        /** Not all bytes were captured, so a complete field cannot be judged. */
        UNVERIFIABLE,
        /** Neither: the segment would be thrown away by its receiver. */
        WRONG
    }

    /**
     * TCP options.
     *
     * @param mss           of a SYN; 0 when absent.
     * @param windowScale   of a SYN; -1 when absent.
     * @param sackPermitted of a SYN.
     * @param timestamps    are there timestamps?
     * @param tsVal         their value.
     * @param tsEcr         their echo.
     * @param sackEdges     start and end of each SACK block.
     */
    record Options(
        int mss, int windowScale, boolean sackPermitted, boolean timestamps, int tsVal, int tsEcr,
        List<Integer> sackEdges)
    {
        /** No option at all. */
        static final Options NONE = new Options(0, -1, false, false, 0, 0, List.of());

        /** The same with every SACK edge moved. */
        List<Integer> shiftedEdges(final int by)
        {
            final List<Integer> shifted = new ArrayList<>(sackEdges.size());
            sackEdges.forEach(edge -> shifted.add(edge + by));
            return shifted;
        }
    }

    boolean has(final int flag)
    {
        return (flags & flag) != 0;
    }

    /** A SYN that opens, without ACK. */
    boolean isSyn()
    {
        return has(TcpHeader.SYN) && !has(TcpHeader.ACK);
    }

    boolean isSynAck()
    {
        return has(TcpHeader.SYN) && has(TcpHeader.ACK);
    }

    boolean isRst()
    {
        return has(TcpHeader.RST);
    }

    boolean isFin()
    {
        return has(TcpHeader.FIN);
    }

    /** Does it carry anything that counts in sequence space? */
    boolean occupies()
    {
        return length() > 0;
    }

    /** Length in sequence space: SYN and FIN count. */
    int length()
    {
        return payloadBytes + (has(TcpHeader.SYN) ? 1 : 0) + (isFin() ? 1 : 0);
    }

    /** The number after its last. */
    int end()
    {
        return seq + length();
    }

    /** First line of the payload as text, without its end; empty when there is none. */
    String firstLine()
    {
        int length = 0;
        while (length < head.length && head[length] != '\r' && head[length] != '\n')
        {
            length++;
        }
        return new String(head, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** For evidence: flags, numbers and length, as a person reads them. */
    String brief()
    {
        final StringBuilder text = new StringBuilder();
        text.append(has(TcpHeader.SYN) ? "SYN " : "").append(isFin() ? "FIN " : "").append(isRst() ? "RST " : "");
        text.append("seq ").append(Integer.toUnsignedLong(seq));
        if (has(TcpHeader.ACK))
        {
            text.append(" ack ").append(Integer.toUnsignedLong(ack));
        }
        return text.append(" len ").append(payloadBytes).toString();
    }
}
