package dev.baton.tools.demo;

import dev.baton.stack.wire.Seq;
import java.util.ArrayList;
import java.util.List;

/**
 * What must hold of every connection, moved or not, whatever moved it: identical bytes, no sign of the move on the
 * client's side, and a kernel that keeps quiet.
 */
final class InvariantChecks
{
    private final Evidence evidence;

    InvariantChecks(final Evidence evidence)
    {
        this.evidence = evidence;
    }

    List<Check> all()
    {
        return List.of(bytesAreIdentical(), clientSeesNoMove(), timestampsGoOn(), windowNeverRetreats(),
            kernelsKeepQuiet(), sumsAreRight());
    }

    /** I1: byte streams are identical end to end. */
    Check bytesAreIdentical()
    {
        final Tally tally = new Tally("I1", evidence);
        for (final Fetch fetch : evidence.fetches())
        {
            tally.look(fetch.isOk(), fetch, fetch.fault().isEmpty() ?
                "status " + fetch.status() + ", SHA-256 " + fetch.sha256() + ", the file's is " + fetch.file() :
                fetch.fault());
        }
        return tally.verdict("%d requests, %d body bytes: every SHA-256 is the file's", evidence.fetches().size(),
            evidence.fetches().stream().mapToLong(Fetch::bytes).sum());
    }

    /** I3: no RST, FIN or SYN reaches a client because of a move. */
    Check clientSeesNoMove()
    {
        final Tally tally = new Tally("I3", evidence);
        for (final Connection connection : evidence.trace().connections())
        {
            final Segment synAck = connection.synAck();
            for (final Segment segment : connection.received())
            {
                tally.look(!segment.isRst(), connection, "a RST reached the client: " + segment.brief());
                tally.look(!segment.isSynAck() || synAck != null && segment.seq() == synAck.seq(), connection,
                    "a second SYN/ACK reached the client: " + segment.brief());
            }
            final long fins = connection.received().stream().filter(Segment::isFin).map(Segment::end).distinct()
                .count();
            tally.look(fins == 1, connection, fins + " different FINs reached the client");
        }
        return tally.verdict("the client of each of %d connections got the front's SYN/ACK, one FIN at the end, and " +
            "no RST",
            evidence.trace().connections().size());
    }

    /** I4: TSval as the client sees it never steps back. */
    Check timestampsGoOn()
    {
        final Tally tally = new Tally("I4-timestamps", evidence);
        long stamps = 0;
        for (final Connection connection : evidence.trace().connections())
        {
            Segment last = null;
            for (final Segment segment : connection.received())
            {
                if (segment.options().timestamps())
                {
                    stamps++;
                    tally.look(last == null || Seq.geq(segment.options().tsVal(), last.options().tsVal()), connection,
                        "TSval stepped back at " + segment.brief());
                    last = segment;
                }
            }
        }
        return tally.verdict("%d TSvals of %d connections never step back at the client", stamps,
            evidence.trace().connections().size());
    }

    /** I4: the right edge of the window that the client is offered never retreats. */
    Check windowNeverRetreats()
    {
        final Tally tally = new Tally("I4-window", evidence);
        long edges = 0;
        for (final Handoff handoff : evidence.handoffs())
        {
            final Connection connection = handoff.connection();
            final int scale = Math.max(0, connection.synAck().options().windowScale());
            int edge = connection.synAck().ack() + connection.synAck().windowField();
            for (final Segment segment : connection.received())
            {
                if (!segment.isSynAck() && !segment.isRst())
                {
                    edges++;
                    final int next = segment.ack() + (segment.windowField() << scale);
                    tally.look(Seq.geq(next, edge), handoff, "the right edge went back by " + (edge - next) + " at " +
                        segment.brief());
                    edge = Seq.max(edge, next);
                }
            }
        }
        return tally.verdict("in %d segments of %d handed-off connections the right edge of the window, first the " +
            "front's, never goes back",
            edges, evidence.handoffs().size());
    }

    /** No kernel and no stack emits a RST or an ICMP error anywhere. */
    Check kernelsKeepQuiet()
    {
        final Tally tally = new Tally("quiet-kernels", evidence);
        for (final Segment segment : evidence.trace().data())
        {
            tally.look(!segment.isRst(), segment.tap(), "a RST from " + segment.src() + " to " + segment.dst() + ": " +
                segment.brief());
        }
        evidence.trace().icmpErrors().forEach(message -> tally.look(false, message.tap(), message.toString()));
        evidence.trace().unclaimed().forEach(segment ->
            tally.look(false, segment.tap(), "a segment of no client's connection: " + segment.brief()));
        final List<String> taps = new ArrayList<>();
        evidence.trace().populations().forEach((tap, count) -> taps.add(tap + " " + count));
        return tally.verdict("no RST and no ICMP error, whoever might have sent it, in %d segments (%s)",
            evidence.trace().data().size(), String.join(", ", taps));
    }

    /** Every checksum that the captures can judge is right. */
    Check sumsAreRight()
    {
        final Tally tally = new Tally("checksums", evidence);
        final Sums sums = new Sums();
        evidence.trace().data().forEach(sums::add);
        tally.look(sums.wrong() == 0 && sums.judged() > 0, "captures", sums.wrong() + " wrong checksums");
        return tally.verdict("%s", sums);
    }
}
