package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.HalfOpenDecoder;
import dev.baton.stack.state.codec.ImageDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.TimeWaitDecoder;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/** Walks over the list form of an image; the inverse of {@link StateImageWriter}. */
final class StateImageReader
{
    private static final int LENGTH_BYTES = StateImageWriter.LENGTH_BYTES;
    /** Far more than any shard can have. */
    private static final long MAX_RECORDS = 1 << 25;

    private final DirectBuffer buffer;
    private final int end;
    private int at;

    private StateImageReader(final DirectBuffer buffer, final int offset, final int end)
    {
        this.buffer = buffer;
        this.at = offset;
        this.end = end;
    }

    /** Is shown each record. */
    interface RecordVisitor
    {
        /** Verify the record at an offset, and return its template id. */
        int verify(int at, int length);
    }

    /**
     * Walk over an image. It must hold just the records that its first one announces, in the order of their kinds.
     *
     * @param buffer  that holds the image.
     * @param offset  of the image.
     * @param length  of the image, in bytes.
     * @param visitor verifies each record but the first.
     * @throws StateException when the bytes are no such list.
     */
    static void read(final DirectBuffer buffer, final int offset, final int length, final RecordVisitor visitor)
    {
        Headers.checkInside(buffer, offset, length);
        new StateImageReader(buffer, offset, offset + length).walk(visitor);
    }

    private void walk(final RecordVisitor visitor)
    {
        final int first = nextLength();
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        Headers.checkFixed(header, buffer, at, first, ImageDecoder.TEMPLATE_ID, ImageDecoder.BLOCK_LENGTH);
        final ImageDecoder image = new ImageDecoder().wrapAndApplyHeader(buffer, at, header);
        at += first;
        records(image.connections(), ConnectionDecoder.TEMPLATE_ID, "connections", visitor);
        records(image.halfOpens(), HalfOpenDecoder.TEMPLATE_ID, "halfOpens", visitor);
        records(image.timeWaits(), TimeWaitDecoder.TEMPLATE_ID, "timeWaits", visitor);
        Rules.require(at == end, "length", end, "the image announces records that end at " + at);
    }

    private void records(final long count, final int templateId, final String field, final RecordVisitor visitor)
    {
        Rules.range(field, count, 0, MAX_RECORDS);
        for (long i = 0; i < count; i++)
        {
            final int length = nextLength();
            final int actual = visitor.verify(at, length);
            Rules.require(actual == templateId, "templateId", actual, "record " + i + " of " + field + " has " + templateId);
            at += length;
        }
    }

    private int nextLength()
    {
        Rules.require(end - at >= LENGTH_BYTES, "record length", end - at, "it takes " + LENGTH_BYTES + " bytes");
        final int length = buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
        at += LENGTH_BYTES;
        Rules.require(length >= 0 && length <= end - at, "record length", length, (end - at) + " bytes are left in the image");
        return length;
    }
}
