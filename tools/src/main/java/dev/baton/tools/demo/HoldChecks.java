package dev.baton.tools.demo;

import dev.baton.tools.demo.Tap.Device;
import java.util.Arrays;
import java.util.List;

/**
 * What the front keeps to itself until somebody has been chosen: the request (P09, P10, P11), the indication (P19,
 * P21), and what becomes of both when the front itself is chosen (P23).
 */
final class HoldChecks
{
    private final Evidence evidence;
    private final String front;

    HoldChecks(final Evidence evidence)
    {
        this.evidence = evidence;
        this.front = evidence.topology().front();
    }

    List<Check> all()
    {
        return List.of(requestIsHeld(), requestIsStored(), policyReadsTheRequest(), indicationIsHeld(),
            indicationIsDiscarded(),
            frontServesWhatStays());
    }

    /** P09: BTCP_front HOLDS the first request segment(s): the front acknowledges nothing of them. */
    Check requestIsHeld()
    {
        final Tally tally = new Tally("P09", evidence);
        long segments = 0;
        long bytes = 0;
        long longestNs = 0;
        for (final Handoff handoff : evidence.handoffs())
        {
            final Connection connection = handoff.connection();
            final List<Segment> request = connection.requestAtFront();
            tally.look(!request.isEmpty(), handoff, "no request on the front's TUN device");
            segments += request.size();
            bytes += request.stream().mapToInt(Segment::payloadBytes).sum();
            longestNs = Math.max(longestNs, handoff.forwardedNs() - handoff.requestNs());
            for (final Segment emitted : connection.down(front))
            {
                tally.look(emitted.isSynAck() && emitted.ack() == connection.isnClient() + 1, handoff,
                    "the front's TCP emitted " + emitted.brief());
            }
        }
        return tally.verdict("%d request segments (%d bytes) of %d handed-off connections went into %s's TUN device; " +
            "towards these clients it emitted SYN/ACKs and nothing else, so no ACK for a byte of a request; the " +
            "longest hold was %.1f ms",
            segments, bytes, evidence.handoffs().size(), front, longestNs / 1e6);
    }

    /** P10: BTCP_front stores SYN, ACK and the request. */
    Check requestIsStored()
    {
        final Tally tally = new Tally("P10", evidence);
        long held = 0;
        for (final Handoff handoff : evidence.handoffs())
        {
            final List<Segment> forwarded = handoff.connection().forwarded();
            for (final Segment segment : handoff.connection().requestAtFront())
            {
                if (segment.timeNs() >= handoff.forwardedNs())
                {
                    continue;
                }
                held++;
                tally.look(forwarded.stream().anyMatch(f -> f.seq() == segment.seq() &&
                    f.payloadBytes() == segment.payloadBytes() &&
                    f.isFin() == segment.isFin() && Arrays.equals(f.head(), segment.head())), handoff,
                    "held " + segment.brief() + " was never forwarded as it came");
            }
            tally.look(handoff.back() != null && handoff.up().stream().noneMatch(Segment::isSyn) &&
                handoff.down().stream().anyMatch(Segment::occupies), handoff,
                "the back did not answer without a SYN on its TUN device, so it cannot have had the stored one");
        }
        return tally.verdict("%d held segments came out of %s's TUN device again with the same sequence numbers, " +
            "lengths and first bytes; the backs opened %d connections with no SYN and no ACK of a SYN/ACK on their " +
            "TUN devices: they were given the stored ones",
            held, front, evidence.handoffs().size());
    }

    /** P11: the request's content is examined; a policy chooses the server. */
    Check policyReadsTheRequest()
    {
        final Tally tally = new Tally("P11", evidence);
        int front = 0;
        int moved = 0;
        for (final Handoff handoff : evidence.handoffs())
        {
            moved += choice(tally, handoff.connection(), handoff.backNode());
        }
        for (final Connection connection : evidence.stayed())
        {
            front += choice(tally, connection, this.front);
        }
        tally.require(moved > 0 && front > 0, "the policy did not choose both a back and the front");
        tally.require(evidence.handoffs().stream().map(Handoff::backNode).distinct().count() == evidence.topology()
            .backs().size(),
            "the policy did not choose every back");
        return tally.verdict("the path in the first request of %d connections, read off %s's TUN device, names the " +
            "node that the census of %s says was chosen and that the Server header of every response names: %d to a " +
            "back, %d to the front",
            moved + front, this.front, this.front, moved, front);
    }

