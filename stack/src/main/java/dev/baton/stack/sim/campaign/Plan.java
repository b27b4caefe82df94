package dev.baton.stack.sim.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * All that a run does by plan; what is left to chance in it follows from the seed.
 *
 * @param seed     of everything.
 * @param liveness must the core make progress once faults are over? Otherwise they last to the end.
 * @param sites    at least two.
 * @param paths    between sites, one for each direction.
 * @param flows    the traffic.
 * @param faults   and what happens to it.
 */
record Plan(
    long seed, boolean liveness, List<SitePlan> sites, List<PathPlan> paths, List<FlowPlan> flows, List<Fault> faults)
{
    /** From here on, faults are over in the core, in nanoseconds after the start. */
    static final long HEAL_NS = 30_000_000_000L;

    /**
     * The plan without some of its parts.
     *
     * @param names of flows, faults and paths; a path loses its faults only.
     * @return a new plan.
     */
    Plan without(final Set<String> names)
    {
        return new Plan(seed, liveness, sites,
            paths.stream().map((path) -> names.contains(path.name()) ? path.clean() : path).toList(),
            flows.stream().filter((flow) -> !names.contains(flow.name())).toList(),
            faults.stream().filter((fault) -> !names.contains(fault.name())).toList());
    }

    /**
     * Names of what can be left out.
     *
     * @return faults first, then flows, then paths.
     */
    List<String> parts()
    {
        final List<String> names = new ArrayList<>();
        faults.forEach((fault) -> names.add(fault.name()));
        flows.forEach((flow) -> names.add(flow.name()));
        paths.stream().filter((path) -> !path.equals(path.clean())).forEach((path) -> names.add(path.name()));
        return names;
    }
}
