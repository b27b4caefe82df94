package dev.baton.stack.sim;

import org.agrona.DirectBuffer;

/**
 * Decides what happens to each frame of a {@link SimChannel}.
 */
@FunctionalInterface
public interface FrameFaults
{
    /** Every frame arrives. */
    FrameFaults NONE = (from, index, frame, offset, length) -> FrameFault.NONE;

    /**
     * Decide about a frame.
     *
     * @param from   side that sends it, 0 or 1.
     * @param index  of the frame among those of this side, from 0.
     * @param frame  buffer that holds it.
     * @param offset of the frame.
     * @param length of the frame in bytes.
     * @return what happens to it.
     */
    FrameFault decide(int from, int index, DirectBuffer frame, int offset, int length);

    /**
     * Faults by chance.
     *
     * @param random      source of chance.
     * @param probability of each fault: so much for a drop, as much for a duplicate, and so on; at most 0.2.
     * @return a decider.
     * @throws IllegalArgumentException when the five probabilities add up to more than 1.
     */
    static FrameFaults random(final SimRandom random, final double probability)
    {
        final FrameFault[] faults = FrameFault.values();
        if (!(probability >= 0 && probability * (faults.length - 1) <= 1))
        {
            throw new IllegalArgumentException("probability " + probability + " of each of " + (faults.length - 1) +
                " frame faults is out of range: use 0 to 0.2");
        }
        return (from, index, frame, offset, length) ->
        {
            for (int i = 1; i < faults.length; i++)
            {
                // Conditional on none of the faults before: p / (1 - (i - 1) p) makes all equally likely.
                if (random.chance(probability / (1 - (i - 1) * probability)))
                {
                    return faults[i];
                }
            }
            return FrameFault.NONE;
        };
    }
}
