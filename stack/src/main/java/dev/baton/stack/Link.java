package dev.baton.stack;

/**
 * The port below a shard: a TUN queue, or one end of a simulated link. Called by the shard's own thread only; never blocks.
 */
public interface Link
{
    /**
     * Take the next packet that has arrived, if any. Its bytes stay valid until the next call.
     *
     * @param packet to be pointed at the packet.
     * @return true when there was one.
     */
    boolean receive(Packet packet);

    /**
     * Send a packet. Success says nothing about delivery, and no state of the stack depends on it.
     *
     * @param packet to send: its bytes are the link's only during the call. The link may write to the
     *               {@link Packet#HEADROOM} in front of it.
     * @return false when the link had no room or refused; the packet is lost then, as on any network.
     */
    boolean transmit(Packet packet);

    /**
     * Greatest packet on the wire.
     *
     * @return in bytes.
     */
    int mtu();

    /**
     * Greatest TCP super-segment that {@link #transmit(Packet)} takes, as an IP packet.
     *
     * @return in bytes; 0 when the link does not segment.
     */
    int maxGsoBytes();

    /**
     * Does {@link #transmit(Packet)} complete partial checksums?
     *
     * @return true when it does; otherwise the stack completes them first.
     */
    boolean checksumOffload();
}