    private int choice(final Tally tally, final Connection connection, final String chosen)
    {
        final List<Fetch> fetches = evidence.fetches(connection);
        if (!tally.look(!fetches.isEmpty(), connection, "no request of curl is known for it") ||
            !fetches.get(0).policyApplied())
        {
            return 0;
        }
        final Fetch first = fetches.get(0);
        final String line = connection.requestAtFront().stream().map(Segment::firstLine).findFirst().orElse("");
        tally.look(line.equals((first.head() ? "HEAD " : "GET ") + first.path() + " HTTP/1.1"), connection,
            "the front's TUN device shows '" + line + "', curl asked for " + first.path());
        tally.look(first.expected().equals(chosen), connection,
            first.path() + " is for " + first.expected() + ", chosen was " + chosen);
        for (final Fetch fetch : fetches)
        {
            tally.look(fetch.server().equals(chosen), connection, fetch + " was answered by '" + fetch.server() + "'");
        }
        return 1;
    }

    /** P19: UTCP_front intercepts the connection indication and holds it: the application does not see it. */
    Check indicationIsHeld()
    {
        final Tally tally = new Tally("P19", evidence);
        for (final Handoff handoff : evidence.handoffs())
        {
            tally.look(handoff.connection().down(front).stream().noneMatch(s -> s.payloadBytes() > 0 || s.isFin()),
                handoff,
                "the front's application wrote or closed");
        }
        final long held = evidence.census().counter(front, "indications_held");
        tally.require(held >= evidence.handoffs().size(), "only " + held + " indications were held");
        tally.require(evidence.settled().frontAccepted() == evidence.stayed().size(), applicationSaw());
        return tally.verdict("%s held %d indications; its HTTP service was shown %d connections, which is how many " +
            "stayed, and wrote no byte to any of the %d that were handed off", front, held,
            evidence.settled().frontAccepted(), evidence.handoffs().size());
    }

    /** P21: UTCP_front discards the held indication: the application never learns of the connection. */
    Check indicationIsDiscarded()
    {
        final Tally tally = new Tally("P21", evidence);
        for (final Handoff handoff : evidence.handoffs())
        {
            for (final Fetch fetch : evidence.fetches(handoff.connection()))
            {
                tally.look(!fetch.server().equals(front), handoff, "the front's application answered " + fetch);
            }
        }
        final ModuleCensus census = evidence.census().latest(front);
        tally.require(census.front().isEmpty() && census.holdsInUse() == 0,
            front + " still keeps " + census.front() + " and " + census.holdsInUse() + " holds");
        tally.require(evidence.settled().frontAccepted() == evidence.stayed().size(), applicationSaw());
        return tally.verdict("after %d handoffs %s keeps no indication and no held segment, and its HTTP service has " +
            "seen %d connections in all, the %d that stayed", evidence.handoffs().size(), front,
            evidence.settled().frontAccepted(),
            evidence.stayed().size());
    }

    private String applicationSaw()
    {
        return "the front's HTTP service was shown " + evidence.settled().frontAccepted() + " connections, but " +
            evidence.stayed().size() + " stayed";
    }

    /** P23: if the chosen server is the front itself, the indication is released and the held segments go up. */
    Check frontServesWhatStays()
    {
        final Tally tally = new Tally("P23", evidence);
        long bytes = 0;
        int stayed = 0;
        for (final Connection connection : evidence.stayed())
        {
            final List<Fetch> fetches = evidence.fetches(connection);
            if (fetches.isEmpty() || !fetches.get(0).policyApplied())
            {
                continue;
            }
            stayed++;
            bytes += fetches.stream().mapToLong(Fetch::bytes).sum();
            final int requestEnd = connection.requestAtFront().isEmpty() ? 0 : connection.requestAtFront().get(0).end();
            tally.look(connection.down(front).stream().anyMatch(s -> s.payloadBytes() > 0 && s.ack() - requestEnd >= 0),
                connection,
                "the front did not answer the held request");
            tally.look(connection.where(s -> evidence.topology().backs().contains(s.tap().host()) &&
                s.tap().device() != Device.MGMT)
                .isEmpty(), connection, "segments of it were seen at a back");
            tally.look(fetches.stream().allMatch(Fetch::isOk), connection, "curl did not get what it asked for");
        }
        final long byPolicy = evidence.census().counter(front, "stayed_by_policy");
        tally.require(byPolicy == stayed, "the policy let " + byPolicy + " stay");
        return tally.verdict("%d connections that the policy left to %s were answered from its TUN device with %d " +
            "body bytes and the right SHA-256; no segment of them was seen at a back", stayed, front, bytes);
    }
}
