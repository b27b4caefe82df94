package dev.baton.tools.demo;

import java.util.List;

/**
 * That the handoff is a module: it comes and goes while nodes and connections live (P03), and TCP does not know of it
 * (P04).
 */
final class ModuleChecks
{
    private final Evidence evidence;

    ModuleChecks(final Evidence evidence)
    {
        this.evidence = evidence;
    }

    List<Check> all()
    {
        return List.of(modulesComeAndGo(), tcpIsNotChanged());
    }

    /** P03: handoff modules load and unload on both nodes while the nodes and their connections live. */
    Check modulesComeAndGo()
    {
        final Tally tally = new Tally("P03", evidence);
        final StringBuilder told = new StringBuilder();
        for (final ModuleEvent event : evidence.moduleEvents())
        {
            tally.look(event.ok(), event, event.answer());
            final Connection busy = evidence.trace().connections().stream()
                .filter(c -> c.clientPort() == event.clientPort() &&
                c.client().equals(event.client())).findFirst().orElse(null);
            final long before = busy == null ? 0 : payload(busy, 0, event.beganNs());
            final long after = busy == null ? 0 : payload(busy, event.endedNs(), Long.MAX_VALUE);
            tally.look(before > 0 && after > 0, event, "its busy connection got " + before + " bytes before and " +
                after + " after");
            tally.look(busy != null && evidence.fetches(busy).stream().allMatch(Fetch::isOk) &&
                !evidence.fetches(busy).isEmpty(), event,
                "its busy connection did not end well");
            told.append(told.isEmpty() ? "" : ", ").append(event);
        }
        for (final String action : List.of("replace", "refused unload", "unload", "load"))
        {
            tally.require(evidence.moduleEvents().stream().anyMatch(e -> e.action().equals(action)),
                "no " + action + " was tried");
        }
        final long nodes = evidence.moduleEvents().stream().map(ModuleEvent::node).distinct().count();
        tally.require(nodes > 1, "only one node's module was touched");
        return tally.verdict("%s: each while a download was running through that node, which went on and ended with " +
            "the right SHA-256",
            told);
    }

    private static long payload(final Connection connection, final long fromNs, final long untilNs)
    {
        return connection.received().stream()
            .filter(s -> s.timeNs() >= fromNs && s.timeNs() <= untilNs).mapToLong(Segment::payloadBytes).sum();
    }

    /** P04: TCP is not changed: modules wrap it, UTCP above and BTCP below. */
    Check tcpIsNotChanged()
    {
        final Tally tally = new Tally("P04", evidence);
        final CodeFacts code = evidence.code();
        tally.look(code.stackClasses() > 0 && code.stackMentions() == 0, "the stack",
            code.stackMentions() + " of " + code.stackClasses() + " classes mention the handoff");
        tally.look(code.moduleClasses() > 0 && code.moduleForeigners() == 0, "the module's jar",
            code.moduleForeigners() + " of " + code.moduleClasses() + " classes are outside its package");
        int without = 0;
        for (final Fetch fetch : evidence.fetches())
        {
            if (!fetch.policyApplied())
            {
                without++;
                tally.look(fetch.isOk() && fetch.server().equals(evidence.topology().front()), fetch,
                    "without the module it was answered by '" + fetch.server() + "'");
            }
        }
        tally.require(without > 0, "no request was made without the module");
        return tally.verdict("none of %d classes of the stack mentions the handoff, all %d classes of the module are " +
            "its own; with the module unloaded the same process at %s served %d requests over the same TCP",
            code.stackClasses(), code.moduleClasses(),
            evidence.topology().front(), without);
    }
}
