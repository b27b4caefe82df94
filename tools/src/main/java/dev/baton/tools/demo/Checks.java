package dev.baton.tools.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All behaviours of an early handoff, judged. A new group of checks is one line here.
 */
final class Checks
{
    private Checks()
    {
    }

    /** P01 to P28, in order. */
    static List<Check> behaviours(final Evidence evidence)
    {
        final List<Check> checks = new ArrayList<>();
        checks.addAll(new HandshakeChecks(evidence).all());
        checks.addAll(new ChannelChecks(evidence).all());
        checks.addAll(new ModuleChecks(evidence).all());
        checks.addAll(new HoldChecks(evidence).all());
        checks.addAll(new ReplayChecks(evidence).all());
        checks.addAll(new RewriteChecks(evidence).all());
        checks.addAll(new TeardownChecks(evidence).all());
        checks.sort(Comparator.comparing(Check::id));
        return checks;
    }

    /** What holds beyond them. */
    static List<Check> invariants(final Evidence evidence)
    {
        return new InvariantChecks(evidence).all();
    }
}
