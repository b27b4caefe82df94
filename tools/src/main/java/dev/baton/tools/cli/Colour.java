package dev.baton.tools.cli;

/**
 * Colours that mean something. They are shown on terminals only, and not when {@code NO_COLOR} is set.
 */
public enum Colour
{
    /** Well. */
    GREEN("32"),
    /** Look at this. */
    YELLOW("33"),
    /** Broken. */
    RED("31"),
    /** A heading. */
    BOLD("1");

    private final String code;

    Colour(final String code)
    {
        this.code = code;
    }

    String paint(final String text)
    {
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
