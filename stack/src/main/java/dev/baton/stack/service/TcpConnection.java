package dev.baton.stack.service;

import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A TCP connection as its user sees it (RFC 9293, section 3.9). All calls on the shard's thread; none blocks. A handle
 * is reused after {@link TcpService#onClosed(TcpConnection, CloseReason)}: who keeps one compares {@link #id()}.
 */
public interface TcpConnection
{
    /**
     * Identity within the shard; never used again.
     *
     * @return a positive number.
     */
    long id();

    /**
     * Local address.
     *
     * @return the address the peer sees.
     */
    IpAddress localAddress();

    /**
     * Local port.
     *
     * @return 1 to 65535.
     */
    int localPort();

    /**
     * Remote address.
     *
     * @return the peer's.
     */
    IpAddress remoteAddress();

    /**
     * Remote port.
     *
     * @return 1 to 65535.
     */
    int remotePort();

    /**
     * Bytes that can be read now.
     *
     * @return in order, not yet read.
     */
    int readable();

    /**
     * Read: copy bytes out and consume them.
     *
     * @param dst    where to.
     * @param offset in it.
     * @param length at most so many.
     * @return how many; 0 when there is nothing to read now, -1 when the peer has closed and all has been read.
     */
    int read(MutableDirectBuffer dst, int offset, int length);

    /**
     * Copy bytes out without consuming them.
     *
     * @param dst    where to.
     * @param offset in it.
     * @param length at most so many.
     * @return how many.
     */
    int peek(MutableDirectBuffer dst, int offset, int length);

    /**
     * Consume bytes without copying them.
     *
     * @param length how many; at most {@link #readable()}.
     */
    void skip(int length);

    /**
     * Has the peer sent FIN, and has everything before it been read?
     *
     * @return true at the end of the stream.
     */
    boolean endOfStream();

    /**
     * Room in the send buffer.
     *
     * @return bytes that {@link #write(DirectBuffer, int, int)} would take now.
     */
    int writable();

    /**
     * Write: copy bytes into the send buffer. What does not fit is not taken; {@link
     * TcpService#onWritable(TcpConnection)} follows when there is room again.
     *
     * @param src    where from.
     * @param offset in it.
     * @param length how many.
     * @return how many were taken.
     */
    int write(DirectBuffer src, int offset, int length);

    /**
     * Close the sending half: FIN follows what has been written. Reading goes on.
     */
    void shutdownOutput();

    /**
     * Close: FIN follows what has been written; what still arrives is answered with RST (RFC 9293, section 3.6, MAY-1,
     * SHLD-3).
     */
    void close();

    /**
     * Abort: send RST and forget.
     */
    void abort();

    /**
     * What the service hung on this connection.
     *
     * @return null at first.
     */
    Object attachment();

    /**
     * Hang something on this connection.
     *
     * @param attachment of the service.
     */
    void attachment(Object attachment);

    /**
     * Value of an option.
     *
     * @param option which.
     * @return in the option's unit: what was set, as Linux reports it, or the default.
     */
    long option(TcpOption option);

    /**
     * Set an option. It holds from now on.
     *
     * @param option which.
     * @param value  in the option's unit.
     * @throws IllegalArgumentException when the value is out of range or the option can only be read; the text names
     *                                  option, value and range.
     */
    void option(TcpOption option, long value);

    /**
     * Name of the congestion control ({@code TCP_CONGESTION}).
     *
     * @return lower case.
     */
    String congestionControl();

    /**
     * Change the congestion control ({@code TCP_CONGESTION}); it begins with the windows that there are.
     *
     * @param name one of {@link dev.baton.stack.StackContext#congestionControls()}.
     * @throws IllegalArgumentException when there is none of that name.
     */
    void congestionControl(String name);

    /**
     * Take a snapshot of the connection's account ({@code TCP_INFO}).
     *
     * @param into is filled; it may be used again.
     * @return {@code into}.
     */
    TcpInfo info(TcpInfo into);

    /**
     * Write urgent data (RFC 9293, section 3.8.5; {@code MSG_OOB}): as {@link #write}, and the last octet that is taken
     * is the end of what is urgent. New applications should not use it (SHLD-13).
     *
     * @param src    where from.
     * @param offset in it.
     * @param length how many, at least 1.
     * @return how many were taken.
     */
    int writeUrgent(DirectBuffer src, int offset, int length);

    /**
     * How far the end of urgent data is, as far as the peer has announced it (RFC 9293, MUST-33).
     *
     * @return bytes still to be read up to and including the last urgent octet, whether they have come or not, 0 when there are
     *         none; an octet that is read apart counts.
     */
    int urgentBytes();

    /**
     * Is the next byte to be read the one behind the urgent data's mark ({@code SIOCATMARK})?
     *
     * @return false when there is no mark.
     */
    boolean atUrgentMark();

    /**
     * Read the urgent octet that is kept apart ({@code MSG_OOB}); it can be read once.
     *
     * @return 0 to 255, or -1 when there is none, it has not come, or {@link TcpOption#OOB_INLINE} is set.
     */
    int readUrgent();
}
