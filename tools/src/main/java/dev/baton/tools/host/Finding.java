package dev.baton.tools.host;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;

/**
 * Something that is in the way, and what mends it.
 *
 * @param thing what is wrong.
 * @param cause why.
 * @param mend  the exact command where there is one.
 */
public record Finding(String thing, String cause, String mend)
{
    /**
     * As an error that ends a command.
     *
     * @return exit code {@link ExitCodes#REFUSED}.
     */
    public CliError asError()
    {
        return new CliError(ExitCodes.REFUSED, thing, cause, mend);
    }
}
