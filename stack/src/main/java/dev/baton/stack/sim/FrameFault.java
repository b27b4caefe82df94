package dev.baton.stack.sim;

/** What happens to a frame on a {@link SimChannel}. */
public enum FrameFault
{
    /** It arrives. */
    NONE,
    /** It is lost. */
    DROP,
    /** It arrives twice. */
    DUPLICATE,
    /** It arrives late, after frames that were sent later. */
    REORDER,
    /** The channel breaks, and this frame and all others under way are lost. */
    DISCONNECT,
    /** The frame arrives, and then the channel breaks: the sender does not know. */
    DELIVER_THEN_DISCONNECT
}
