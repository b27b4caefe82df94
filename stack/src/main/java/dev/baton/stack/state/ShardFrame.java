package dev.baton.stack.state;

import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.ShardDecoder;
import dev.baton.stack.state.codec.ShardEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The frame of a whole shard's image: records, each behind a 4-byte little-endian length; the first one, a {@code Shard},
 * says how many of each {@link ShardKind} follow, how long they are, and their checksum. Not thread safe.
 */
final class ShardFrame
{
    private static final int LENGTH_BYTES = Integer.BYTES;
    private static final ShardKind[] KINDS = ShardKind.values();
    private static final int GROUP_HEADER = 4;
    private static final int CHUNK_BYTES = 4096;
    /** Length of the first record with the length in front of it. */
    static final int FIRST_RECORD = LENGTH_BYTES + MessageHeaderDecoder.ENCODED_LENGTH + ShardDecoder.BLOCK_LENGTH +
        GROUP_HEADER + KINDS.length * ShardDecoder.ContentsDecoder.sbeBlockLength();
    /** Where the checksum stands. */
    static final int CHECKSUM_AT =
        LENGTH_BYTES + MessageHeaderDecoder.ENCODED_LENGTH + ShardDecoder.checksumEncodingOffset();
    /** Far more than any shard can have. */
    private static final long MAX_RECORDS = 1 << 25;

    private final GroupFrame frame = new GroupFrame();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ShardDecoder decoder = new ShardDecoder();

    /** Is shown each record. */
    interface Visitor
    {
        /** Verify the record of a kind at an offset. */
        void onRecord(ShardKind kind, int at, int length);
    }

    /** Write the first record, when all others have been. */
    static void finish(
        final MutableDirectBuffer buffer, final int offset, final int end, final int shard, final int[] counts)
    {
        final int first = offset + FIRST_RECORD;
        buffer.putInt(offset, FIRST_RECORD - LENGTH_BYTES, ByteOrder.LITTLE_ENDIAN);
        final ShardEncoder encoder = new ShardEncoder()
            .wrapAndApplyHeader(buffer, offset + LENGTH_BYTES, new MessageHeaderEncoder())
            .shard(shard)
            .bytes(end - first)
            .checksum(0);
        final ShardEncoder.ContentsEncoder contents = encoder.contentsCount(KINDS.length);
        for (final ShardKind kind : KINDS)
        {
            contents.next().templateId(kind.templateId()).records(counts[kind.ordinal()]);
        }
        encoder.checksum(checksum(buffer, offset, end));
    }

    /**
     * Walk over an image. Its frame is verified before the first record is shown.
     *
     * @param buffer  that holds it.
     * @param offset  of it.
     * @param length  of it, in bytes.
     * @param visitor verifies each record but the first.
     * @throws StateException when the bytes are no such image.
     */
    void read(final DirectBuffer buffer, final int offset, final int length, final Visitor visitor)
    {
        Headers.checkInside(buffer, offset, length);
        Rules.require(length >= FIRST_RECORD, "length", length, "the first record alone takes " + FIRST_RECORD +
            " bytes; give the whole image of a shard");
        Rules.require(buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN) == FIRST_RECORD - LENGTH_BYTES, "record length",
            buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN), "the first record has " + (FIRST_RECORD - LENGTH_BYTES));
        frame.begin(buffer, offset + LENGTH_BYTES, FIRST_RECORD - LENGTH_BYTES, ShardDecoder.TEMPLATE_ID,
            ShardDecoder.BLOCK_LENGTH);
        frame.group("contents", ShardDecoder.ContentsDecoder.sbeBlockLength(), KINDS.length);
        frame.end();
        decoder.wrapAndApplyHeader(buffer, offset + LENGTH_BYTES, header);
        Rules.require(decoder.bytes() == length - FIRST_RECORD, "bytes", decoder.bytes(),
            (length - FIRST_RECORD) + " bytes follow; the image is cut off, or something is behind it");
        final long sum = checksum(buffer, offset, offset + length);
        Rules.require(decoder.checksum() == sum, "checksum", decoder.checksum(), "the bytes have " + sum +
            ": they are damaged; take another copy");
        walk(buffer, offset + FIRST_RECORD, offset + length, visitor);
    }

    private void walk(final DirectBuffer buffer, final int first, final int end, final Visitor visitor)
    {
        int at = first;
        int place = 0;
        for (final ShardDecoder.ContentsDecoder kind : decoder.contents())
        {
            Rules.require(kind.templateId() == KINDS[place].templateId(), "contents.templateId", kind.templateId(),
                "the records in this place are of " + KINDS[place].templateId());
            Rules.range("contents.records", kind.records(), 0, MAX_RECORDS);
            for (long i = 0; i < kind.records(); i++)
            {
                Rules.require(end - at >= LENGTH_BYTES, "record length", end - at, "it takes " + LENGTH_BYTES + " bytes");
                final int length = buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
                at += LENGTH_BYTES;
                Rules.range("record length", length, MessageHeaderDecoder.ENCODED_LENGTH, end - at);
                visitor.onRecord(KINDS[place], at, length);
                at += length;
            }
            place++;
        }
        Rules.require(at == end, "length", end, "the image announces records that end at " + at);
    }

    /** CRC-32C of an image but for the checksum itself. */
    private static long checksum(final DirectBuffer buffer, final int offset, final int end)
    {
        final CRC32C crc = new CRC32C();
        update(crc, buffer, offset, offset + CHECKSUM_AT);
        update(crc, buffer, offset + CHECKSUM_AT + Integer.BYTES, end);
        return crc.getValue();
    }

    private static void update(final CRC32C crc, final DirectBuffer buffer, final int from, final int end)
    {
        final byte[] chunk = new byte[CHUNK_BYTES];
        int at = from;
        while (at < end)
        {
            final int size = Math.min(chunk.length, end - at);
            buffer.getBytes(at, chunk, 0, size);
            crc.update(chunk, 0, size);
            at += size;
        }
    }
}
