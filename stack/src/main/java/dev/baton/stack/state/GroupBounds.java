package dev.baton.stack.state;

import dev.baton.stack.state.codec.GroupSizeEncodingDecoder;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/** Do the groups of a part lie inside of it? A decoder is let loose on them only then. */
final class GroupBounds
{
    private static final int HEADER = GroupSizeEncodingDecoder.ENCODED_LENGTH;

    private GroupBounds()
    {
    }

    /**
     * Check a group.
     *
     * @param name        of it.
     * @param buffer      that holds it.
     * @param at          where it begins.
     * @param end         where its message ends.
     * @param blockLength of its entries in the known version.
     * @param limit       most entries.
     * @return where it ends.
     */
    static int check(
        final String name, final DirectBuffer buffer, final int at, final int end, final int blockLength, final int limit)
    {
        Rules.require(end - at >= HEADER, name, end - at, "the head of the group takes " + HEADER + " bytes");
        final int actual = buffer.getShort(at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        final int count = buffer.getShort(at + Short.BYTES, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        Rules.require(actual == blockLength, name + ".blockLength", actual, "it is " + blockLength +
            " in this schema version");
        Rules.range(name + ".numInGroup", count, 0, limit);
        Rules.require(end - at - HEADER >= count * blockLength, name, count, "so many entries do not fit into the message");
        return at + HEADER + count * blockLength;
    }
}
