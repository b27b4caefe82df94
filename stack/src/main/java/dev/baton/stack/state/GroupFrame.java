package dev.baton.stack.state;

import dev.baton.stack.state.codec.GroupSizeEncodingDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * Walks over a message that has groups before anything of it is decoded, so that no accessor can reach outside of its
 * bytes: {@link #begin}, then each group or data in its order, then {@link #end}.
 */
final class GroupFrame
{
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final GroupSizeEncodingDecoder group = new GroupSizeEncodingDecoder();
    private DirectBuffer buffer;
    private int at;
    private int end;

    GroupFrame begin(
        final DirectBuffer source, final int offset, final int length, final int templateId, final int blockLength)
    {
        Headers.checkInside(source, offset, length);
        buffer = source;
        at = offset;
        end = offset + length;
        need("messageHeader", MessageHeaderDecoder.ENCODED_LENGTH);
        Headers.check(header.wrap(source, offset), templateId, blockLength);
        at += MessageHeaderDecoder.ENCODED_LENGTH;
        need("block", blockLength);
        at += blockLength;
        return this;
    }

    /** A group; returns how many entries it has. */
    int group(final String name, final int blockLength, final int most)
    {
        need(name, GroupSizeEncodingDecoder.ENCODED_LENGTH);
        group.wrap(buffer, at);
        Rules.require(group.blockLength() == blockLength, name + ".blockLength", group.blockLength(),
            "this schema version has " + blockLength);
        final int count = group.numInGroup();
        Rules.range(name, count, 0, most);
        at += GroupSizeEncodingDecoder.ENCODED_LENGTH;
        need(name, count * blockLength);
        at += count * blockLength;
        return count;
    }

    /** Data with a length of 32 bits; returns its length. */
    int data(final String name, final int most)
    {
        need(name, Integer.BYTES);
        final int length = buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
        Rules.range(name, length, 0, most);
        at += Integer.BYTES;
        need(name, length);
        at += length;
        return length;
    }

    void end()
    {
        Rules.require(at == end, "length", end - at, "the message must end where its record does; so many bytes are left");
    }

    private void need(final String what, final int bytes)
    {
        Rules.require(end - at >= bytes, what, end - at, "it is cut off: it takes " + bytes + " bytes");
    }
}
