package dev.baton.stack.tcp;

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
        final Tcb tcb = new Tcb(new BufferPool(1 << 16, 1 << 16), 1 << 16, 1 << 16, null);
        tcb.state = TcpState.ESTABLISHED;
        tcb.effectiveMss = mss;
        return tcb;
    }
}
