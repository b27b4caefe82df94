package dev.baton.tools.demo;

import dev.baton.stack.wire.Seq;
import dev.baton.tools.demo.Tap.Device;
import java.util.List;

/**
 * That nothing is left where nothing should be: at the front after the handoff (P20), at the back and at the front
 * after the end (P26, P28).
 */
final class TeardownChecks
{
    private final Evidence evidence;
    private final Topology topology;
    private final Settled settled;

    TeardownChecks(final Evidence evidence)
    {
        this.evidence = evidence;
        this.topology = evidence.topology();
        this.settled = evidence.settled();
    }

    List<Check> all()
    {
        return List.of(frontsTcpIsFreed(), backSeesTheEnd(), frontFreesItsEntry());
    }

    /**
     * P20: on HANDOFF ACK, BTCP_front sends a RST up: the front's Tcb, buffers and timers are freed, nothing leaks to
     * the client.
     */
    Check frontsTcpIsFreed()
    {
        final Tally tally = new Tally("P20", evidence);
        for (final Handoff handoff : evidence.handoffs())
        {
            final List<Segment> resets = handoff.connection().where(s -> s.isRst() &&
                s.tap().host().equals(topology.front()));
            tally.look(resets.isEmpty(), handoff, resets.isEmpty() ? "" : "a RST at " + resets.get(0).tap());
            tally.look(Settled.naming(settled.connections(), topology.front(), handoff.connection().toString()) == 0,
                handoff,
                "the front's connection table still lists it");
        }
        final long atFront = Settled.naming(settled.busy(), topology.front(), settled.busyClient());
        final long atBack = Settled.naming(settled.busy(), settled.busyBack(), settled.busyClient());
        tally.require(atBack == 1 && atFront == 0, "while " + settled.busyClient() +
            " was being served, the table of " +
            settled.busyBack() + " listed it " + atBack + " times and that of " + topology.front() + " " + atFront +
            " times");
        return tally.verdict("no RST of %d handed-off connections was seen at any interface of %s; while %s was " +
            "being served by %s, %s's own table did not list it and %s's did; in the end %s lists none of them",
            evidence.handoffs().size(), topology.front(),
            settled.busyClient(),
            settled.busyBack(), topology.front(), settled.busyBack(), topology.front());
    }

    /**
     * P26: BTCP_back watches both directions and knows when the connection has closed (FIN exchange, RST, TIME-WAIT).
     */
    Check backSeesTheEnd()
    {
        final Tally tally = new Tally("P26", evidence);
        for (final Handoff handoff : evidence.handoffs())
        {
            tally.look(acknowledged(handoff.up(), handoff.down()) &&
                acknowledged(handoff.down(), handoff.up(), handoff.delta()), handoff,
                "the back's TUN device does not show a FIN and its ACK in both directions");
            tally.look(handoff.back() != null && handoff.back().outcome().endsWith("CLOSED"), handoff,
                "the back tells its end as '" + (handoff.back() == null ? "nothing" : handoff.back().outcome()) + "'");
        }
        return tally.verdict("the FINs of both sides of %d connections and their ACKs passed the back's TUN device, " +
            "and the back tells each as closed in order",
            evidence.handoffs().size());
    }

    private static boolean acknowledged(final List<Segment> one, final List<Segment> other)
    {
        return acknowledged(one, other, 0);
    }

    /** Is there a FIN among some segments whose end others acknowledge, whose ACKs are smaller by so much? */
    private static boolean acknowledged(final List<Segment> one, final List<Segment> other, final int shift)
    {
        return one.stream().filter(Segment::isFin)
            .anyMatch(fin -> other.stream().anyMatch(s -> !s.isRst() && Seq.geq(s.ack() + shift, fin.end())));
    }

    /** P28: BTCP_front ends forwarding mode for that connection and frees all of its data. */
    Check frontFreesItsEntry()
    {
        final Tally tally = new Tally("P28", evidence);
        for (final ModuleCensus census : evidence.census().latest().values())
        {
            tally.look(census.isIdle(), census.node(), "still keeps " + census.front() + census.back() + ", " +
                census.holdsInUse() +
                " holds, " + census.pendingCancels() + " CANCELs");
        }
        for (final Handoff handoff : evidence.handoffs())
        {
            tally.look(handoff.front().outcome().endsWith("CLOSED"), handoff,
                "ended at the front as '" + handoff.front().outcome() + "'");
            final long forwarded = handoff.connection().at(topology.front(), Device.TUN, false).stream()
                .filter(handoff.connection()::fromClient).count();
            tally.look(forwarded == handoff.front().segments(), handoff,
                "the front counted " + handoff.front().segments() +
                " forwarded segments, its TUN device shows " + forwarded);
        }
        evidence.unmatched().forEach(record -> tally.look(false, record.id(),
            "ended at the front as '" + record.outcome() + "'"));
        final CensusLog log = evidence.census();
        final long begun = log.counter(topology.front(), "handoffs");
        final long ended = log.counter(topology.front(), "terminations_received") +
            log.counter(topology.front(), "clients_reset") +
            log.counter(topology.front(), "idle_expired");
        tally.require(begun == ended && begun == evidence.handoffs().size(),
            begun + " handoffs began, " + ended + " ended, captures show " +
            evidence.handoffs().size());
        tally.require(settled.settledMs() <= settled.limitMs(),
            "it took " + settled.settledMs() + " ms until nothing was left");
        return tally.verdict("%d handoffs began and %d ended at %s, each closed in order; %d ms after the last " +
            "request (limit %d ms, of which TIME-WAIT 2000 ms) no node had an entry, a held segment or an open CANCEL",
            begun, ended, topology.front(), settled.settledMs(),
            settled.limitMs());
    }
}
