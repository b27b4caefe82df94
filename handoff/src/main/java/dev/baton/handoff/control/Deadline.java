package dev.baton.handoff.control;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Time that something has to be done in: either it is met, or it passes and something is ended; never both, whoever is first.
 */
final class Deadline implements Runnable
{
    private final AtomicReference<Outcome> outcome = new AtomicReference<>();
    private final Runnable end;

    /**
     * @param end what is done when the time has passed.
     */
    Deadline(final Runnable end)
    {
        this.end = end;
    }

    /** The time is over. The timer's thread. */
    @Override
    public void run()
    {
        if (outcome.compareAndSet(null, Outcome.PASSED))
        {
            end.run();
        }
    }

    /**
     * It is done, or has failed.
     *
     * @return false when the time was over before.
     */
    boolean meet()
    {
        outcome.compareAndSet(null, Outcome.MET);
        return outcome.get() == Outcome.MET;
    }

    /** How it ended. */
    private enum Outcome
    {
        MET, PASSED
    }
}
