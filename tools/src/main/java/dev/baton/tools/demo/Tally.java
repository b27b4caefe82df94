package dev.baton.tools.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Counts what a check looked at and what spoke against it. A check that looked at nothing has not held, and neither has
 * one whose captures have lost packets: what was lost may have been the fault.
 */
final class Tally
{
    private static final int FAULTS_TOLD = 3;

    private final String id;
    private final List<String> told = new ArrayList<>();
    private long looked;
    private long faults;

    /**
     * Begin a check.
     *
     * @param id       of the behaviour.
     * @param evidence that will be looked at.
     */
    Tally(final String id, final Evidence evidence)
    {
        this.id = id;
        if (evidence.lostPackets() > 0)
        {
            fault("the captures", "lost " + evidence.lostPackets() + " packets");
        }
    }

    /**
     * Look at one thing.
     *
     * @param holds   is it as it must be?
     * @param subject what was looked at; its text is only made when it does not hold.
     * @param fault   what is wrong with it then.
     * @return {@code holds}.
     */
    boolean look(final boolean holds, final Object subject, final String fault)
    {
        looked++;
        if (!holds)
        {
            fault(subject, fault);
        }
        return holds;
    }

    /**
     * A condition of the whole check, which is not a thing that was looked at.
     *
     * @param holds is it as it must be?
     * @param fault what is wrong then.
     */
    void require(final boolean holds, final String fault)
    {
        if (!holds)
        {
            fault(null, fault);
        }
    }

    private void fault(final Object subject, final String fault)
    {
        faults++;
        if (told.size() < FAULTS_TOLD)
        {
            told.add(subject == null ? fault : subject + ": " + fault);
        }
    }

    /**
     * End the check.
     *
     * @param format of the evidence, for {@link String#format(Locale, String, Object...)}.
     * @param values of it.
     * @return the verdict.
     */
    Check verdict(final String format, final Object... values)
    {
        final String sentence = String.format(Locale.ROOT, format, values);
        if (faults > 0)
        {
            final String more = faults > told.size() ? " (and " + (faults - told.size()) + " more)" : "";
            return new Check(id, false, String.join("; ", told) + more + ". Looked at: " + sentence);
        }
        return looked == 0 ? new Check(id, false, "there was nothing to look at: " + sentence) :
            new Check(id, true, sentence);
    }
}
