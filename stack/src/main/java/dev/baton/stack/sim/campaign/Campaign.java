package dev.baton.stack.sim.campaign;

import dev.baton.stack.sim.PcapngTap;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A simulation campaign, seed by seed. From each seed follow 2 to 6 hosts at 2 to 4 addresses with random settings, paths
 * that lose, delay, reorder, duplicate, corrupt and mark, traffic of many kinds, partitions, pauses, crashes, restarts
 * from images, and moves of connections between hosts of an address. After every event it is checked that streams are
 * whole, that one host speaks for a connection, that numbers, edges and clocks never step back, that the scoreboard adds
 * up, that memory and tables keep their limits, and that nothing stalls.
 * <p>
 * In some runs faults last to the end, and only safety is asked for. In the others they end in a core of sites after a
 * while, and every connection within the core must then come to its end as planned, and leave nothing behind.
 * <p>
 * The same seed gives the same {@link Verdict#hash()}. No state is shared between calls, so that different threads may
 * run different seeds.
 */
public final class Campaign
{
    /** The most runs that {@link #shrink(Verdict)} makes. */
    public static final int MAX_SHRINK_RUNS = 60;

    private Campaign()
    {
    }

    /**
     * Run a seed.
     *
     * @param seed any.
     * @return how it ended; never throws for what it found.
     */
    public static Verdict run(final long seed)
    {
        return run(seed, List.of(), null);
    }

    /**
     * Run a seed again, with less in it or with a capture.
     *
     * @param seed    any.
     * @param without names of faults ({@code x1}), flows ({@code f0}) and paths' faults ({@code p0-1}) to leave out.
     * @param tap     that packets and remarks go to; null for none.
     * @return how it ended.
     * @throws IllegalArgumentException when the seed's plan has no such part.
     */
    public static Verdict run(final long seed, final List<String> without, final PcapngTap tap)
    {
        final Plan whole = Planner.plan(seed);
        final Set<String> names = new TreeSet<>(without);
        names.removeAll(whole.parts());
        if (!names.isEmpty())
        {
            throw new IllegalArgumentException("the plan of seed " + seed + " has no part " + String.join(", ", names) +
                "; leave out some of " + String.join(",", whole.parts()));
        }
        return new CampaignRun(whole.without(Set.copyOf(without)), tap).run(without);
    }

    /**
     * Find out what a failure does not need: leave out part after part as long as the same invariant breaks.
     *
     * @param failed how a run failed.
     * @return how the smallest run failed that was found within {@link #MAX_SHRINK_RUNS} runs; the same one when all of
     *         it is needed.
     */
    public static Verdict shrink(final Verdict failed)
    {
        Verdict smallest = failed;
        int runs = 0;
        boolean smaller = true;
        while (smaller)
        {
            smaller = false;
            for (final String part : Planner.plan(failed.seed()).parts())
            {
                if (smallest.without().contains(part) || runs == MAX_SHRINK_RUNS)
                {
                    continue;
                }
                runs++;
                final Set<String> without = new TreeSet<>(smallest.without());
                without.add(part);
                final Verdict verdict = run(failed.seed(), List.copyOf(without), null);
                if (!verdict.ok() && verdict.invariant().equals(failed.invariant()))
                {
                    smallest = verdict;
                    smaller = true;
                }
            }
        }
        return smallest;
    }

    /**
     * What a seed means, for people.
     *
     * @param seed any.
     * @return a line for each site, path, flow and fault.
     */
    public static List<String> describe(final long seed)
    {
        final Plan plan = Planner.plan(seed);
        final List<String> lines = new ArrayList<>();
        lines.add(plan.liveness() ? "faults end in the core after 30 s" : "faults to the end");
        plan.sites().forEach((site) -> lines.add(site.toString()));
        plan.paths().forEach((path) -> lines.add(path.name() + " " + path));
        plan.flows().forEach((flow) -> lines.add(flow.name() + " " + flow));
        plan.faults().forEach((fault) -> lines.add(fault.name() + " " + fault));
        return lines;
    }
}
