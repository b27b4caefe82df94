package dev.baton.handoff.early;

import dev.baton.handoff.codec.CancelDecoder;
import dev.baton.handoff.codec.CancelledDecoder;
import dev.baton.handoff.codec.CommitDecoder;
import dev.baton.handoff.codec.CommitRefusedDecoder;
import dev.baton.handoff.codec.CommittedDecoder;
import dev.baton.handoff.codec.HandoffAckDecoder;
import dev.baton.handoff.codec.HandoffRejectDecoder;
import dev.baton.handoff.codec.HandoffRequestDecoder;
import dev.baton.handoff.codec.InventoryDecoder;
import dev.baton.handoff.codec.MessageHeaderDecoder;
import dev.baton.handoff.codec.TerminatedDecoder;
import dev.baton.handoff.codec.TerminationDecoder;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * Is all of a message inside its frame? Decoders trust the lengths that a message states, and the buffer goes on behind
 * the frame, so these are walked first: the fixed fields, then the group of an inventory or the two segments of a
 * request. A later version may have longer fixed fields (SBE), never shorter ones.
 */
final class FrameBounds
{
    private static final int LENGTH_BYTES = 2;

    private FrameBounds()
    {
    }

    /**
     * Wrap the header of a frame, and say whether the message behind it is whole.
     *
     * @param header to be wrapped.
     * @param buffer that holds the frame.
     * @param offset of the frame.
     * @param length of the frame in bytes.
     * @return false when it is cut short, contradicts itself or is of no kind that is known here.
     */
    static boolean hold(
        final MessageHeaderDecoder header, final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH)
        {
            return false;
        }
        header.wrap(buffer, offset);
        final int least = leastBlock(header.templateId());
        final int block = header.blockLength();
        if (header.schemaId() != MessageHeaderDecoder.SCHEMA_ID || least < 0 || block < least)
        {
            return false;
        }
        final int end = offset + length;
        final int behindBlock = offset + MessageHeaderDecoder.ENCODED_LENGTH + block;
        return behindBlock <= end && switch (header.templateId())
        {
            case HandoffRequestDecoder.TEMPLATE_ID -> segments(buffer, behindBlock, end);
            case InventoryDecoder.TEMPLATE_ID -> group(buffer, behindBlock, end);
            default -> true;
        };
    }

    private static boolean segments(final DirectBuffer buffer, final int at, final int end)
    {
        final int behindSyn = at + LENGTH_BYTES > end ? end + 1 : at + LENGTH_BYTES + unsigned(buffer, at);
        return behindSyn + LENGTH_BYTES <= end && behindSyn + LENGTH_BYTES + unsigned(buffer, behindSyn) <= end;
    }

    private static boolean group(final DirectBuffer buffer, final int at, final int end)
    {
        final int entries = at + InventoryDecoder.EntriesDecoder.HEADER_SIZE;
        if (entries > end)
        {
            return false;
        }
        final int block = unsigned(buffer, at);
        final int count = unsigned(buffer, at + LENGTH_BYTES);
        return block >= InventoryDecoder.EntriesDecoder.sbeBlockLength() && (long)block * count <= end - entries;
    }

    private static int unsigned(final DirectBuffer buffer, final int at)
    {
        return buffer.getShort(at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private static int leastBlock(final int templateId)
    {
        return switch (templateId)
        {
            case HandoffRequestDecoder.TEMPLATE_ID -> HandoffRequestDecoder.BLOCK_LENGTH;
            case HandoffAckDecoder.TEMPLATE_ID -> HandoffAckDecoder.BLOCK_LENGTH;
            case HandoffRejectDecoder.TEMPLATE_ID -> HandoffRejectDecoder.BLOCK_LENGTH;
            case CommitDecoder.TEMPLATE_ID -> CommitDecoder.BLOCK_LENGTH;
            case CommittedDecoder.TEMPLATE_ID -> CommittedDecoder.BLOCK_LENGTH;
            case CommitRefusedDecoder.TEMPLATE_ID -> CommitRefusedDecoder.BLOCK_LENGTH;
            case CancelDecoder.TEMPLATE_ID -> CancelDecoder.BLOCK_LENGTH;
            case CancelledDecoder.TEMPLATE_ID -> CancelledDecoder.BLOCK_LENGTH;
            case TerminationDecoder.TEMPLATE_ID -> TerminationDecoder.BLOCK_LENGTH;
            case TerminatedDecoder.TEMPLATE_ID -> TerminatedDecoder.BLOCK_LENGTH;
            case InventoryDecoder.TEMPLATE_ID -> InventoryDecoder.BLOCK_LENGTH;
            default -> -1;
        };
    }
}
