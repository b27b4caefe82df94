package dev.baton.stack.intercept;

/**
 * A module jar cannot be used. The message names the jar, what is wrong with it and how to mend it; nothing was changed.
 */
public final class ModuleLoadException extends Exception
{
    private static final long serialVersionUID = 1;

    /**
     * The jar cannot be used.
     *
     * @param message that names the jar, the cause and the mend, in one line.
     * @param cause   what was thrown, or null.
     */
    public ModuleLoadException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
