package dev.baton.tools.service;

import dev.baton.stack.service.TcpConnection;

/**
 * A connection of the file server on this node: its {@link HttpConnectionState}, and what only has a meaning here.
 * Reused for one connection after another. Not thread safe.
 */
final class HttpSession
{
    /** What would move with the connection. */
    final HttpConnectionState state = new HttpConnectionState();
    /** The connection. */
    TcpConnection connection;
    /** The open file of {@link HttpConnectionState#path}; null when none is being sent. */
    ServedFile file;
    /** Stands in the list of those that have more to do. */
    boolean queued;
    /** Stands in the {@link IdleList}. */
    boolean listed;
    /** Neighbour that made progress longer ago. */
    HttpSession older;
    /** Neighbour that made progress more recently. */
    HttpSession newer;
}
