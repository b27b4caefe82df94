package dev.baton.stack.intercept;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import dev.baton.stack.service.TcpConnection;

/**
 * What an {@link InterceptorChain} is put between: the shard's TCP and application above, its IP layer below, and the
 * shard's own facts. The shard implements it.
 */
public interface ChainEnds
{
    /**
     * A segment has passed all modules on its way up.
     *
     * @param packet for TCP.
     * @param nowNs  what TCP is to take for now.
     */
    void up(Packet packet, long nowNs);

    /**
     * A segment has passed all modules on its way down.
     *
     * @param packet for the IP layer.
     * @param nowNs  time of this poll.
     */
    void down(Packet packet, long nowNs);

    /**
     * A connection indication that had been held has passed all modules.
     *
     * @param connection for its service.
     * @param nowNs      time of this poll.
     */
    void indicate(TcpConnection connection, long nowNs);

    /**
     * Does TCP have a connection?
     *
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @return true when it has, in any state from SYN-RECEIVED to TIME-WAIT.
     */
    boolean hasConnection(
        long localHi, long localLo, int localPort, long remoteHi, long remoteLo, int remotePort);

    /**
     * The connection that TCP has, held or not.
     *
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @return null when there is none, or only a half-open one or TIME-WAIT.
     */
    TcpConnection connection(
        long localHi, long localLo, int localPort, long remoteHi, long remoteLo, int remotePort);

    /**
     * RCV.NXT of a connection.
     *
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @param ifAbsent   what to return when there is no such connection.
     * @return the next sequence number that TCP expects from the peer.
     */
    int receiveNext(
        long localHi, long localLo, int localPort, long remoteHi, long remoteLo, int remotePort, int ifAbsent);

    /**
     * Next number of the shard's random source.
     *
     * @return 64 bits.
     */
    long nextRandom();

    /**
     * How long TCP keeps TIME-WAIT.
     *
     * @return in nanoseconds.
     */
    long timeWaitNs();

    /**
     * The shard's link.
     *
     * @return the link.
     */
    Link link();
}
