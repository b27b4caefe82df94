package dev.baton.stack.intercept;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A module: found by {@link java.util.ServiceLoader} in a jar, in a class loader of its own, and put into a shard's
 * {@link InterceptorChain}. It can be loaded, unloaded and replaced while connections are alive.
 * <p>
 * All calls come from the shard's thread. What a call throws costs the packet, is counted, and after repeated faults unloads the
 * module; the shard goes on.
 */
public interface InterceptorModule
{
    /**
     * Name by which the module is listed, unloaded and replaced.
     *
     * @return lower case letters, digits and dashes.
     */
    String name();

    /**
     * The module has been put into the chain.
     *
     * @param context its way to the shard.
     */
    void open(ModuleContext context);

    /**
     * The part below TCP.
     *
     * @return null when it has none.
     */
    BtcpInterceptor btcp();

    /**
     * The part above TCP.
     *
     * @return null when it has none.
     */
    UtcpInterceptor utcp();

    /**
     * Do what is due: timers, messages from outside. Called once at the start of every poll of the shard.
     *
     * @param nowNs time of this poll.
     * @return how much was done; 0 when nothing.
     */
    int poll(long nowNs);

    /**
     * When {@link #poll(long)} must be called at the latest.
     *
     * @return a time, or {@link Long#MAX_VALUE}.
     */
    long nextDeadlineNs();

    /**
     * Connections that depend on this module now. A module with any can be replaced, but is unloaded only by force.
     *
     * @return how many.
     */
    int liveEntries();

    /**
     * Write all state, for the module that replaces this one.
     *
     * @param buffer expandable.
     * @param offset where to begin.
     * @param nowNs  time of the cut: times are written relative to it.
     * @return bytes written.
     */
    int exportState(MutableDirectBuffer buffer, int offset, long nowNs);

    /**
     * Take over from a module of the same name; called after {@link #open(ModuleContext)} and before any packet.
     *
     * @param buffer that holds what the old module wrote.
     * @param offset where it begins.
     * @param length of it in bytes.
     * @param nowNs  time of the cut.
     * @throws IllegalArgumentException when the state is of another version or damaged; nothing has changed then.
     */
    void importState(DirectBuffer buffer, int offset, int length, long nowNs);

    /**
     * The module's own account of itself, for the operator: one JSON object.
     *
     * @param nowNs time of this poll.
     * @return the text of the object.
     */
    String census(long nowNs);

    /**
     * The module has been taken out of the chain; it lets go of everything.
     */
    void close();
}
