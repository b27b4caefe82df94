package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.Action;
import dev.baton.tools.drill.script.Expr;
import dev.baton.tools.drill.script.PacketSpec;
import dev.baton.tools.drill.script.Position;
import dev.baton.tools.drill.script.Script;
import dev.baton.tools.drill.script.When;

import java.util.List;
import java.util.Map;

/** Asks a clock for the times of events that are written relative to others. */
final class ScriptClockProbe
{
    private final ScriptClock clock = new ScriptClock(
        new DrillOptions(new Script("probe", List.of(), null, null, List.of(), null), Map.of(), true));

    /** When a packet is injected that comes so long after the event before. */
    long injected(final long afterUs, final long nowUs)
    {
        final PacketSpec.Icmp echo = new PacketSpec.Icmp("echo_request", null, null, null, null);
        return next(new PacketSpec(false, List.of(), PacketSpec.Ip.NONE, echo), afterUs, nowUs);
    }

    /** When a call is made that comes so long after the event before. */
    long call(final long afterUs, final long nowUs)
    {
        return next(new Action.Call("close", List.of(), new Expr.Int(0), null, null), afterUs, nowUs);
    }

    private long next(final Action action, final long afterUs, final long nowUs)
    {
        clock.next(new Script.Event(new Position("probe", 1, 1), new When.After(afterUs), action, ""), nowUs);
        return clock.fromUs();
    }
}
