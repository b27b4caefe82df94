package dev.baton.stack.state;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Found by fuzzing: a part that said to be longer than it is swallowed the one behind it. */
class PartLengthTest
{
    private static final int BUFFERS = 50;
    private static final int SCHEMA_AND_VERSION = 4;

    @Test
    void shouldRefuseAPartThatTakesTheNextOneIn()
    {
        final byte[] image = Images.image(Images.busy(true));
        final UnsafeBuffer buffer = new UnsafeBuffer(image);
        final int part = partOf(buffer, BUFFERS);
        final int length = buffer.getInt(part, ByteOrder.LITTLE_ENDIAN);
        final int next = buffer.getInt(part + 4 + length, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(part, length + 4 + next, ByteOrder.LITTLE_ENDIAN);
        final EmptyShard shard = new EmptyShard(Images.NOW_NS, StateWorld.SERVER);
        final StateException refused = assertThrows(StateException.class, () -> new Snapshot(shard.stack).importAll(
            buffer, 0, image.length, shard.nowNs, 0, (flow, passive) -> shard.peer));
        assertEquals("part length", refused.field());
        shard.assertUntouched();
    }

    /** Where the length of the first part with this template stands: a header of schema and version that are ours follows. */
    private static int partOf(final UnsafeBuffer buffer, final int template)
    {
        final int schema = buffer.getInt(4 + SCHEMA_AND_VERSION, ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < buffer.capacity() - 12; at++)
        {
            if (buffer.getShort(at + 6, ByteOrder.LITTLE_ENDIAN) == template &&
                buffer.getInt(at + 8, ByteOrder.LITTLE_ENDIAN) == schema)
            {
                return at;
            }
        }
        throw new AssertionError("no part " + template);
    }
}
