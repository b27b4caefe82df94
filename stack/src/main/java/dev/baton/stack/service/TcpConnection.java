package dev.baton.stack.service;

import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A TCP connection as its user sees it (RFC 9293, section 3.9). All calls on the shard's thread; none blocks. A handle is reused
 * after {@link TcpService#onClosed(TcpConnection, CloseReason)}: who keeps one compares {@link #id()}.
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
     * Write: copy bytes into the send buffer. What does not fit is not taken; {@link TcpService#onWritable(TcpConnection)} follows
     * when there is room again.
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
     * Close: FIN follows what has been written; what still arrives is answered with RST (RFC 9293, section 3.6, MAY-1, SHLD-3).
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
}
