package dev.baton.stack.sim;

/**
 * What runs on a simulated host: anything that is driven by time as an argument.
 */
public interface SimNode
{
    /**
     * Do what is due: take packets in, run timers, emit what is owed.
     *
     * @param nowNs the time.
     * @return a measure of the work done; 0 when there was none.
     */
    int poll(long nowNs);

    /**
     * When {@link #poll(long)} must be called at the latest, even if nothing arrives.
     *
     * @return the time; in the past or now when there is something to do, {@link Long#MAX_VALUE} when nothing waits.
     */
    long nextDeadlineNs();
}
