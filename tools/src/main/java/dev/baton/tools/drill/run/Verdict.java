package dev.baton.tools.drill.run;

/**
 * How a script has ended in one mode.
 *
 * @param script   name of its file.
 * @param mode     of the run.
 * @param profile  of the run.
 * @param kind     pass, fail or unsupported.
 * @param line     of the event that failed or is not supported; 0 when it passed.
 * @param reason   why; null when it passed.
 * @param expected what the script says there; null when nothing is to be said.
 * @param actual   what happened, packets as scripts write them; null when nothing did.
 */
public record Verdict(
    String script, Mode mode, Profile profile, Kind kind, int line, String reason, String expected, String actual)
{
    /** Kinds of verdicts. */
    public enum Kind
    {
        /** All that the script says has happened. */
        PASS,
        /** Something else has happened, or the script cannot be read. */
        FAIL,
        /** The script asks for something of {@link UnsupportedReason}. */
        UNSUPPORTED
    }
}
