package dev.baton.stack.sim;

/**
 * A queue that loses or marks packets before it is full: the longer its average length, the more of them (random early
 * detection, RFC 7567, section 3). The average follows the length by a weight of 1/64 per packet.
 */
final class EarlyDetection
{
    private static final int WEIGHT_SHIFT = 6;

    private final int minBytes;
    private final int maxBytes;
    private final double maxProbability;
    /** Average length, times 64. */
    private long scaledAverage;

    /**
     * A policy.
     *
     * @param minBytes       average length up to which nothing happens.
     * @param maxBytes       average length from which every packet is chosen.
     * @param maxProbability that a packet is chosen just below that.
     */
    EarlyDetection(final int minBytes, final int maxBytes, final double maxProbability)
    {
        this.minBytes = minBytes;
        this.maxBytes = maxBytes;
        this.maxProbability = maxProbability;
    }

    /**
     * The same limits, with a history of its own.
     *
     * @return a new policy.
     */
    EarlyDetection fresh()
    {
        return new EarlyDetection(minBytes, maxBytes, maxProbability);
    }

    /**
     * Is the packet that arrives now one to lose or mark?
     *
     * @param queuedBytes that wait before it.
     * @param random      source of chance.
     * @return true when it is.
     */
    boolean chooses(final long queuedBytes, final SimRandom random)
    {
        scaledAverage += queuedBytes - (scaledAverage >> WEIGHT_SHIFT);
        final long average = scaledAverage >> WEIGHT_SHIFT;
        if (average <= minBytes)
        {
            return false;
        }
        return average >= maxBytes || random.chance(maxProbability * (average - minBytes) / (maxBytes - minBytes));
    }
}
