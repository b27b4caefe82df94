package dev.baton.stack.state;

import dev.baton.stack.state.codec.MessageHeaderDecoder;
import org.agrona.DirectBuffer;

/** Is a record what its place says it is, and of a schema version that is known here? */
final class Headers
{
    private Headers()
    {
    }

    /**
     * Check a message header.
     *
     * @param header      of the record.
     * @param templateId  of the message that must follow.
     * @param blockLength of its block in the known version.
     */
    static void check(final MessageHeaderDecoder header, final int templateId, final int blockLength)
    {
        equal("schemaId", header.schemaId(), MessageHeaderDecoder.SCHEMA_ID, "connection images have");
        if (header.version() > MessageHeaderDecoder.SCHEMA_VERSION)
        {
            throw new StateException("version", header.version(), "the newest known here is " +
                MessageHeaderDecoder.SCHEMA_VERSION + "; import the image with a newer program");
        }
        equal("templateId", header.templateId(), templateId, "the message in this place has");
        equal("blockLength", header.blockLength(), blockLength, "this schema version has");
    }

    /**
     * Check a record whose message has no groups and no data: it must be just as long as its block.
     *
     * @param header      to be pointed at the record.
     * @param buffer      of the record.
     * @param offset      of its message header.
     * @param length      of header and message.
     * @param templateId  of the message that must follow.
     * @param blockLength of its block in the known version.
     */
    static void checkFixed(
        final MessageHeaderDecoder header,
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final int templateId,
        final int blockLength)
    {
        checkInside(buffer, offset, length);
        if (length < MessageHeaderDecoder.ENCODED_LENGTH)
        {
            throw new StateException("messageHeader", "cut off", "it takes " + MessageHeaderDecoder.ENCODED_LENGTH +
                " bytes, and " + length + " are left");
        }
        check(header.wrap(buffer, offset), templateId, blockLength);
        equal("length", length, MessageHeaderDecoder.ENCODED_LENGTH + blockLength, "header and message have");
    }

    static void checkInside(final DirectBuffer buffer, final int offset, final int length)
    {
        if (offset < 0 || length < 0 || offset > buffer.capacity() - length)
        {
            throw new StateException("length", length, "offset " + offset + " and length must lie in the buffer, which has " +
                buffer.capacity() + " bytes");
        }
    }

    private static void equal(final String field, final int value, final int expected, final String who)
    {
        if (value != expected)
        {
            throw new StateException(field, value, who + " " + expected);
        }
    }
}
