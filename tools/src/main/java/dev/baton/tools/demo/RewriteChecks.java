package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import dev.baton.tools.demo.Tap.Device;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The way of segments after the handoff: client to front to back, rewritten (P22); back to client, rewritten, and not
 * through the front (P24, P25).
 */
final class RewriteChecks
{
    private final Evidence evidence;
    private final String front;

    RewriteChecks(final Evidence evidence)
    {
        this.evidence = evidence;
        this.front = evidence.topology().front();
    }

    List<Check> all()
    {
        return List.of(clientsSegmentsAreForwarded(), backsSegmentsBecomeTheFronts(), responseGoesStraight());
    }

    /**
     * A segment of the client as it must look at the back, whatever tap shows it: compared as a whole.
     *
     * @param dst    destination address.
     * @param seq    not changed on the way.
     * @param ack    less delta.
     * @param flags  not changed.
     * @param window not changed.
     * @param bytes  of payload.
     * @param tsVal  not changed.
     * @param tsEcr  less the offset of the clocks.
     * @param edges  of SACK blocks, less delta.
     */
    private record Shape(
        IpAddress dst, int seq, int ack, int flags, int window, int bytes, int tsVal, int tsEcr, List<Integer> edges)
    {
        static Shape of(final Segment s)
        {
            return new Shape(s.dst(), s.seq(), s.ack(), s.flags(), s.windowField(), s.payloadBytes(),
                s.options().tsVal(),
                s.options().tsEcr(), s.options().sackEdges());
        }

        static Shape rewritten(final Segment s, final IpAddress dst, final int delta, final int tsOffset)
        {
            final boolean echoes = s.options().timestamps();
            return new Shape(dst, s.seq(), s.ack() - delta, s.flags(), s.windowField(), s.payloadBytes(),
                s.options().tsVal(),
                echoes ? s.options().tsEcr() - tsOffset : 0, s.options().shiftedEdges(-delta));
        }
    }

    /**
     * P22: later client segments get destination = back, ACK -= delta, SACK edges -= delta, checksums updated, and are
     * sent on; the held request goes the same way.
     */
    Check clientsSegmentsAreForwarded()
    {
        final Tally tally = new Tally("P22", evidence);
        final Sums sums = new Sums();
        long forwardedCount = 0;
        long sackEdges = 0;
        for (final Handoff handoff : evidence.handoffs())
        {
            final Connection connection = handoff.connection();
            final List<Segment> forwarded = connection.forwarded();
            if (!tally.look(!forwarded.isEmpty(), handoff, "nothing was forwarded"))
            {
                continue;
            }
            forwardedCount += forwarded.size();
            forwarded.forEach(sums::add);
            handoff.up().forEach(sums::add);
            sackEdges += forwarded.stream().mapToInt(s -> s.options().sackEdges().size()).sum();
            compare(tally, handoff, forwarded);
        }
        tally.require(sums.wrong() == 0, sums.wrong() + " checksums are wrong");
        return tally.verdict("%d segments that clients of %d handed-off connections sent came out of %s's TUN device " +
            "and went into the back's with destination = the back, ACK and %d SACK edges less delta, the echoed " +
            "timestamp less the offset of the clocks, and all else as it was; none is missing; checksums: %s",
            forwardedCount, evidence.handoffs().size(), front, sackEdges, sums);
    }

    private void compare(final Tally tally, final Handoff handoff, final List<Segment> forwarded)
    {
        final Connection connection = handoff.connection();
        final List<Segment> arrived = connection.up(front).stream().filter(s -> !s.isSyn()).toList();
        final IpAddress back = evidence.topology().stackOf(handoff.backNode(), connection.vip());
        final int tsOffset = tsOffset(arrived, forwarded.get(0));
        final Map<Shape, Integer> left = count(arrived.stream()
            .map(s -> Shape.rewritten(s, back, handoff.delta(), tsOffset)).toList());
        for (final Segment segment : forwarded)
        {
            tally.look(take(left, Shape.of(segment)), handoff,
                "forwarded " + segment.brief() + " is no client segment rewritten rightly");
        }
        // What may rightly be missing: repetitions of held bytes and bare ACKs from before the handoff are absorbed.
        int heldEnd = connection.isnClient() + 1;
        for (final Segment segment : arrived)
        {
            final boolean fresh = segment.occupies() && segment.end() - heldEnd > 0;
            if (segment.timeNs() >= handoff.forwardedNs() || fresh)
            {
                tally.look(!left.containsKey(Shape.rewritten(segment, back, handoff.delta(), tsOffset)), handoff,
                    "the front swallowed " + segment.brief());
            }
            heldEnd = fresh ? segment.end() : heldEnd;
        }
        tally.look(count(forwarded.stream().map(Shape::of).toList())
            .equals(count(handoff.up().stream().map(Shape::of).toList())),
            handoff, "what the front forwarded and what went into the back's TUN device differ");
        tally.look(count(connection.sent().stream().map(Shape::of).toList()).equals(
            count(connection.up(front).stream().map(Shape::of).toList())), handoff,
            "what the client sent and what went into the front's TUN device differ");
    }

