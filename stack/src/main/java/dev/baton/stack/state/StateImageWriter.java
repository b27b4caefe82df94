package dev.baton.stack.state;

import dev.baton.stack.state.codec.ImageEncoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * Writes the list form of an image: records, each behind a 4-byte little-endian length; first an {@code Image} that
 * counts those that follow. Used once.
 */
final class StateImageWriter
{
    static final int LENGTH_BYTES = Integer.BYTES;
    static final int FIRST_RECORD = LENGTH_BYTES + MessageHeaderEncoder.ENCODED_LENGTH + ImageEncoder.BLOCK_LENGTH;

    private final MutableDirectBuffer buffer;
    private final int offset;
    private int at;
    private int connections;
    private int halfOpens;
    private int timeWaits;

    StateImageWriter(final MutableDirectBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        this.at = offset + FIRST_RECORD;
    }

    /** Writes one record. */
    interface RecordBody
    {
        /** Write it at an offset, and return its length. */
        int write(int at);
    }

    void connection(final RecordBody body)
    {
        record(body);
        connections++;
    }

    void halfOpen(final RecordBody body)
    {
        record(body);
        halfOpens++;
    }

    void timeWait(final RecordBody body)
    {
        record(body);
        timeWaits++;
    }

    private void record(final RecordBody body)
    {
        final int length = body.write(at + LENGTH_BYTES);
        buffer.putInt(at, length, ByteOrder.LITTLE_ENDIAN);
        at += LENGTH_BYTES + length;
    }

    /** Write the first record, which counts the others. Returns the length of the image. */
    int finish(final int shard)
    {
        buffer.putInt(offset, FIRST_RECORD - LENGTH_BYTES, ByteOrder.LITTLE_ENDIAN);
        new ImageEncoder()
            .wrapAndApplyHeader(buffer, offset + LENGTH_BYTES, new MessageHeaderEncoder())
            .shard(shard)
            .connections(connections)
            .halfOpens(halfOpens)
            .timeWaits(timeWaits);
        return at - offset;
    }
}
