package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The handshake that is played to the back's TCP and that nobody outside sees (P14, P15, P16).
 */
final class ReplayChecks
{
    private final Evidence evidence;

    ReplayChecks(final Evidence evidence)
    {
        this.evidence = evidence;
    }

    List<Check> all()
    {
        return List.of(synIsReplayedInside(), synAckIsCaptured(), ackMakesTheBackEstablished());
    }

    /** P14: BTCP_back rewrites the SYN's destination to its own address, fixes checksums, sends it up to its TCP. */
    Check synIsReplayedInside()
    {
        final Tally tally = new Tally("P14", evidence);
        final Set<Integer> isns = new HashSet<>();
        for (final Handoff handoff : evidence.handoffs())
        {
            final List<Segment> up = handoff.up();
            tally.look(up.stream().noneMatch(Segment::isSyn), handoff, "a SYN went into the back's TUN device");
            final IpAddress own = evidence.topology().stackOf(handoff.backNode(), handoff.connection().vip());
            tally.look(!up.isEmpty() && up.get(0).dst().equals(own) &&
                up.get(0).seq() == handoff.connection().isnClient() + 1 &&
                up.get(0).ack() == handoff.front().isnBack() + 1, handoff,
                "the first segment for the back's TCP does not continue a handshake of " + own);
            isns.add(handoff.front().isnBack());
        }
        final long prepared = evidence.census().counter(evidence.topology().backs(), "prepared");
        tally.require(prepared >= evidence.handoffs().size(), "the backs prepared only " + prepared + " connections");
        tally.require(evidence.handoffs().size() < 2 || isns.size() > evidence.handoffs().size() / 2,
            "the ISNs of the backs are not made anew for every SYN");
        return tally.verdict("no SYN went into a back's TUN device, yet the backs' TCPs made %d ISNs for %d " +
            "connections to their own addresses, and what came first through the TUN device was the byte after the " +
            "SYN; the backs count %d prepared", isns.size(),
            evidence.handoffs().size(), prepared);
    }

    /** P15: BTCP_back captures the SYN/ACK of its TCP: it never reaches the client; ISN_back is parsed. */
    Check synAckIsCaptured()
    {
        final Tally tally = new Tally("P15", evidence);
        long segments = 0;
        for (final Handoff handoff : evidence.handoffs())
        {
            for (final Segment segment : handoff.connection().all())
            {
                segments++;
                tally.look(!segment.has(TcpHeader.SYN) ||
                    !segment.tap().host().equals(handoff.backNode()), handoff,
                    "a SYN at " + segment.tap() + ": " + segment.brief());
                tally.look(!segment.isSynAck() || segment.seq() == handoff.front().isnFront(), handoff,
                    "a SYN/ACK that is not the front's at " + segment.tap() + ": " + segment.brief());
            }
            tally.look(handoff.back() != null && handoff.front().isnBack() == handoff.back().isnBack(), handoff,
                "ISN_back is not known");
        }
        for (final Segment segment : evidence.trace().unclaimed())
        {
            tally.look(!segment.isSynAck(), segment.tap(), "a SYN/ACK of no client's connection: " + segment.brief());
        }
        return tally.verdict("among %d segments of %d handed-off connections at all taps every SYN/ACK is the " +
            "front's, and none was seen at a back; both nodes tell the same ISN_back of each", segments,
            evidence.handoffs().size());
    }

    /**
     * P16: BTCP_back rewrites the ACK's destination and number (ISN_back + 1), sends it up: back's TCP is ESTABLISHED.
     */
    Check ackMakesTheBackEstablished()
    {
        final Tally tally = new Tally("P16", evidence);
        long longestNs = 0;
        for (final Handoff handoff : evidence.handoffs())
        {
            final List<Segment> up = handoff.up();
            final int requestEnd = up.isEmpty() ? 0 : up.get(0).end();
            final Segment answer = handoff.down().stream().filter(s -> Seq.geq(s.ack(), requestEnd)).findFirst()
                .orElse(null);
            if (tally.look(!up.isEmpty() && answer != null, handoff, "the back's TCP never acknowledged the request"))
            {
                longestNs = Math.max(longestNs, answer.timeNs() - up.get(0).timeNs());
            }
            tally.look(handoff.down().stream().filter(Segment::occupies)
                .map(s -> s.seq() == handoff.front().isnFront() + 1)
                .findFirst().orElse(false), handoff, "what it sent first is not the byte after its SYN/ACK");
        }
        final long activated = evidence.census().counter(evidence.topology().backs(), "activated");
        tally.require(activated >= evidence.handoffs().size(),
            "the backs activated only " + activated + " connections");
        return tally.verdict("with no handshake on the wire the backs' TCPs took the request as the first segment of " +
            "%d connections and acknowledged it, at the latest after %.1f ms, and sent from the byte after their SYN " +
            "on: they were ESTABLISHED; the backs count %d activated",
            evidence.handoffs().size(), longestNs / 1e6, activated);
    }
}