    /** Front's timestamp clock less the back's, from the first forwarded segment; 0 without timestamps. */
    private static int tsOffset(final List<Segment> arrived, final Segment forwarded)
    {
        for (final Segment segment : arrived)
        {
            if (segment.seq() == forwarded.seq() && segment.payloadBytes() == forwarded.payloadBytes() &&
                segment.flags() == forwarded.flags() && segment.options().tsVal() == forwarded.options().tsVal())
            {
                return segment.options().tsEcr() - forwarded.options().tsEcr();
            }
        }
        return 0;
    }

    private static Map<Shape, Integer> count(final List<Shape> shapes)
    {
        final Map<Shape, Integer> counts = new HashMap<>();
        shapes.forEach(shape -> counts.merge(shape, 1, Integer::sum));
        return counts;
    }

    private static boolean take(final Map<Shape, Integer> counts, final Shape shape)
    {
        final Integer count = counts.get(shape);
        if (count != null)
        {
            counts.compute(shape, (key, n) -> n == 1 ? null : n - 1);
        }
        return count != null;
    }

    /** P24: BTCP_back intercepts outgoing segments: source = VIP, SEQ += delta, checksums updated. */
    Check backsSegmentsBecomeTheFronts()
    {
        final Tally tally = new Tally("P24", evidence);
        final Sums sums = new Sums();
        long segments = 0;
        for (final Handoff handoff : evidence.handoffs())
        {
            final Connection connection = handoff.connection();
            final List<Segment> down = handoff.down();
            final Coverage coverage = new Coverage(handoff.front().isnFront() + 1);
            for (final Segment segment : down)
            {
                segments++;
                sums.add(segment);
                coverage.add(segment);
                tally.look(segment.src().equals(connection.vip()) && segment.srcPort() == evidence.topology().port() &&
                    segment.dst().equals(connection.client()), handoff,
                    "the back emitted from " + segment.src() + ":" + segment.srcPort());
            }
            tally.look(coverage.isWhole() && coverage.finSeen(), handoff,
                "its bytes do not continue the front's numbering without a gap to the FIN: " + coverage);
        }
        tally.require(sums.wrong() == 0, sums.wrong() + " checksums are wrong");
        return tally.verdict("%d segments of %d handed-off connections came out of the backs' TUN devices from the " +
            "VIP; their bytes follow on the front's SYN/ACK without a gap up to the FIN; checksums: %s", segments,
            evidence.handoffs().size(), sums);
    }

    /** P25: they go straight to the client, not through the front. */
    Check responseGoesStraight()
    {
        final Tally tally = new Tally("P25", evidence);
        long bytes = 0;
        for (final Handoff handoff : evidence.handoffs())
        {
            final Connection connection = handoff.connection();
            final List<Segment> atFront = connection.where(s -> !connection.fromClient(s) &&
                s.tap().host().equals(front) && !s.isSynAck());
            tally.look(atFront.isEmpty(), handoff, atFront.isEmpty() ? "" :
                "passed " + atFront.get(0).tap() + ": " + atFront.get(0).brief());
            final Coverage left = coverage(handoff, handoff.down());
            final Coverage onTheWire = coverage(handoff, connection.at(handoff.backNode(), Device.DATA, true));
            final Coverage came = coverage(handoff, connection.received().stream().filter(s -> !s.isSynAck()).toList());
            tally.look(left.end() == onTheWire.end() && left.end() == came.end() && came.isWhole() &&
                onTheWire.isWhole(), handoff,
                "left the back: " + left + ", its link: " + onTheWire + ", reached the client: " + came);
            bytes += came.bytes();
        }
        return tally.verdict("%d bytes of %d handed-off connections left the backs by their own links and reached " +
            "the client; no segment of them was seen on any interface of %s", bytes, evidence.handoffs().size(), front);
    }

    private static Coverage coverage(final Handoff handoff, final List<Segment> segments)
    {
        final Coverage coverage = new Coverage(handoff.front().isnFront() + 1);
        segments.forEach(coverage::add);
        return coverage;
    }
}
