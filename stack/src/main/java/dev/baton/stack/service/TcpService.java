package dev.baton.stack.service;

import dev.baton.stack.tcp.Listener;

/**
 * A server inside the shard. Call-backs come from the shard's thread after a batch of packets has been processed; they
 * must not block. What a call-back throws aborts its connection and is counted.
 */
public interface TcpService
{
    /**
     * A connection was accepted.
     *
     * @param connection new to this service.
     */
    void onAccepted(TcpConnection connection);

    /**
     * There is something new to read, or the peer has closed its half.
     *
     * @param connection of this service.
     */
    void onReadable(TcpConnection connection);

    /**
     * There is room to write again, after {@link TcpConnection#write} took less than it was given.
     *
     * @param connection of this service.
     */
    void onWritable(TcpConnection connection);

    /**
     * The connection is gone for this service. It is told once, also after its own close or abort.
     *
     * @param connection of this service; its addresses and id may still be read.
     * @param reason     why.
     */
    void onClosed(TcpConnection connection, CloseReason reason);

    /**
     * Connections wait in the accept queue of a listener with a backlog, which was empty before. {@link
     * Listener#accept()} takes them, now or later.
     *
     * @param listener of this service.
     */
    default void onAcceptable(final Listener listener)
    {
    }

    /**
     * Time passes: called at the start of a poll, for idle time-outs and the like.
     *
     * @param nowNs time of this poll.
     */
    default void onTick(final long nowNs)
    {
    }

    /**
     * When {@link #onTick(long)} must be called at the latest.
     *
     * @return a time, or {@link Long#MAX_VALUE}.
     */
    default long nextDeadlineNs()
    {
        return Long.MAX_VALUE;
    }

    /**
     * The peer has announced urgent data, or moved its end further on (RFC 9293, section 3.8.5, MUST-32); it may not
     * have come yet.
     *
     * @param connection of this service; {@link TcpConnection#urgentBytes()} tells how far to read.
     */
    default void onUrgent(final TcpConnection connection)
    {
    }

    /**
     * Something is wrong with the connection that does not end it (RFC 9293, section 3.8.3, MUST-20 and SHLD-9, and
     * section 3.9.2.2).
     *
     * @param connection of this service.
     * @param error      what was noticed last.
     */
    default void onSoftError(final TcpConnection connection, final SoftError error)
    {
    }

    /**
     * A close with {@link TcpOption#LINGER} above 0 has waited enough. What has not been acknowledged is still sent on.
     *
     * @param connection of this service, closed.
     * @param done       true when all that was written and FIN were acknowledged, false when the time has passed.
     */
    default void onLingered(final TcpConnection connection, final boolean done)
    {
    }
}
