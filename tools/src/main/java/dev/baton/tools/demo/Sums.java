package dev.baton.tools.demo;

import java.util.EnumMap;
import java.util.Map;

/**
 * What the checksums of many segments are.
 */
final class Sums
{
    private final Map<Segment.Sum, Long> counts = new EnumMap<>(Segment.Sum.class);

    void add(final Segment segment)
    {
        counts.merge(segment.sum(), 1L, Long::sum);
    }

    long wrong()
    {
        return counts.getOrDefault(Segment.Sum.WRONG, 0L);
    }

    /** How many could be judged. */
    long judged()
    {
        return counts.getOrDefault(Segment.Sum.COMPLETE, 0L) + counts.getOrDefault(Segment.Sum.PARTIAL, 0L) + wrong();
    }

    @Override
    public String toString()
    {
        return counts.getOrDefault(Segment.Sum.COMPLETE, 0L) + " complete and right, " +
            counts.getOrDefault(Segment.Sum.PARTIAL, 0L) +
            " partial with the right pseudo-header sum (offload completes them), " +
            counts.getOrDefault(Segment.Sum.UNVERIFIABLE, 0L) + " complete but not captured whole, " + wrong() +
            " wrong";
    }
}
