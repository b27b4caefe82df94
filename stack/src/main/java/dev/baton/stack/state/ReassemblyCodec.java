package dev.baton.stack.state;

import dev.baton.stack.ip.Reassembler;
import dev.baton.stack.ip.Reassembly;
import dev.baton.stack.state.codec.FragmentsDecoder;
import dev.baton.stack.state.codec.FragmentsEncoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;
import java.util.List;

/**
 * What waits in a {@link Reassembler}, as records: a 4-byte little-endian length, then one {@code Fragments} message, for
 * each datagram, the one that began first first. Not thread safe.
 */
public final class ReassemblyCodec
{
    private static final int LENGTH_BYTES = StateImageWriter.LENGTH_BYTES;
    private static final int MAX_DATAGRAM = 65_535;
    private static final int ALL_CODE_POINTS = 0b1111;
    private static final int IP4_HEADER = 20;
    private static final int IP6_HEADERS = 48;
    private static final int NEXT_HEADER_FIELD = 6;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final FragmentsEncoder encoder = new FragmentsEncoder();
    private final FragmentsDecoder decoder = new FragmentsDecoder();
    private final GroupFrame frame = new GroupFrame();
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer();

    /** A codec. */
    public ReassemblyCodec()
    {
    }

    /**
     * Write what waits.
     *
     * @param reassembler to be written.
     * @param nowNs       the cut.
     * @param buffer      that may have to grow.
     * @param offset      of the first record.
     * @return length of all records in bytes; 0 when nothing waits.
     */
    public int write(
        final Reassembler reassembler, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        final List<Reassembly> waiting = reassembler.waiting();
        int at = offset;
        for (final Reassembly datagram : waiting)
        {
            final int length = write(datagram, nowNs, buffer, at + LENGTH_BYTES);
            buffer.putInt(at, length, ByteOrder.LITTLE_ENDIAN);
            at += LENGTH_BYTES + length;
        }
        return at - offset;
    }

