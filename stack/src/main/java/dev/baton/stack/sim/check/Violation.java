package dev.baton.stack.sim.check;

/** Something that must always hold does not. */
public final class Violation extends AssertionError
{
    /** Byte streams are identical end to end. */
    public static final String STREAM = "I1";
    /** At most one owner emits for a connection. */
    public static final String ONE_SPEAKER = "I2";
    /** Nothing that a peer would take for the end of a connection is sent without a reason. */
    public static final String NO_RESET = "I3";
    /** Sequence numbers, window edges and timestamps never step back, and fit each other. */
    public static final String SEQUENCE = "I4";
    /** Every queue, table and buffer keeps its limit, and memory is given back. */
    public static final String BOUNDED = "I9";
    /** The same seed gives the same history. */
    public static final String DETERMINISM = "I10";
    /** Progress or an error within bounded time. */
    public static final String PROGRESS = "I11";
    /** A sequence number always stands for the same byte on the wire; checksums are right. */
    public static final String WIRE = "H2";
    /** Nothing throws. */
    public static final String NO_FAULT = "fault";

    private static final long serialVersionUID = 1L;

    private final String invariant;

    /**
     * A violation.
     *
     * @param invariant one of the names above.
     * @param message   what was found where.
     */
    public Violation(final String invariant, final String message)
    {
        super(invariant + ": " + message);
        this.invariant = invariant;
    }

    /**
     * What does not hold.
     *
     * @return its short name.
     */
    public String invariant()
    {
        return invariant;
    }
}
