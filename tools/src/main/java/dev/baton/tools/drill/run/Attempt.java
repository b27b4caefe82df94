package dev.baton.tools.drill.run;

/** A system call that has begun. It is made again, while it blocks, whenever the stack has moved. */
interface Attempt
{
    /** Result of a call that blocks. */
    long BLOCKS = Long.MIN_VALUE;

    /**
     * When a call that blocks gives up by itself.
     *
     * @return in microseconds from the start of the script; the end of time when it waits for ever.
     */
    default long givesUpAtUs()
    {
        return Long.MAX_VALUE;
    }

    /**
     * Make the call.
     *
     * @return its result, a negated error number, or {@link #BLOCKS}.
     */
    long run();

    /** After the expected result: are the values that the call has filled in those that the script expects? */
    default void check()
    {
    }
}
