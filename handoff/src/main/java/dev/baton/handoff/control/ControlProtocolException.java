package dev.baton.handoff.control;

import java.io.IOException;

/**
 * A peer has broken the rules of the control channel: a frame of an impossible length, a message of another schema, a
 * name that is not its own. The channel is closed; nothing of the frame has had an effect.
 */
public final class ControlProtocolException extends IOException
{
    private static final long serialVersionUID = 1L;

    /**
     * Say what was wrong.
     *
     * @param message one line: what came, and what was to come.
     */
    public ControlProtocolException(final String message)
    {
        super(message);
    }
}
