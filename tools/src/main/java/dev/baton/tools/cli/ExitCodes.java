package dev.baton.tools.cli;

/**
 * Exit codes of every {@code baton} command.
 */
public final class ExitCodes
{
    /** All that was asked has been done. */
    public static final int OK = 0;

    /** A fault of Baton itself. */
    public static final int INTERNAL = 1;

    /** The command line, or a file that it names, is wrong; nothing was changed. */
    public static final int USAGE = 2;

    /** What the command names does not exist. */
    public static final int NOT_FOUND = 3;

    /** Refused: ownership, stale epoch, policy, missing rights. */
    public static final int REFUSED = 4;

    /** Something that was checked has failed. */
    public static final int CHECK_FAILED = 5;

    /** It did not end in time. */
    public static final int TIMEOUT = 6;

    /** Moves only: some connections were moved, others not. */
    public static final int PARTIAL = 7;

    private ExitCodes()
    {
    }
}
