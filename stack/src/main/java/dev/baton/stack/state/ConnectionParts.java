package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.tcp.Tcb;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * The parts that follow a Connection message, each framed as a record: a 4-byte little-endian length, then one message
 * header and one message. They stand in the order of their template ids, none twice.
 * <pre>
 *     | header | Connection | length | header | part | length | header | part | ...
 * </pre>
 */
final class ConnectionParts
{
    private static final int LENGTH_BYTES = StateImageWriter.LENGTH_BYTES;
    private static final int FIRST_VERSION = 1;

    private final ConnectionPart[] parts;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();

    /** All parts that there are. */
    ConnectionParts()
    {
        this(new ConnectionPart[]
        {
            new EcnPart(),
            new RackPart(),
            new RecoveryPart(),
            new ClockPart(),
            new OpeningPart(),
            new PathMtuPart(),
            new BuffersPart(),
            new SettingsPart(),
            new UrgentPart(),
            new CwndValidationPart(),
            new PacingPart(),
            new DeliveryRatePart(),
            new CongestionPart(),
        });
    }

    /**
     * Some parts.
     *
     * @param parts in the order of their template ids.
     */
    ConnectionParts(final ConnectionPart... parts)
    {
        this.parts = parts;
    }

    /** Write the parts that a connection needs; returns the length of all in bytes. */
    int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        int at = offset;
        for (final ConnectionPart part : parts)
        {
            if (part.isNeeded(tcb))
            {
                final int length = part.write(tcb, nowNs, buffer, at + LENGTH_BYTES);
                buffer.putInt(at, length, ByteOrder.LITTLE_ENDIAN);
                at += LENGTH_BYTES + length;
            }
        }
        return at - offset;
    }

    /** A part without groups and data must be just as long as its block. */
    static void checkFixed(final ConnectionPart part, final int length)
    {
        final int expected = MessageHeaderDecoder.ENCODED_LENGTH + part.blockLength();
        Rules.require(length == expected, "part length", length, "header and message have " + expected);
    }

    /** Verify parts that fill a range of bytes. */
    void check(final DirectBuffer buffer, final int offset, final int end, final ConnectionDecoder fields)
    {
        int at = offset;
        int next = 0;
        while (at < end)
        {
            final int length = length(buffer, at, end);
            at += LENGTH_BYTES;
            header.wrap(buffer, at);
            final int i = indexOf(header.templateId(), next);
            Headers.check(header, parts[i].templateId(), parts[i].blockLength());
            Rules.require(header.version() >= FIRST_VERSION, "part version", header.version(), "parts came with " + FIRST_VERSION);
            Rules.require(length >= MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength(), "part length", length,
                "header and message have " + (MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength()));
            parts[i].check(buffer, at, length, fields);
            next = i + 1;
            at += length;
        }
    }

    /** Give a Tcb what verified parts hold. */
    void read(
        final DirectBuffer buffer,
        final int offset,
        final int end,
        final Tcb tcb,
        final long nowNs,
        final long elapsedNs)
    {
        int at = offset;
        int next = 0;
        while (at < end)
        {
            final int length = length(buffer, at, end);
            at += LENGTH_BYTES;
            final int i = indexOf(header.wrap(buffer, at).templateId(), next);
            parts[i].read(buffer, at, length, tcb, nowNs, elapsedNs);
            next = i + 1;
            at += length;
        }
    }

    private static int length(final DirectBuffer buffer, final int at, final int end)
    {
        final int least = LENGTH_BYTES + MessageHeaderDecoder.ENCODED_LENGTH;
        Rules.require(end - at >= least, "part", end - at, "length and header take " + least + " bytes");
        final int length = buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
        Rules.range("part length", length, MessageHeaderDecoder.ENCODED_LENGTH, end - at - LENGTH_BYTES);
        return length;
    }

    private int indexOf(final int templateId, final int from)
    {
        for (int i = from; i < parts.length; i++)
        {
            if (parts[i].templateId() == templateId)
            {
                return i;
            }
        }
        throw new StateException("part templateId", templateId,
            "it must be one that is known here, and parts stand in the order of their ids, none twice");
    }
}
