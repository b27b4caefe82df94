package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;

/** Tcbs for tests outside of this package. */
public final class Tcbs
{
    private Tcbs()
    {
    }

    /**
     * A Tcb whose congestion control can be called; it belongs to no shard.
     *
     * @param mss effective MSS in bytes.
     * @return a new one, ESTABLISHED, with nothing sent.
     */
    public static Tcb established(final int mss)
    {
        final Tcb tcb = new Tcb(new TcbMemory(new BufferPool(1 << 17, 1 << 17), new StackContext()), null);
        tcb.state = TcpState.ESTABLISHED;
        tcb.effectiveMss = mss;
        return tcb;
    }
}
