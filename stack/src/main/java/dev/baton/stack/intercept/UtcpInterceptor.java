package dev.baton.stack.intercept;

import dev.baton.stack.service.TcpConnection;

/**
 * A module's part above TCP: it sees what TCP tells the application before the application does. Called on the shard's thread.
 */
public interface UtcpInterceptor
{
    /** Verdict: the application is told. */
    int PASS = 0;
    /** Verdict: not now. The module will call {@link ModuleContext#release(TcpConnection, long)}, or TCP ends the connection. */
    int HOLD = 2;

    /**
     * A passively opened connection has become ESTABLISHED. While the indication is held the application does not know the
     * connection; if it ends then, the application never learns of it.
     *
     * @param connection that was set up.
     * @param nowNs      time of this poll.
     * @return {@link #PASS} or {@link #HOLD}.
     */
    int onConnection(TcpConnection connection, long nowNs);

    /**
     * A connection is gone: its Tcb is being freed (after TIME-WAIT, where that applies). Told for held connections too.
     *
     * @param connection that ended; only its addresses and {@link TcpConnection#id()} may still be read.
     * @param nowNs      time of this poll.
     */
    void onDisconnect(TcpConnection connection, long nowNs);
}
