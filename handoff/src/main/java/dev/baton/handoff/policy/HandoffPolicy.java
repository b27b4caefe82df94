package dev.baton.handoff.policy;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Chooses who serves a connection, from the first bytes that its client has sent. The nodes that a policy knows are
 * numbered from 0; whoever uses the policy maps the numbers to peers once. One of the nodes may be the front itself:
 * that means the same as {@link #STAY}.
 * <p>
 * Called on the shard's thread, for one connection after the other; must neither block nor keep the buffer. A policy
 * that throws, or answers with a number that is no node, is taken to have said {@link #STAY}. A policy does not have to
 * look whether its node is up: who asked it finds out, and the front then serves by itself.
 */
public interface HandoffPolicy
{
    /** Verdict: the front serves the connection itself. */
    int STAY = -1;
    /** Verdict: ask again when more has come. Never given when {@code complete}. */
    int NEED_MORE = -2;
    /** Verdict: nobody serves the connection; the front ends it. */
    int REFUSE = -3;

    /**
     * Name of the policy.
     *
     * @return as in {@link Policies#byName(String, String)}.
     */
    String name();

    /**
     * Number of nodes that the policy knows.
     *
     * @return how many.
     */
    int nodeCount();

    /**
     * Name of a node.
     *
     * @param node its index.
     * @return as in the policy's settings.
     */
    String nodeName(int node);

    /**
     * Decide.
     *
     * @param prefix   buffer that holds what the client has sent, in order and without holes; read only.
     * @param offset   of it.
     * @param length   of it in bytes; may be 0.
     * @param complete true when no more will come before a verdict is needed: the client has ended its half, or a limit
     *                 of bytes or of time is reached.
     * @param facts    about the connection and the nodes.
     * @return index of a node, or {@link #STAY}, {@link #NEED_MORE} or {@link #REFUSE}.
     */
    int decide(DirectBuffer prefix, int offset, int length, boolean complete, PolicyFacts facts);

    /**
     * Write what the policy remembers between connections, for one that replaces it.
     *
     * @param buffer expandable.
     * @param offset where to begin.
     * @return bytes written; 0 when it remembers nothing.
     */
    default int exportState(final MutableDirectBuffer buffer, final int offset)
    {
        return 0;
    }

    /**
     * Take over what a policy of the same name remembered.
     *
     * @param buffer that holds what it wrote.
     * @param offset where it begins.
     * @param length of it in bytes.
     * @throws IllegalArgumentException when it is damaged; nothing has changed then.
     */
    default void importState(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length != 0)
        {
            throw new IllegalArgumentException(
                "policy " + name() + ": state of " + length + " bytes, but it has none; give it the state of its own kind");
        }
    }
}
