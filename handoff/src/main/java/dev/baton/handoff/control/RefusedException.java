package dev.baton.handoff.control;

import java.io.IOException;

/**
 * A connection that will not become a channel, for a reason that has been put in words for the operator.
 */
final class RefusedException extends IOException
{
    private static final long serialVersionUID = 1L;

    RefusedException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
