package dev.baton.tests.node;

import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What must hold of the segments that the stack sent, read from tcpdump's file of the device between it and the kernel: no
 * RST, data inside of the window that the kernel offered, nothing acknowledged that was not sent, a right window edge and a
 * TSval that never step back. A segment is in the file before its receiver has it, so order tells cause.
 */
final class CaptureCheck
{
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;

    /** One end of a connection: what it sent so far. */
    private static final class End
    {
        private int sentTo;
        private int edge;
        private int tsVal;
        private int shift;
        private boolean syn;
        private boolean scales;
        private boolean edgeKnown;
        private boolean stamped;
    }

    private final Map<String, End> ends = new HashMap<>();
    private final TcpHeader tcp = new TcpHeader();
    private final TcpOptions options = new TcpOptions();
    private String where;
    int segments;
    int dataSegments;
    int resentSegments;
    int synsWithData;
    int resets;
    int allOptions;

    static CaptureCheck of(final Path file) throws IOException
    {
        final CaptureCheck check = new CaptureCheck();
        final UnsafeBuffer all = new UnsafeBuffer(Files.readAllBytes(file));
        int at = FILE_HEADER;
        for (int number = 1; at + RECORD_HEADER <= all.capacity(); number++)
        {
            final int captured = all.getInt(at + 8, ByteOrder.LITTLE_ENDIAN);
            if (at + RECORD_HEADER + captured > all.capacity())
            {
                break;
            }
            check.where = file.getFileName() + ", packet " + number;
            check.packet(all, at + RECORD_HEADER, all.getInt(at + 12, ByteOrder.LITTLE_ENDIAN));
            at += RECORD_HEADER + captured;
        }
        return check;
    }

    private void packet(final UnsafeBuffer all, final int at, final int wireLength)
    {
        final boolean v4 = (all.getByte(at) & 0xF0) == 0x40;
        final int header = v4 ? (all.getByte(at) & 0xF) << 2 : 40;
        if (all.getByte(at + (v4 ? 9 : 6)) != TcpHeader.PROTOCOL)
        {
            return;
        }
        final int size = v4 ? 4 : 16;
        final int src = at + (v4 ? 12 : 8);
        final String from = hex(all, src, size);
        final String to = hex(all, src + size, size);
        tcp.wrap(all, at + header);
        final int length = wireLength - header - tcp.headerLength();
        options.parse(all, at + header + TcpHeader.LENGTH, tcp.headerLength() - TcpHeader.LENGTH);
        final String sender = from + ":" + tcp.srcPort();
        final String receiver = to + ":" + tcp.dstPort();
        // The stack has ::2 and .2, the kernel ::1 and .1.
        segment(ends.computeIfAbsent(sender + ">" + receiver, (absent) -> new End()),
            ends.computeIfAbsent(receiver + ">" + sender, (absent) -> new End()), from.endsWith("2"), length);
    }

    private void segment(final End own, final End other, final boolean ours, final int length)
    {
        final boolean syn = (tcp.flags() & TcpHeader.SYN) != 0;
        if (syn)
        {
            own.syn = true;
            own.scales = options.windowScale() >= 0;
            own.shift = Math.max(0, options.windowScale());
            own.sentTo = tcp.seq();
            final boolean whole = options.sackPermitted() && options.hasTimestamps() && own.scales;
            allOptions += ours && whole ? 1 : 0;
            synsWithData += !ours && length > 0 ? 1 : 0;
        }
        final int end = tcp.seq() + length + (syn ? 1 : 0) + ((tcp.flags() & TcpHeader.FIN) != 0 ? 1 : 0);
        if (ours)
        {
            rules(own, other, end, length, syn);
        }
        if (own.syn && Seq.gt(end, own.sentTo))
        {
            own.sentTo = end;
        }
        if ((tcp.flags() & TcpHeader.ACK) != 0 && (tcp.flags() & TcpHeader.RST) == 0)
        {
            final int shift = syn || !own.scales || !other.scales ? 0 : own.shift;
            final int edge = tcp.ack() + (tcp.window() << shift);
            if (!own.edgeKnown || Seq.gt(edge, own.edge))
            {
                own.edge = edge;
            }
            own.edgeKnown = true;
        }
        if (options.hasTimestamps())
        {
            own.tsVal = options.tsVal();
            own.stamped = true;
        }
    }

    private void rules(final End own, final End other, final int end, final int length, final boolean syn)
    {
        segments++;
        if ((tcp.flags() & TcpHeader.RST) != 0)
        {
            resets++;
            return;
        }
        that(!options.hasTimestamps() || !own.stamped || Seq.geq(options.tsVal(), own.tsVal), "TSval steps back");
        if ((tcp.flags() & TcpHeader.ACK) != 0 && other.syn)
        {
            that(Seq.leq(tcp.ack(), other.sentTo), "acknowledges what was never sent");
            final int shift = syn || !own.scales || !other.scales ? 0 : own.shift;
            final int edge = tcp.ack() + (tcp.window() << shift);
            that(!own.edgeKnown || Seq.geq(edge + (1 << shift), own.edge), "right window edge retreats");
        }
        if (length > 0 && !syn)
        {
            dataSegments++;
            // A probe of a shut window may stand one byte beyond it (RFC 9293, section 3.8.6.1).
            that(!other.edgeKnown || Seq.leq(tcp.seq() + length, other.edge + 1), "data beyond the window");
            resentSegments += Seq.leq(end, own.sentTo) ? 1 : 0;
        }
    }

    private void that(final boolean holds, final String what)
    {
        if (!holds)
        {
            throw new AssertionError(where + ": " + what + ": seq " + tcp.seq() + " ack " + tcp.ack() + " flags " + tcp.flags());
        }
    }

    private static String hex(final UnsafeBuffer all, final int at, final int size)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++)
        {
            text.append(String.format("%02x", all.getByte(at + i)));
        }
        return text.toString();
    }
}
