package dev.baton.stack.intercept;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import dev.baton.stack.service.TcpConnection;

import java.util.Map;

/**
 * A module's way to its shard. All calls on the shard's thread, from inside a call of the module.
 */
public interface ModuleContext
{
    /**
     * Hand a segment to the modules above this one and then to TCP.
     *
     * @param packet with its transport header located, checksum verified or partial.
     * @param nowNs  the time that TCP is to take for now: not after the poll's own. A past time makes TCP account for the segment
     *               as if it had come then (its SYN/ACK is emitted before this call returns, stamped with that time).
     */
    void injectUp(Packet packet, long nowNs);

    /**
     * Hand a segment to the modules below this one and then to the link.
     *
     * @param packet with its transport header located.
     * @param nowNs  time of this poll.
     */
    void injectDown(Packet packet, long nowNs);

    /**
     * Let a held connection indication go up.
     *
     * @param connection that {@link UtcpInterceptor#onConnection(TcpConnection, long)} held.
     * @param nowNs      time of this poll.
     */
    void release(TcpConnection connection, long nowNs);

    /**
     * Does TCP have a connection, in any state from SYN-RECEIVED on, TIME-WAIT included?
     *
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @return true when it has.
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
     * RCV.NXT of a connection: what a RST must carry to be taken (RFC 5961, section 3.2).
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
     * How long TCP keeps TIME-WAIT.
     *
     * @return in nanoseconds.
     */
    long timeWaitNs();

    /**
     * Next number of the shard's own random source.
     *
     * @return 64 bits.
     */
    long nextRandom();

    /**
     * The link below the shard, for its capabilities.
     *
     * @return the link.
     */
    Link link();

    /**
     * Settings of this module.
     *
     * @return names and values; unmodifiable.
     */
    Map<String, String> settings();

    /**
     * Something that the node offers to modules.
     *
     * @param type of it.
     * @param <T>  of it.
     * @return the node's one.
     * @throws IllegalStateException when the node has none.
     */
    <T> T service(Class<T> type);

    /**
     * Tell the operator; goes to the node's log.
     *
     * @param message one line.
     */
    void log(String message);
}
