package dev.baton.tools.demo;

import dev.baton.tools.demo.ControlChannel.TlsRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes over the control channels (P02, P05, P12, P13, P17, P18, P27). They are encrypted: the captures show that
 * records of TLS went, from whom, when and how long, and the two nodes' accounts say what was in them.
 */
final class ChannelChecks
{
    /**
     * Bytes of the TLS record that carries a PING or PONG: frame length 4, message header 8, token 8, and TLS 1.3's
     * content type and tag 17. Every message of the handoff protocol is longer.
     */
    static final int PING_RECORD_BYTES = 37;

    private static final int TCP_HEADER_BYTES = 20;

    private final Evidence evidence;
    private final String front;

    ChannelChecks(final Evidence evidence)
    {
        this.evidence = evidence;
        this.front = evidence.topology().front();
    }

    List<Check> all()
    {
        return List.of(channelIsPersistent(), stateMovesBothWays(), requestIsSent(), requestCarriesTheHandshake(),
            acknowledgementIsSent(), deltaIsKnownToBoth(), terminationIsSent());
    }

    /** P02: one long-lived, authenticated channel per pair of nodes carries all handoffs. */
    Check channelIsPersistent()
    {
        final Tally tally = new Tally("P02", evidence);
        final long firstSynNs =
            evidence.trace().connections().stream().mapToLong(c -> c.syn().timeNs()).min().orElse(Long.MAX_VALUE);
        final List<String> pairs = new ArrayList<>();
        long records = 0;
        for (final String back : evidence.topology().backs())
        {
            final List<ControlChannel> channels = evidence.trace().channels(front, back);
            final List<Handoff> carried = evidence.handoffs().stream().filter(h -> h.backNode().equals(back)).toList();
            final long lastNs = carried.stream().mapToLong(Handoff::lastSegmentNs).max().orElse(0);
            if (!tally.look(channels.size() == 1, front + " and " + back,
                channels.size() + " established control channels"))
            {
                continue;
            }
            final ControlChannel channel = channels.get(0);
            tally.look(!carried.isEmpty(), channel, "no handoff used it");
            tally.look(channel.beganNs() < firstSynNs, channel, "it was opened after the first client came");
            tally.look(channel.endedNs() > lastNs, channel, "it ended before the last connection that it carried");
            tally.look(channel.strangeSegments() == 0, channel, channel.strangeSegments() + " segments are not TLS");
            records += channel.records().size();
            pairs.add(channel + ": " + carried.size() + " handoffs");
        }
        final long refused = evidence.trace().channels().stream().filter(channel -> !channel.isEstablished()).count();
        return tally.verdict("one TCP connection to the control port per pair of nodes, opened before the first " +
            "client and not closed while it was needed (%s; %d TLS records, nothing in clear; %d attempts came " +
            "before their peer listened)",
            String.join(", ", pairs), records, refused);
    }

    /** P05: state moves both ways: front's to back in the request, back's to front in the acknowledgement. */
    Check stateMovesBothWays()
    {
        final Tally tally = new Tally("P05", evidence);
        for (final Handoff handoff : evidence.handoffs())
        {
            if (!tally.look(handoff.back() != null, handoff, "the back has no record of it"))
            {
                continue;
            }
            tally.look(handoff.back().isnFront() == handoff.connection().synAck().seq(), handoff,
                "the back does not know the ISN of the front's SYN/ACK");
            tally.look(handoff.front().isnBack() == handoff.back().isnBack(), handoff,
                "the front does not know the back's ISN");
            final Segment first = handoff.up().isEmpty() ? null : handoff.up().get(0);
            tally.look(first != null && first.ack() == handoff.back().isnBack() + 1, handoff,
                "what the front forwarded first does not acknowledge the back's ISN");
        }
        return tally.verdict("of %d handoffs the back tells the ISN that was in the front's SYN/ACK, and the front " +
            "the ISN of the back, with which what it forwards acknowledges", evidence.handoffs().size());
    }

    /** The record in the window between request and forwarding that is long enough for a HANDOFF REQUEST. */
    private TlsRecord requestRecord(final Handoff handoff)
    {
        final List<ControlChannel> channels = evidence.trace().channels(front, handoff.backNode());
        return channels.isEmpty() ? null :
            channels.get(0).first(front, handoff.requestNs(), handoff.forwardedNs(), storedHeaderBytes(handoff));
    }

    /** SYN and ACK without their options. */
    private static int storedHeaderBytes(final Handoff handoff)
    {
        return 2 * ((handoff.connection().vip().isV4() ? 20 : 40) + TCP_HEADER_BYTES);
    }

    private TlsRecord acknowledgementRecord(final Handoff handoff)
    {
        final TlsRecord request = requestRecord(handoff);
        final List<ControlChannel> channels = evidence.trace().channels(front, handoff.backNode());
        return request == null ? null : channels.get(0).first(
            handoff.backNode(), request.timeNs(), handoff.forwardedNs(), PING_RECORD_BYTES + 1);
    }

    /** P12: if that is another node, HANDOFF REQUEST goes on the control channel. */
    Check requestIsSent()
    {
        final Tally tally = new Tally("P12", evidence);
        long longestNs = 0;
        for (final Handoff handoff : evidence.handoffs())
        {
            final TlsRecord record = requestRecord(handoff);
            if (tally.look(record != null, handoff,
                "no TLS record went to the back between the request and its forwarding"))
            {
                longestNs = Math.max(longestNs, record.timeNs() - handoff.requestNs());
            }
            tally.look(handoff.back() != null && handoff.back().id().equals(handoff.front().id()) &&
                handoff.back().epoch() == handoff.front().epoch(), handoff,
                "the back tells no handoff of this id and epoch");
        }
        final long received = evidence.census().counter(evidence.topology().backs(), "requests_received");
        tally.require(received >= evidence.handoffs().size(), "the backs received only " + received + " requests");
        return tally.verdict("after each of %d requests a TLS record went from %s to the chosen back, at most %.2f " +
            "ms after the request had come, and both nodes tell a handoff of the same id and epoch; the backs count " +
            "%d HANDOFF REQUESTs",
            evidence.handoffs().size(), front, longestNs / 1e6, received);
    }

