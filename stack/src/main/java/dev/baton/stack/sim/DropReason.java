package dev.baton.stack.sim;

/** Why the network lost a packet. */
public enum DropReason
{
    /** No host has the destination address. */
    UNROUTED,
    /** A {@link PacketFilter} took it. */
    FILTER,
    /** The path is partitioned. */
    PARTITION,
    /** Chance: independent loss. */
    LOSS,
    /** Chance: a burst of losses. */
    BURST,
    /** It is larger than the path's MTU. */
    TOO_BIG,
    /** The queue in front of a rate limit is full. */
    QUEUE_FULL,
    /** The queue in front of a rate limit grows, and early detection chose it. */
    QUEUE_EARLY,
    /** Too many packets are held. */
    HOLD_FULL,
    /** The receiving host's inbox is full. */
    INBOX_FULL,
    /** The receiving host does not run. */
    HOST_DOWN,
    /** Too many packets are under way. */
    NO_BUFFER
}
