package dev.baton.tools.drill.run;

/** Whose visible policy a script expects: how the stack is set up, and what is compared. */
public enum Profile
{
    /** Linux's. */
    LINUX(true),
    /** FreeBSD's. */
    FREEBSD(true),
    /**
     * What RFCs fix, and no more: the set of options but not their order, no windows, no PSH, ACKs at any time in
     * half a second.
     */
    NEUTRAL(false);

    private final boolean exact;

    Profile(final boolean exact)
    {
        this.exact = exact;
    }

    /** Must PSH be as the script says? */
    boolean heedsPush()
    {
        return exact;
    }

    /** Must windows be as the script says? */
    boolean comparesWindow()
    {
        return exact;
    }

    /** Must options stand in the script's order, with its padding? */
    boolean comparesOptionOrder()
    {
        return exact;
    }

    /** How much later than expected a pure ACK may come, in microseconds. */
    long ackSlackUs()
    {
        return exact ? 0 : 500_000;
    }
}
