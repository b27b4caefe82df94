package dev.baton.stack.tcp;

/**
 * Urgent data of a connection that has some (RFC 9293, section 3.8.5): the ends that were announced, in both
 * directions. State only; pooled. Not thread safe.
 */
public final class UrgentState
{
    /** Is there urgent data that the peer has not acknowledged? */
    public boolean sending;
    /** SND.UP: number of the octet that follows the urgent data (MUST-62); counts when {@link #sending}. */
    public int sndUp;
    /** Has the peer announced urgent data that the user has not read past? */
    public boolean receiving;
    /** RCV.UP: number of the octet that follows the urgent data; counts when {@link #receiving}. */
    public int rcvUp;
    /** Has the user read the octet that is kept apart? */
    public boolean taken;

    UrgentState()
    {
    }

    /** There is none. */
    void clear()
    {
        sending = receiving = taken = false;
        sndUp = rcvUp = 0;
    }

    /** Is nothing going on? */
    boolean isEmpty()
    {
        return !sending && !receiving;
    }
}
