package dev.baton.stack.sim;

import dev.baton.stack.Packet;

/**
 * Sees packets where hosts meet the network, as a capture outside of the hosts would. Checksums are complete in what it
 * is shown, even where the packet itself travels with a partial one; super-segments are shown whole.
 */
@FunctionalInterface
public interface Tap
{
    /**
     * A packet was sent or delivered.
     *
     * @param link   of the host that sent it, or to which it was delivered.
     * @param sent   true when the host sent it, false when it was delivered to the host.
     * @param packet its bytes, valid during the call, not to be changed.
     * @param nowNs  time.
     */
    void onPacket(SimLink link, boolean sent, Packet packet, long nowNs);

    /**
     * A packet that was sent will not be delivered.
     *
     * @param from   link that sent it.
     * @param packet its bytes, valid during the call, not to be changed.
     * @param reason why it was lost.
     * @param nowNs  time.
     */
    default void onDropped(final SimLink from, final Packet packet, final DropReason reason, final long nowNs)
    {
    }
}
