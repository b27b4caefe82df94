package dev.baton.tools.demo;

import java.util.List;

/**
 * What the front does to a handshake: nothing (P01, P06, P07, P08).
 */
final class HandshakeChecks
{
    private final Evidence evidence;
    private final Topology topology;

    HandshakeChecks(final Evidence evidence)
    {
        this.evidence = evidence;
        this.topology = evidence.topology();
    }

    List<Check> all()
    {
        return List.of(setUpAtTheVip(), synGoesUpUnchanged(), synAckIsReadAndLetGo(), ackMakesTheFrontEstablished());
    }

    /** P01: an unmodified client sets the connection up with the front at the VIP; the front belongs to a cluster. */
    Check setUpAtTheVip()
    {
        final Tally tally = new Tally("P01", evidence);
        for (final Connection connection : evidence.trace().connections())
        {
            final Segment synAck = connection.synAck();
            final boolean answered = synAck != null && connection.received().stream()
                .anyMatch(s -> s.isSynAck() && s.seq() == synAck.seq() && s.src().equals(connection.vip()));
            final boolean acknowledged = answered && connection.sent().stream()
                .anyMatch(s -> !s.isSyn() && s.seq() == connection.isnClient() + 1 && s.ack() == synAck.seq() + 1);
            tally.look(acknowledged, connection, "no complete handshake between the client and the front's TUN device");
        }
        for (final String back : topology.backs())
        {
            tally.require(evidence.trace().channels(topology.front(), back).size() > 0,
                "the front has no control channel to " + back);
        }
        final List<Connection> all = evidence.trace().connections();
        return tally.verdict("%d connections of curl to the VIP, %d IPv4 and %d IPv6: each SYN was answered by a " +
            "SYN/ACK that came out of %s's TUN device and was acknowledged; %s has control channels to %s",
            all.size(), all.stream().filter(c -> c.vip().isV4()).count(),
            all.stream().filter(c -> !c.vip().isV4()).count(),
            topology.front(), topology.front(), String.join(" and ", topology.backs()));
    }

    /** P06: BTCP_front receives the SYN and passes it up unchanged. */
    Check synGoesUpUnchanged()
    {
        final Tally tally = new Tally("P06", evidence);
        String example = "";
        for (final Connection connection : evidence.trace().connections())
        {
            final Segment syn = connection.syn();
            final List<Segment> arrived = connection.up(topology.front()).stream().filter(Segment::isSyn).toList();
            final Segment synAck = connection.synAck();
            final boolean unchanged = !arrived.isEmpty() && arrived.stream().allMatch(s -> sameSegment(syn, s));
            tally.look(unchanged, connection, "its SYN is not on the front's TUN device as the client sent it");
            tally.look(unchanged && synAck != null && synAck.ack() == syn.seq() + 1 &&
                synAck.timeNs() >= arrived.get(0).timeNs(), connection,
                "the front's TCP did not answer the SYN that it was passed");
            tally.look(connection.forwarded().stream().noneMatch(Segment::isSyn), connection,
                "the front forwarded a SYN");
            if (example.isEmpty() && unchanged && synAck != null)
            {
                example = "SYN seq " + Integer.toUnsignedLong(arrived.get(0).seq()) + " in, SYN/ACK seq " +
                    Integer.toUnsignedLong(synAck.seq()) + " ack " + Integer.toUnsignedLong(synAck.ack()) + " out";
            }
        }
        return tally.verdict("%d SYNs went into %s's TUN device with the client's own numbers, window, options and " +
            "destination, and its TCP answered each (first: %s); none was forwarded",
            evidence.trace().connections().size(), topology.front(), example);
    }

    /**
     * P07: BTCP_front sees the SYN/ACK coming down, parses ISN_front and the options, then lets it go to the client.
     */
    Check synAckIsReadAndLetGo()
    {
        final Tally tally = new Tally("P07", evidence);
        for (final Handoff handoff : evidence.handoffs())
        {
            final Connection connection = handoff.connection();
            final Segment synAck = connection.synAck();
            tally.look(connection.received().stream().anyMatch(s -> sameSegment(synAck, s)), handoff,
                "the client did not get the front's SYN/ACK as it was emitted");
            tally.look(handoff.front().isnFront() == synAck.seq(), handoff, "the module read another ISN_front than " +
                Integer.toUnsignedLong(synAck.seq()));
        }
        final Segment first = evidence.handoffs().isEmpty() ? null : evidence.handoffs().get(0).connection().synAck();
        return tally.verdict("%d SYN/ACKs reached the client as they left the front's TUN device, and the module's " +
            "ISN_front is the one in each (first: %s, MSS %d, window scale %d, SACK %s, timestamps %s)",
            evidence.handoffs().size(),
            first == null ? "none" : first.brief(), first == null ? 0 : first.options().mss(),
            first == null ? 0 : first.options().windowScale(), first != null && first.options().sackPermitted(),
            first != null && first.options().timestamps());
    }

    /** P08: BTCP_front passes the client's ACK up: the front's TCP is ESTABLISHED. */
    Check ackMakesTheFrontEstablished()
    {
        final Tally tally = new Tally("P08", evidence);
        for (final Handoff handoff : evidence.handoffs())
        {
            final Connection connection = handoff.connection();
            final Segment synAck = connection.synAck();
            final Segment ack = connection.up(topology.front()).stream()
                .filter(s -> !s.isSyn() && s.seq() == connection.isnClient() + 1 && s.ack() == synAck.seq() + 1)
                .findFirst().orElse(null);
            tally.look(ack != null && ack.timeNs() >= synAck.timeNs(), handoff,
                "its ACK is not on the front's TUN device");
            tally.look(ack == null || connection.down(topology.front()).stream()
                .noneMatch(s -> s.isSynAck() && s.timeNs() > ack.timeNs() && s.timeNs() < handoff.requestNs()), handoff,
                "the front's TCP sent its SYN/ACK again, so it was not ESTABLISHED");
        }
        final long held = evidence.census().counter(topology.front(), "indications_held");
        tally.require(held >= evidence.handoffs().size(), "only " + held +
            " connections were indicated by the front's TCP");
        return tally.verdict("%d ACKs of a SYN/ACK went into %s's TUN device and none was answered by another " +
            "SYN/ACK; its TCP indicated %d connections as ESTABLISHED", evidence.handoffs().size(), topology.front(),
            held);
    }

    /** The same segment at another tap: whatever is not the business of the IP layer is equal. */
    static boolean sameSegment(final Segment a, final Segment b)
    {
        return a.seq() == b.seq() && a.ack() == b.ack() && a.flags() == b.flags() &&
            a.windowField() == b.windowField() &&
            a.payloadBytes() == b.payloadBytes() && a.src().equals(b.src()) && a.dst().equals(b.dst()) &&
            a.srcPort() == b.srcPort() && a.dstPort() == b.dstPort() && a.options().equals(b.options());
    }
}
