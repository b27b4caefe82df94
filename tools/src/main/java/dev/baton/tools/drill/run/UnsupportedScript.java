package dev.baton.tools.drill.run;

/** A script asks for something that is not built. Its verdict is "unsupported", with the reason. */
final class UnsupportedScript extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    UnsupportedScript(final UnsupportedReason reason, final String what)
    {
        super(reason.text() + ": " + what);
    }
}
