package dev.baton.handoff.control;

import java.util.SortedMap;

/**
 * Settings of a {@link TlsControlPlane}, all checked. Made by {@link ControlConfigBuilder#conclude()}.
 *
 * @param node               this node's name, as in its certificate.
 * @param listen             where to listen for peers whose names are smaller; null: do not listen.
 * @param peers              names and addresses of the peers, sorted by name: a peer's number is its place here.
 * @param identity           key, certificate and trust.
 * @param incarnation        number of this start of the process; a peer sees by it that this node was restarted.
 * @param pingIntervalNs     how often each side asks whether the other is there.
 * @param deadPeerNs         silence after which a connection is given up.
 * @param handshakeTimeoutNs time from the TCP connection to the exchange of Hellos; also the time to connect.
 * @param backoffMinNs       wait before the second attempt to connect; doubles from there.
 * @param backoffMaxNs       longest wait between attempts.
 * @param inboundBytes       size of the ring to the shard.
 * @param outboundBytes      size of the queue to each peer.
 * @param outboundFrames     most frames in the queue to each peer.
 * @param maxHandshakes      most accepted connections that are not authenticated yet; more are closed at once.
 */
public record ControlConfig(
    String node,
    Endpoint listen,
    SortedMap<String, Endpoint> peers,
    NodeIdentity identity,
    long incarnation,
    long pingIntervalNs,
    long deadPeerNs,
    long handshakeTimeoutNs,
    long backoffMinNs,
    long backoffMaxNs,
    int inboundBytes,
    int outboundBytes,
    int outboundFrames,
    int maxHandshakes)
{
    /** Most peers of a node. */
    public static final int MAX_PEERS = 256;

    /**
     * Does this node open the connection to a peer? Of two nodes the one with the smaller name does.
     *
     * @param peer its name.
     * @return true when this node dials, false when it waits to be dialled.
     */
    public boolean dials(final String peer)
    {
        return node.compareTo(peer) < 0;
    }
}
