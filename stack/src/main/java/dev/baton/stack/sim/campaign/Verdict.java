package dev.baton.stack.sim.campaign;

import java.util.List;

/**
 * How a run ended.
 *
 * @param seed      of everything.
 * @param ok        did everything hold?
 * @param hash      rolling hash over events, states and draws.
 * @param events    that happened; of a failed run, the last one is the cut at which it failed.
 * @param virtualNs virtual time that passed.
 * @param segments  that were sent and checked.
 * @param moves     of connections and hosts.
 * @param invariant what did not hold; empty when all did.
 * @param message   what was found; empty when all held.
 * @param without   parts of the plan that were left out.
 * @param failure   what was thrown; null when all held.
 */
public record Verdict(
    long seed,
    boolean ok,
    long hash,
    long events,
    long virtualNs,
    long segments,
    int moves,
    String invariant,
    String message,
    List<String> without,
    Throwable failure)
{
    /**
     * The command that runs the same again.
     *
     * @return one line.
     */
    public String replay()
    {
        return "baton sim --seed " + seed + (without.isEmpty() ? "" : " --without " + String.join(",", without));
    }
}
