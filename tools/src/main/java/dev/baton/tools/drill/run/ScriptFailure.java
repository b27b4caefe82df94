package dev.baton.tools.drill.run;

/** What the script expects did not happen, or something else did. */
final class ScriptFailure extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String actual;

    ScriptFailure(final String reason)
    {
        this(reason, null, null);
    }

    ScriptFailure(final String reason, final String expected, final String actual)
    {
        super(reason);
        this.expected = expected;
        this.actual = actual;
    }

    /** What the script says; null when that is its line. */
    String expected()
    {
        return expected;
    }

    /** What happened; null when nothing did. */
    String actual()
    {
        return actual;
    }
}
