package dev.baton.tools.doctor;

/**
 * What one check has found.
 *
 * @param id    of the check: lower case letters and dashes; stable.
 * @param level how bad.
 * @param text  what is so.
 * @param mend  the exact command, or what to do; empty when all is well.
 */
record Diagnosis(String id, Level level, String text, String mend)
{
    /** How bad it is. */
    enum Level
    {
        /** As it should be. */
        OK,
        /** Something will not work, but not everything needs it. */
        WARN,
        /** Baton cannot work. */
        FAIL
    }

    static Diagnosis ok(final String id, final String text)
    {
        return new Diagnosis(id, Level.OK, text, "");
    }

    /** All is well for labs; whoever wants more finds the command. It is never run by {@code --fix}. */
    static Diagnosis note(final String id, final String text, final String mend)
    {
        return new Diagnosis(id, Level.OK, text, mend);
    }

    static Diagnosis warn(final String id, final String text, final String mend)
    {
        return new Diagnosis(id, Level.WARN, text, mend);
    }

    static Diagnosis fail(final String id, final String text, final String mend)
    {
        return new Diagnosis(id, Level.FAIL, text, mend);
    }
}