    private int write(final Reassembly datagram, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .ipVersion((short)datagram.version())
            .protocol((short)datagram.protocol())
            .identification(datagram.id())
            .srcHi(datagram.srcHi())
            .srcLo(datagram.srcLo())
            .dstHi(datagram.dstHi())
            .dstLo(datagram.dstLo())
            .startedAgeNs(nowNs - datagram.startedNs())
            .deadlineInNs(datagram.deadlineNs() - nowNs)
            .totalBytes(datagram.totalBytes())
            .nextHeaderAt(datagram.nextHeaderAt())
            .ecnSeen((short)datagram.ecnSeen())
            .lost((short)(datagram.isLost() ? 1 : 0));
        final FragmentsEncoder.RangesEncoder ranges = encoder.rangesCount(datagram.rangeCount());
        int bytes = 0;
        for (int i = 0; i < datagram.rangeCount(); i++)
        {
            final int length = datagram.rangeEnd(i) - datagram.rangeStart(i);
            ranges.next().start(datagram.rangeStart(i)).end(datagram.rangeEnd(i));
            datagram.copyData(datagram.rangeStart(i), length, scratch, Reassembly.MAX_HEADERS_BYTES + bytes);
            bytes += length;
        }
        datagram.copyHeaders(scratch, 0);
        encoder.putHeaders(scratch, 0, datagram.headersLength());
        encoder.putBytes(scratch, Reassembly.MAX_HEADERS_BYTES, bytes);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /**
     * Read what waited; nothing has changed when it is refused.
     *
     * @param buffer      that holds the records.
     * @param offset      of the first record.
     * @param length      of all records in bytes.
     * @param nowNs       the cut, on the clock of the shard that reads.
     * @param reassembler that waits for nothing; when its limits are lower, what began first is given up.
     * @throws StateException when the bytes are no valid records, or a value cannot be one.
     */
    public void read(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final long nowNs,
        final Reassembler reassembler)
    {
        Headers.checkInside(buffer, offset, length);
        int at = offset;
        while (at < offset + length)
        {
            at += LENGTH_BYTES + check(buffer, at, offset + length, reassembler.maxFragments());
        }
        at = offset;
        while (at < offset + length)
        {
            restore(buffer, at + LENGTH_BYTES, nowNs, reassembler);
            at += LENGTH_BYTES + buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
        }
    }

    /** Verify one record with its length; nothing changes. Returns its length without that. */
    int check(final DirectBuffer buffer, final int at, final int end, final int maxFragments)
    {
        Rules.require(end - at >= LENGTH_BYTES, "record", end - at, "its length takes 4 bytes");
        final int length = buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
        Rules.range("record length", length, 0, end - at - LENGTH_BYTES);
        frame.begin(
            buffer, at + LENGTH_BYTES, length, FragmentsDecoder.TEMPLATE_ID, FragmentsDecoder.BLOCK_LENGTH);
        frame.group("ranges", FragmentsDecoder.RangesDecoder.sbeBlockLength(), maxFragments);
        final int headers = frame.data("headers", Reassembly.MAX_HEADERS_BYTES);
        final int bytes = frame.data("bytes", MAX_DATAGRAM);
        frame.end();
        decoder.wrapAndApplyHeader(buffer, at + LENGTH_BYTES, headerDecoder);
        fields(headers);
        ranges(headers, bytes);
        if (headers > 0)
        {
            header(buffer, at + LENGTH_BYTES + length - bytes - Integer.BYTES - headers, headers);
        }
        return length;
    }

    private void fields(final int headers)
    {
        Rules.require(decoder.ipVersion() == 4 || decoder.ipVersion() == 6, "ipVersion", decoder.ipVersion(),
            "it is 4 or 6");
        Rules.require(decoder.ipVersion() == 4 || decoder.protocol() == 0, "protocol", decoder.protocol(),
            "it is no part of an IPv6 datagram's identity");
        Rules.span("startedAgeNs", decoder.startedAgeNs());
        Rules.span("deadlineInNs", decoder.deadlineInNs());
        Rules.range("totalBytes", decoder.totalBytes(), -1, MAX_DATAGRAM);
        Rules.range("ecnSeen", decoder.ecnSeen(), 0, ALL_CODE_POINTS);
        Rules.range("lost", decoder.lost(), 0, 1);
        final boolean v6 = decoder.ipVersion() == 6 && headers > 0;
        Rules.range("nextHeaderAt", decoder.nextHeaderAt(), v6 ? NEXT_HEADER_FIELD : 0,
            v6 ? Math.max(NEXT_HEADER_FIELD, headers - 9) : Reassembly.MAX_HEADERS_BYTES);
    }

    private void ranges(final int headers, final int bytes)
    {
        int last = -1;
        int sum = 0;
        boolean first = false;
        for (final FragmentsDecoder.RangesDecoder range : decoder.ranges())
        {
            Rules.range("ranges.start", range.start(), Math.max(0, last), MAX_DATAGRAM);
            Rules.range("ranges.end", range.end(), range.start() + 1L, MAX_DATAGRAM);
            first |= range.start() == 0;
            sum += range.end() - range.start();
            last = range.end();
        }
        Rules.require(sum == bytes, "bytes", bytes, "the ranges have " + sum);
        Rules.require(first == headers > 0, "headers", headers, "they are there with fragment 0 and not without it");
        final int total = decoder.totalBytes();
        Rules.require(total < 0 || last <= total, "totalBytes", total, "the last range ends at " + last);
        Rules.require(decoder.lost() == 1 || total < 0 || sum < total, "totalBytes", total, "nothing is missing");
    }

    /** The header that will be mended must be one, or what is in front of the data would be. */
    private void header(final DirectBuffer buffer, final int at, final int length)
    {
        final int first = buffer.getByte(at) & 0xFF;
        Rules.require(first >>> 4 == decoder.ipVersion(), "headers", first, "they begin with the IP version");
        if (decoder.ipVersion() == 4)
        {
            Rules.require(length >= IP4_HEADER && (first & 0xF) * 4 == length, "headers", length,
                "the IPv4 header says " + (first & 0xF) * 4);
        }
        else
        {
            Rules.require(length >= IP6_HEADERS && length % 8 == 0, "headers", length,
                "an IPv6 and a fragment header take 48 bytes, and all are multiples of 8");
        }
    }

    private void restore(
        final DirectBuffer buffer, final int at, final long nowNs, final Reassembler reassembler)
    {
        decoder.wrapAndApplyHeader(buffer, at, headerDecoder);
        final Reassembly datagram = reassembler.restore(
            decoder.ipVersion(), decoder.protocol(), decoder.identification(), decoder.srcHi(), decoder.srcLo(),
            decoder.dstHi(), decoder.dstLo(), nowNs - decoder.startedAgeNs(), nowNs + decoder.deadlineInNs());
        datagram.restore(decoder.totalBytes(), decoder.nextHeaderAt(), decoder.ecnSeen(), decoder.lost() == 1);
        for (final FragmentsDecoder.RangesDecoder range : decoder.ranges())
        {
            datagram.restoreRange(range.start(), range.end());
        }
        final int headers = decoder.getHeaders(scratch, 0, Reassembly.MAX_HEADERS_BYTES);
        decoder.getBytes(scratch, Reassembly.MAX_HEADERS_BYTES, MAX_DATAGRAM);
        datagram.restoreBytes(scratch, headers, Reassembly.MAX_HEADERS_BYTES);
    }
}
