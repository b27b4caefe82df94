package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionDecoder.ReceiveRunsDecoder;
import dev.baton.stack.state.codec.ConnectionDecoder.SentRunsDecoder;
import dev.baton.stack.state.codec.GroupSizeEncodingDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.tcp.ReceiveRing;
import dev.baton.stack.tcp.SentLog;
import dev.baton.stack.tcp.Tcb;
import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * A view of one {@code Connection} message. {@link #wrap} walks over the whole message once and refuses it unless
 * header, block, groups and data fill exactly the bytes that are there; after that no accessor can reach outside of
 * them.
 */
final class ConnectionImage
{
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int GROUP_HEADER = GroupSizeEncodingDecoder.ENCODED_LENGTH;
    private static final int NAME_HEADER = ConnectionDecoder.congestionControlHeaderLength();
    private static final int DATA_HEADER = ConnectionDecoder.sendBytesHeaderLength();
    private static final int MAX_NAME = 32;
    private static final int RECEIVE_RUN = ReceiveRunsDecoder.sbeBlockLength();
    private static final int SENT_RUN = SentRunsDecoder.sbeBlockLength();

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ConnectionDecoder fields = new ConnectionDecoder();
    private final ConnectionParts parts = new ConnectionParts();
    private DirectBuffer buffer;
    private int at;
    private int end;
    private int receiveRunCount;
    private int receiveRunsAt;
    private int sentRunCount;
    private int sentRunsAt;
    private int nameAt;
    private int nameLength;
    private int sendBytesAt;
    private int sendBytes;
    private int receiveBytesAt;
    private int receiveBytes;
    private int partsAt;

    /**
     * Look at a message.
     *
     * @param source of the bytes.
     * @param offset of the message header.
     * @param length of header, message and parts, no more and no less.
     * @return this.
     * @throws StateException when the bytes are not one whole message of a schema version that is known, with its parts.
     */
    ConnectionImage wrap(final DirectBuffer source, final int offset, final int length)
    {
        Headers.checkInside(source, offset, length);
        buffer = source;
        at = offset;
        end = offset + length;
        need("messageHeader", HEADER);
        Headers.check(header.wrap(source, offset), ConnectionDecoder.TEMPLATE_ID, ConnectionDecoder.BLOCK_LENGTH);
        at += HEADER;
        need("Connection", ConnectionDecoder.BLOCK_LENGTH);
        fields.wrap(source, at, ConnectionDecoder.BLOCK_LENGTH, header.version());
        at += ConnectionDecoder.BLOCK_LENGTH;
        receiveRunCount = group("receiveRuns", RECEIVE_RUN, ReceiveRing.MAX_RUNS);
        receiveRunsAt = at;
        at += receiveRunCount * RECEIVE_RUN;
        sentRunCount = group("sentRuns", SENT_RUN, SentLog.MAX_RUNS);
        sentRunsAt = at;
        at += sentRunCount * SENT_RUN;
        data();
        partsAt = at;
        Rules.require(at == end || header.version() > 0, "length", length, "nothing follows the message in version 0");
        return this;
    }

    /**
     * Verify the parts: after the Connection message, by whose fields they are judged.
     *
     * @throws StateException when one is cut off, unknown, or has a value that cannot be.
     */
    void checkParts()
    {
        parts.check(buffer, partsAt, end, fields);
    }

    /** Where the parts begin that follow the message. */
    int partsAt()
    {
        return partsAt;
    }

    /** Give a Tcb what the parts hold that follow the message. */
    void readParts(final Tcb tcb, final long nowNs, final long elapsedNs)
    {
        parts.read(buffer, partsAt, end, tcb, nowNs, elapsedNs);
    }

    private void need(final String field, final int bytes)
    {
        if (end - at < bytes)
        {
            throw new StateException(field, "cut off", "it takes " + bytes + " bytes, and " + (end - at) + " are left");
        }
    }

    private int group(final String field, final int blockLength, final int limit)
    {
        need(field, GROUP_HEADER);
        final int actual = buffer.getShort(at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        final int count = buffer.getShort(at + Short.BYTES, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        if (actual != blockLength)
        {
            throw new StateException(field + ".blockLength", actual, "it is " + blockLength + " in this schema version");
        }
        if (count > limit)
        {
            throw new StateException(field + ".numInGroup", count, "there are at most " + limit);
        }
        at += GROUP_HEADER;
        need(field, count * blockLength);
        return count;
    }

    private void data()
    {
        need("congestionControl", NAME_HEADER);
        nameLength = buffer.getByte(at) & 0xFF;
        if (nameLength > MAX_NAME)
        {
            throw new StateException("congestionControl.length", nameLength, "a name has at most " + MAX_NAME + " letters");
        }
        nameAt = at + NAME_HEADER;
        need("congestionControl", NAME_HEADER + nameLength);
        at = nameAt + nameLength;
        sendBytes = ring("sendBytes");
        sendBytesAt = at;
        at += sendBytes;
        receiveBytes = ring("receiveBytes");
        receiveBytesAt = at;
        at += receiveBytes;
    }

    private int ring(final String field)
    {
        need(field, DATA_HEADER);
        final int length = buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
        if (length < 0 || length > end - at - DATA_HEADER)
        {
            throw new StateException(field + ".length", length & 0xFFFF_FFFFL,
                (end - at - DATA_HEADER) + " bytes are left in the message");
        }
        at += DATA_HEADER;
        return length;
    }

    /** The numbers. */
    ConnectionDecoder fields()
    {
        return fields;
    }

    /** Where the bytes of rings are. */
    DirectBuffer buffer()
    {
        return buffer;
    }

    String congestionControl()
    {
        return buffer.getStringWithoutLengthAscii(nameAt, nameLength);
    }

    int receiveRunCount()
    {
        return receiveRunCount;
    }

    int receiveRunStart(final int i)
    {
        return receiveRun(i, ReceiveRunsDecoder.startEncodingOffset());
    }

    int receiveRunEnd(final int i)
    {
        return receiveRun(i, ReceiveRunsDecoder.endEncodingOffset());
    }

    int receiveRunArrival(final int i)
    {
        return receiveRun(i, ReceiveRunsDecoder.arrivalEncodingOffset());
    }

    private int receiveRun(final int i, final int field)
    {
        return buffer.getInt(receiveRunsAt + i * RECEIVE_RUN + field, ByteOrder.LITTLE_ENDIAN);
    }

    int sentRunCount()
    {
        return sentRunCount;
    }

    int sentRunEnd(final int i)
    {
        return buffer.getInt(sentRunsAt + i * SENT_RUN + SentRunsDecoder.endEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
    }

    long sentRunAgeNs(final int i)
    {
        return buffer.getLong(sentRunsAt + i * SENT_RUN + SentRunsDecoder.sentAgeNsEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
    }

    int sentRunMarks(final int i)
    {
        return buffer.getByte(sentRunsAt + i * SENT_RUN + SentRunsDecoder.marksEncodingOffset()) & 0xFF;
    }

    int sendBytesAt()
    {
        return sendBytesAt;
    }

    int sendBytes()
    {
        return sendBytes;
    }

    int receiveBytesAt()
    {
        return receiveBytesAt;
    }

    int receiveBytes()
    {
        return receiveBytes;
    }
}
