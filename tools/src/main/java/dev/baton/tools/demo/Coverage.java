package dev.baton.tools.demo;

import dev.baton.stack.wire.Seq;
import java.util.ArrayList;
import java.util.List;

/**
 * Which sequence numbers a list of segments covers, from a first one on. Holes are filled by retransmissions, so it is
 * asked at the end.
 */
final class Coverage
{
    private final int first;
    private final List<int[]> runs = new ArrayList<>();
    private boolean before;
    private boolean fin;

    Coverage(final int first)
    {
        this.first = first;
    }

    void add(final Segment segment)
    {
        if (!segment.occupies())
        {
            return;
        }
        fin |= segment.isFin();
        before |= Seq.lt(segment.seq(), first);
        int from = segment.seq() - first;
        int to = segment.end() - first;
        for (int i = runs.size() - 1; i >= 0; i--)
        {
            final int[] run = runs.get(i);
            if (run[0] <= to && from <= run[1])
            {
                from = Math.min(from, run[0]);
                to = Math.max(to, run[1]);
                runs.remove(i);
            }
        }
        runs.add(new int[]{from, to});
    }

    /** Is everything from the first number to the last one covered, and nothing before? */
    boolean isWhole()
    {
        return !before && runs.size() == 1 && runs.get(0)[0] == 0;
    }

    boolean finSeen()
    {
        return fin;
    }

    /** The number after the last, relative to the first. */
    int end()
    {
        return runs.stream().mapToInt(run -> run[1]).max().orElse(0);
    }

    /** Bytes covered, FIN not counted. */
    long bytes()
    {
        return runs.stream().mapToLong(run -> run[1] - run[0]).sum() - (fin ? 1 : 0);
    }

    @Override
    public String toString()
    {
        return bytes() + " bytes in " + runs.size() + (runs.size() == 1 ? " run" : " runs") +
            (fin ? " with FIN" : " without FIN");
    }
}