    /** P13: the request carries the stored SYN and ACK, ISN_front and the negotiated options. */
    Check requestCarriesTheHandshake()
    {
        final Tally tally = new Tally("P13", evidence);
        int least = Integer.MAX_VALUE;
        for (final Handoff handoff : evidence.handoffs())
        {
            final Segment synAck = handoff.connection().synAck();
            final TlsRecord record = requestRecord(handoff);
            if (tally.look(record != null, handoff, "no record was long enough for SYN and ACK"))
            {
                least = Math.min(least, record.bytes());
            }
            tally.look(handoff.back() != null && handoff.back().isnFront() == synAck.seq(), handoff,
                "the back has another ISN_front");
            final boolean agreed = synAck.options().timestamps() && handoff.connection().syn().options().timestamps();
            for (final Segment segment : handoff.down())
            {
                tally.look(segment.isRst() || segment.options().timestamps() == agreed, handoff,
                    "the back did not keep to the timestamps that the front agreed to: " + segment.brief());
            }
        }
        return tally.verdict("each of %d requests went in a record of at least %d bytes, enough for SYN and ACK; " +
            "every back knows the ISN of the front's SYN/ACK and keeps to the options that it agreed to",
            evidence.handoffs().size(),
            least == Integer.MAX_VALUE ? 0 : least);
    }

    /** P17: HANDOFF ACK goes back, carrying ISN_back. */
    Check acknowledgementIsSent()
    {
        final Tally tally = new Tally("P17", evidence);
        long longestNs = 0;
        for (final Handoff handoff : evidence.handoffs())
        {
            final TlsRecord record = acknowledgementRecord(handoff);
            if (tally.look(record != null, handoff,
                "no TLS record came from the back before the request was forwarded"))
            {
                longestNs = Math.max(longestNs, record.timeNs() - requestRecord(handoff).timeNs());
            }
            tally.look(handoff.back() != null && handoff.front().isnBack() == handoff.back().isnBack(), handoff,
                "the front has another ISN_back than the back");
        }
        return tally.verdict("before each of %d requests was forwarded a TLS record came from its back, at most %.2f " +
            "ms after HANDOFF REQUEST, and %s has the ISN that the back's TCP chose", evidence.handoffs().size(),
            longestNs / 1e6, front);
    }

    /** P18: delta is computable on both sides from one request and one acknowledgement. */
    Check deltaIsKnownToBoth()
    {
        final Tally tally = new Tally("P18", evidence);
        String example = "";
        for (final Handoff handoff : evidence.handoffs())
        {
            final int delta = handoff.delta();
            tally.look(handoff.front().delta() == delta, handoff, "the front's delta is not ISN_front - ISN_back");
            tally.look(handoff.back() != null && handoff.back().delta() == delta, handoff,
                "the back's delta is another");
            final List<Segment> request = handoff.connection().requestAtFront();
            final List<Segment> forwarded = handoff.connection().forwarded();
            tally.look(!request.isEmpty() && !forwarded.isEmpty() &&
                request.get(0).ack() - forwarded.get(0).ack() == delta, handoff,
                "the first forwarded ACK is not shifted by delta");
            if (example.isEmpty())
            {
                example = Integer.toUnsignedLong(handoff.front().isnFront()) + " - " +
                    Integer.toUnsignedLong(handoff.front().isnBack()) + " = " + Integer.toUnsignedLong(delta) +
                    " mod 2^32";
            }
        }
        return tally.verdict("in %d handoffs both nodes' delta is ISN_front - ISN_back, and the first forwarded ACK " +
            "is smaller by just that (first: %s)",
            evidence.handoffs().size(), example);
    }

    /** P27: BTCP_back sends TERMINATION on the control channel. */
    Check terminationIsSent()
    {
        final Tally tally = new Tally("P27", evidence);
        for (final Handoff handoff : evidence.handoffs())
        {
            final List<ControlChannel> channels = evidence.trace().channels(front, handoff.backNode());
            final long finNs = handoff.connection().where(Segment::isFin).stream().mapToLong(Segment::timeNs).max()
                .orElse(0);
            tally.look(finNs > 0 && !channels.isEmpty() && channels.get(0).first(
                handoff.backNode(), finNs, finNs + evidence.settled().limitMs() * 1_000_000L,
                PING_RECORD_BYTES + 1) != null, handoff,
                "no TLS record came from the back in time after the last FIN");
            tally.look(handoff.back() != null && handoff.back().isServed(), handoff,
                "the back does not say that it was terminated");
        }
        final long sent = evidence.census().counter(evidence.topology().backs(), "terminations_sent");
        final long received = evidence.census().counter(front, "terminations_received");
        tally.require(sent == received && sent >= evidence.handoffs().size(),
            "the backs sent " + sent + " TERMINATIONs and the front took " + received);
        return tally.verdict("after the FINs of each of %d connections a TLS record went from the back to %s; the " +
            "backs count %d TERMINATIONs sent, %s counts %d taken", evidence.handoffs().size(), front, sent, front,
            received);
    }
}
