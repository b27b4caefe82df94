package dev.baton.tools.cli;

/**
 * An error that a user can act on. It names the thing that is wrong, the cause, and what mends it; it is shown without a stack
 * trace unless {@code --debug} is given.
 */
public final class CliError extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String thing;
    private final String reason;
    private final String mend;

    /**
     * An error without an underlying exception.
     *
     * @param exitCode one of {@link ExitCodes}.
     * @param thing    what is wrong: a file and line, a device, a node.
     * @param reason   why.
     * @param mend     what to do, if possible the exact command.
     */
    public CliError(final int exitCode, final String thing, final String reason, final String mend)
    {
        this(exitCode, thing, reason, mend, null);
    }

    /**
     * An error that was caused by an exception.
     *
     * @param exitCode   one of {@link ExitCodes}.
     * @param thing      what is wrong.
     * @param reason     why.
     * @param mend       what to do.
     * @param underlying shown with {@code --debug}; may be null.
     */
    public CliError(
        final int exitCode, final String thing, final String reason, final String mend, final Throwable underlying)
    {
        super(thing + ": " + reason, underlying);
        this.exitCode = exitCode;
        this.thing = thing;
        this.reason = reason;
        this.mend = mend;
    }

    /**
     * How the process ends.
     *
     * @return one of {@link ExitCodes}.
     */
    public int exitCode()
    {
        return exitCode;
    }

    /**
     * What is wrong.
     *
     * @return a noun: file and line, device, node.
     */
    public String thing()
    {
        return thing;
    }

    /**
     * Why it is wrong.
     *
     * @return half a sentence.
     */
    public String reason()
    {
        return reason;
    }

    /**
     * What to do about it.
     *
     * @return half a sentence or a command line.
     */
    public String mend()
    {
        return mend;
    }
}
