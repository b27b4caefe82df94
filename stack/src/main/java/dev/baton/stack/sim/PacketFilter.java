package dev.baton.stack.sim;

import dev.baton.stack.Packet;

import java.util.function.Predicate;

/**
 * Chooses packets that a path is to lose: for tests that need a certain one to be missing.
 */
@FunctionalInterface
public interface PacketFilter
{
    /**
     * Is this packet to be lost?
     *
     * @param packet as it is on the wire: no super-segment, checksum complete, transport header located.
     * @param nowNs  time of its transmission.
     * @return true to lose it.
     */
    boolean drop(Packet packet, long nowNs);

    /**
     * Lose the n-th packet that matches.
     *
     * @param n         1 for the first.
     * @param predicate that a packet has to match to be counted.
     * @return a filter with a count of its own.
     */
    static PacketFilter dropNth(final int n, final Predicate<Packet> predicate)
    {
        final int[] matched = {0};
        return (packet, nowNs) -> predicate.test(packet) && ++matched[0] == n;
    }

    /**
     * Lose the first packets that match.
     *
     * @param n         how many.
     * @param predicate that a packet has to match to be counted.
     * @return a filter with a count of its own.
     */
    static PacketFilter dropFirst(final int n, final Predicate<Packet> predicate)
    {
        final int[] matched = {0};
        return (packet, nowNs) -> predicate.test(packet) && ++matched[0] <= n;
    }
}
