package dev.baton.handoff.control;

import org.agrona.DirectBuffer;

/**
 * The control channels of a node, as its shard sees them: one long-lived, authenticated, ordered channel per peer. A frame is one
 * SBE message with its header (schema {@code control.xml}); it is delivered once or not at all while a channel is up, and
 * what was in flight when it drops is lost. Who needs more repeats, and makes messages idempotent.
 * <p>
 * All calls on the shard's thread; none blocks.
 */
public interface ControlPlane
{
    /** Greatest frame in bytes, message header included. */
    int MAX_FRAME_BYTES = 16 * 1024;

    /**
     * This node's name.
     *
     * @return as in its certificate.
     */
    String localNode();

    /**
     * Number of a peer.
     *
     * @param node its name, as in its certificate.
     * @return 0 or more, or -1 when the node is not configured.
     */
    int peer(String node);

    /**
     * Name of a peer.
     *
     * @param peer its number.
     * @return as in its certificate.
     */
    String peerName(int peer);

    /**
     * Number of configured peers; peers are numbered from 0.
     *
     * @return how many.
     */
    int peerCount();

    /**
     * Is the channel to a peer up?
     *
     * @param peer its number.
     * @return true between {@link Handler#onConnected(int)} and {@link Handler#onDisconnected(int)}.
     */
    boolean isConnected(int peer);

    /**
     * Queue a frame.
     *
     * @param peer   to whom.
     * @param frame  buffer that holds it; copied.
     * @param offset of it.
     * @param length of it in bytes.
     * @return false when the channel is down or its queue is full; nothing was sent then.
     */
    boolean send(int peer, DirectBuffer frame, int offset, int length);

    /**
     * Take what has happened since the last call.
     *
     * @param handler to be told.
     * @param limit   most events to take.
     * @return how many were taken.
     */
    int drain(Handler handler, int limit);

    /** What happens on the channels, in order per peer. */
    interface Handler
    {
        /**
         * The channel to a peer is up.
         *
         * @param peer its number.
         */
        void onConnected(int peer);

        /**
         * The channel to a peer is down; frames in flight are lost.
         *
         * @param peer its number.
         */
        void onDisconnected(int peer);

        /**
         * A frame has come.
         *
         * @param peer   from whom: the channel's authenticated name, not a claim of the frame.
         * @param buffer that holds it during the call.
         * @param offset of its message header.
         * @param length in bytes, at least a message header.
         */
        void onFrame(int peer, DirectBuffer buffer, int offset, int length);
    }
}
