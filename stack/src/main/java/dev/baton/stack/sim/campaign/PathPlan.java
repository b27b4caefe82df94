package dev.baton.stack.sim.campaign;

import dev.baton.stack.sim.SimPath;

/**
 * What a path from one site to another is like while faults are on.
 *
 * @param from           site that sends.
 * @param to             site that receives.
 * @param delayNs        of every packet.
 * @param jitterNs       at most so much more.
 * @param bitsPerSecond  0 for no limit.
 * @param queueBytes     in front of the limit.
 * @param early          is the queue ruled by early detection?
 * @param loss           probability of independent loss.
 * @param burstEnter     probability that a burst of losses begins.
 * @param reorder        probability that a packet is overtaken.
 * @param reorderDelayNs that it is late.
 * @param duplicate      probability.
 * @param corrupt        probability.
 * @param mark           probability of a congestion mark.
 */
record PathPlan(
    int from,
    int to,
    long delayNs,
    long jitterNs,
    long bitsPerSecond,
    int queueBytes,
    boolean early,
    double loss,
    double burstEnter,
    double reorder,
    long reorderDelayNs,
    double duplicate,
    double corrupt,
    double mark)
{
    private static final double BURST_LEAVE = 0.3;
    private static final double BURST_LOSS = 0.7;

    String name()
    {
        return "p" + from + "-" + to;
    }

    /** The way there without its faults. */
    PathPlan clean()
    {
        return new PathPlan(from, to, delayNs, 0, bitsPerSecond, queueBytes, false, 0, 0, 0, 0, 0, 0, 0);
    }

    void apply(final SimPath path)
    {
        path.delay(delayNs, jitterNs).rate(bitsPerSecond, queueBytes).loss(loss).reorder(reorder, reorderDelayNs)
            .burstLoss(burstEnter, BURST_LEAVE, BURST_LOSS).duplicate(duplicate).corrupt(corrupt).markEcn(mark);
        if (early)
        {
            path.earlyDetection(queueBytes / 8, queueBytes / 2 + 1, 0.2);
        }
        else
        {
            path.dropTail();
        }
    }
}
