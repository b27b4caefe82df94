package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.tcp.Tcb;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What one mechanism keeps of a connection: a message of its own, which follows the Connection message only when some
 * value differs from that of a fresh connection. So an idle connection's image stays small, and an image that is older
 * than the mechanism loads as it is.
 * <p>
 * A new one is one class and one entry in {@link ConnectionParts}.
 */
interface ConnectionPart
{
    /** Template id of the message in {@code state.xml}; 16 or more. */
    int templateId();

    /** Block length of the message in the schema version of this program, in bytes. */
    int blockLength();

    /** Does any value differ from what it is without this part? */
    boolean isNeeded(Tcb tcb);

    /**
     * Write the message.
     *
     * @param tcb    of the connection.
     * @param nowNs  the cut.
     * @param buffer to be written to; it may have to grow.
     * @param offset of the message header.
     * @return length of header and message in bytes.
     */
    int write(Tcb tcb, long nowNs, MutableDirectBuffer buffer, int offset);

    /**
     * Verify the message; header and block length have been.
     *
     * @param buffer that holds it.
     * @param offset of the message header.
     * @param length of header and message in bytes.
     * @param fields of the Connection message, verified.
     * @throws StateException when a value cannot be that of a connection.
     */
    void check(DirectBuffer buffer, int offset, int length, ConnectionDecoder fields);

    /**
     * Give a Tcb the values of a message that has been verified.
     *
     * @param buffer    that holds it.
     * @param offset    of the message header.
     * @param length    of header and message in bytes.
     * @param tcb       that has everything of the Connection message already.
     * @param nowNs     the cut, on the clock of the shard that imports.
     * @param elapsedNs real time since the cut: the clocks that do not stand go on by it.
     */
    void read(DirectBuffer buffer, int offset, int length, Tcb tcb, long nowNs, long elapsedNs);
}
