package dev.baton.handoff.control;

import dev.baton.handoff.codec.MessageHeaderDecoder;

/**
 * What the header of every message must say before anything behind it is read.
 */
final class MessageRules
{
    private MessageRules()
    {
    }

    /**
     * Check that a message is of the control schema.
     *
     * @param header of it.
     * @throws ControlProtocolException when it is not.
     */
    static void checkSchema(final MessageHeaderDecoder header) throws ControlProtocolException
    {
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID)
        {
            throw new ControlProtocolException(
                "message of schema " + header.schemaId() + ", not of " + MessageHeaderDecoder.SCHEMA_ID);
        }
    }

    /**
     * Check that a message is of a version that its sender has announced.
     *
     * @param header   of it.
     * @param versions as the sender's Hello had them.
     * @throws ControlProtocolException when it is not.
     */
    static void checkVersion(final MessageHeaderDecoder header, final VersionRange versions)
        throws ControlProtocolException
    {
        if (!versions.contains(header.version()))
        {
            throw new ControlProtocolException(
                "message of version " + header.version() + " from a node that announced " + versions);
        }
    }

    /**
     * Check that a message's fixed fields are inside its frame.
     *
     * @param header        of it.
     * @param length        of the frame in bytes.
     * @param minBlockBytes the least that they must be.
     * @return offset of what follows them.
     * @throws ControlProtocolException when they are not, or are too short.
     */
    static int checkBlock(final MessageHeaderDecoder header, final int length, final int minBlockBytes)
        throws ControlProtocolException
    {
        final int block = header.blockLength();
        final int afterBlock = MessageHeaderDecoder.ENCODED_LENGTH + block;
        if (block < minBlockBytes || afterBlock > length)
        {
            throw new ControlProtocolException("message " + header.templateId() + " has " + block +
                " bytes of fixed fields; at least " + minBlockBytes + ", and at most " +
                (length - MessageHeaderDecoder.ENCODED_LENGTH) + ", fit its frame");
        }
        return afterBlock;
    }
}
