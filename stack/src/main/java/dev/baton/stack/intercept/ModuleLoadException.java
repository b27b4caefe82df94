package dev.baton.stack.intercept;

import java.nio.file.Path;

/**
 * A module jar cannot be used; nothing was changed. The message is one line that names the jar, what is wrong with it
 * and how to mend it.
 */
public final class ModuleLoadException extends Exception
{
    private static final long serialVersionUID = 1;

    private final String reason;
    private final String mend;

    /**
     * The jar cannot be used.
     *
     * @param jar    the file.
     * @param reason half a sentence about it.
     * @param mend   what to do about it.
     * @param cause  what was thrown, or null.
     */
    public ModuleLoadException(final Path jar, final String reason, final String mend, final Throwable cause)
    {
        super("module jar " + jar + ": " + oneLine(reason) + ": " + mend, cause);
        this.reason = oneLine(reason);
        this.mend = mend;
    }

    /**
     * What is wrong.
     *
     * @return half a sentence, without the jar's name.
     */
    public String reason()
    {
        return reason;
    }

    /**
     * What to do about it.
     *
     * @return half a sentence.
     */
    public String mend()
    {
        return mend;
    }

    private static String oneLine(final String text)
    {
        return text.replaceAll("\\s*\\R\\s*", " ");
    }
}
