package dev.baton.handoff.control;

import dev.baton.handoff.codec.HelloDecoder;
import dev.baton.handoff.codec.HelloEncoder;
import dev.baton.handoff.codec.MessageHeaderDecoder;
import dev.baton.handoff.codec.MessageHeaderEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The first frame each way: who speaks, since when, and in which versions.
 *
 * @param node        the sender's name, to be equal to the one of its certificate.
 * @param incarnation number of the start of its process.
 * @param versions    of the schema that it reads.
 */
record Hello(String node, long incarnation, VersionRange versions)
{
    private static final int NODE_LENGTH_BYTES = HelloDecoder.nodeHeaderLength();

    /**
     * Write as a frame's message.
     *
     * @param buffer to write to.
     * @param offset where.
     * @return length in bytes.
     */
    int encode(final MutableDirectBuffer buffer, final int offset)
    {
        final HelloEncoder encoder = new HelloEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
            .minVersion(versions.min()).maxVersion(versions.max()).incarnation(incarnation).node(node);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /**
     * Read a frame that has to be a Hello.
     *
     * @param buffer that holds it.
     * @param length of it in bytes, at least a message header.
     * @return what it says.
     * @throws ControlProtocolException when it is something else, or is cut short.
     */
    static Hello decode(final DirectBuffer buffer, final int length) throws ControlProtocolException
    {
        final MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, 0);
        MessageRules.checkSchema(header);
        if (header.templateId() != HelloDecoder.TEMPLATE_ID)
        {
            throw new ControlProtocolException("message " + header.templateId() + " came before Hello");
        }
        final int afterBlock = MessageRules.checkBlock(header, length, HelloDecoder.BLOCK_LENGTH);
        final HelloDecoder decoder = new HelloDecoder().wrapAndApplyHeader(buffer, 0, header);
        final int nodeBytes = length - afterBlock < NODE_LENGTH_BYTES ? -1 : decoder.nodeLength();
        if (nodeBytes < 0 || nodeBytes > NodeName.MAX_LENGTH || nodeBytes > length - afterBlock - NODE_LENGTH_BYTES)
        {
            throw new ControlProtocolException("Hello of " + length + " bytes has no node name of 1 to " +
                NodeName.MAX_LENGTH + " characters");
        }
        final VersionRange versions = new VersionRange(decoder.minVersion(), decoder.maxVersion());
        final String node = decoder.node();
        if (!NodeName.isValid(node))
        {
            throw new ControlProtocolException("Hello with a node name that is none");
        }
        return new Hello(node, decoder.incarnation(), versions);
    }
}
