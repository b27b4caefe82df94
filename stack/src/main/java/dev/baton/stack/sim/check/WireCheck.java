package dev.baton.stack.sim.check;

import dev.baton.stack.Packet;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.Tap;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;

import java.util.HashMap;
import java.util.Map;

/**
 * What must hold of every TCP segment that a host sends, judged from outside of the hosts: its checksums are right, a
 * sequence number always stands for the same byte ({@link BytePattern}), data stays inside of the window that the
 * peer's segments have offered, nothing is acknowledged that was never sent, TSval never steps back, and ACKs are not
 * sent without end. Connections are told apart by 4-tuple and initial number, whichever host speaks for them.
 * <p>
 * The streams of the connections must be those of {@link BytePattern}.
 */
public final class WireCheck implements Tap
{
    private static final int COOKIE_BITS = 0x3F;
    /** Bare ACKs that need no reason, per 4-tuple and end. */
    private static final int FREE_ACKS = 100;
    /** A timer's ACK in so many nanoseconds needs no reason: no probe or limiter of a connection is faster. */
    private static final long ACK_TIMER_NS = 5_000_000;

    private final Map<FlowKey, WireEnds> flows = new HashMap<>();
    private final TcpHeader tcp = new TcpHeader();
    private final TcpOptions options = new TcpOptions();
    private boolean cookies;
    private final Ip4Header ip4 = new Ip4Header();
    private long segments;

    /** A checker that has seen nothing yet. */
    public WireCheck()
    {
    }

    /** Some host may answer SYNs with cookies, whose TSval may step back by what their option bits hold. */
    public void allowCookies()
    {
        cookies = true;
    }

    /**
     * Segments that were checked.
     *
     * @return how many were sent.
     */
    public long segments()
    {
        return segments;
    }

    @Override
    public void onPacket(final SimLink link, final boolean sent, final Packet packet, final long nowNs)
    {
        if (packet.protocol() != TcpHeader.PROTOCOL || packet.l4Length() < TcpHeader.LENGTH)
        {
            return;
        }
        if (sent)
        {
            segments++;
            that(checksumsHold(packet), Violation.WIRE, packet, "a checksum is wrong");
            sent(packet, nowNs);
        }
        else if (checksumsHold(packet))
        {
            delivered(packet);
        }
    }

    private void sent(final Packet packet, final long nowNs)
    {
        tcp.wrap(packet.buffer(), packet.l4Offset());
        final int flags = tcp.flags();
        if ((flags & TcpHeader.RST) != 0)
        {
            return;
        }
        final FlowKey key = FlowKey.ofSender(packet, tcp);
        final WireEnds ends = flows.computeIfAbsent(key, (absent) -> new WireEnds());
        final int payload = packet.l4Length() - tcp.headerLength();
        options.parse(packet.buffer(), packet.l4Offset() + TcpHeader.LENGTH, tcp.headerLength() - TcpHeader.LENGTH);
        final WireEnd end = (flags & TcpHeader.SYN) != 0 ? begin(ends) : ends.covering(tcp.seq());
        ackRate(ends, packet, payload, nowNs);
        if (end == null)
        {
            that(payload == 0, Violation.SEQUENCE, packet, "data begins beyond what was sent before, seq " + tcp.seq());
            return;
        }
        if (payload > 0)
        {
            data(end, key, packet, payload);
        }
        final int occupied = payload + ((flags & TcpHeader.SYN) != 0 ? 1 : 0) + ((flags & TcpHeader.FIN) != 0 ? 1 : 0);
        end.maxEnd = Seq.max(end.maxEnd, tcp.seq() + occupied);
        if ((flags & TcpHeader.ACK) != 0)
        {
            acknowledgment(key, packet);
        }
        timestamp(end, packet);
    }

    private WireEnd begin(final WireEnds ends)
    {
        final WireEnd end = ends.begin(tcp.seq());
        end.shift = options.windowScale();
        return end;
    }

    private void data(final WireEnd end, final FlowKey key, final Packet packet, final int payload)
    {
        final int first = tcp.seq() + ((tcp.flags() & TcpHeader.SYN) != 0 ? 1 : 0);
        final int salt = BytePattern.salt(key.localLo(), key.localPort(), key.remoteLo(), key.remotePort());
        final int offset = first - end.iss - 1;
        that(offset >= 0, Violation.SEQUENCE, packet, "data begins before the SYN");
        final int wrong = BytePattern.mismatch(
            packet.buffer(), packet.l4Offset() + tcp.headerLength(), payload, salt, offset);
        that(wrong < 0, Violation.WIRE, packet, "byte " + (offset + wrong) + " of the stream is not what was written");
        if (end.peerEdgeKnown)
        {
            // A probe of a shut window is one byte beyond it (RFC 9293, section 3.8.6.1).
            that(Seq.leq(first + payload, end.peerEdge + 1), Violation.SEQUENCE, packet,
                "data ends " + (first + payload - end.peerEdge) + " bytes beyond the window of the peer");
        }
    }

    private void acknowledgment(final FlowKey key, final Packet packet)
    {
        final WireEnds peer = flows.get(key.peer());
        if (peer != null && peer.latest() != null)
        {
            that(peer.covering(tcp.ack()) != null, Violation.SEQUENCE, packet,
                "acknowledges " + tcp.ack() + ", which was never sent");
        }
    }

    private void timestamp(final WireEnd end, final Packet packet)
    {
        if (!options.hasTimestamps())
        {
            return;
        }
        // A SYN/ACK with a cookie keeps what was agreed in the last bits of its TSval, so the next one may be behind it by less.
        final boolean synAck = (tcp.flags() & (TcpHeader.SYN | TcpHeader.ACK)) == (TcpHeader.SYN | TcpHeader.ACK);
        final int slack = synAck && cookies ? COOKIE_BITS : 0;
        that(!end.tsKnown || Seq.geq(options.tsVal() + slack, end.tsVal), Violation.SEQUENCE, packet,
            "TSval steps back from " + end.tsVal + " to " + options.tsVal());
        end.tsVal = options.tsVal();
        end.tsKnown = true;
    }

    private void ackRate(final WireEnds ends, final Packet packet, final int payload, final long nowNs)
    {
        ends.sinceNs = ends.sinceNs == Long.MIN_VALUE ? nowNs : ends.sinceNs;
        if (payload == 0 && (tcp.flags() & (TcpHeader.SYN | TcpHeader.FIN)) == 0)
        {
            ends.bareAcks++;
            // Twice, since what is read may be worth a window update after each segment.
            final long reasons = 2 * ends.asking + (nowNs - ends.sinceNs) / ACK_TIMER_NS + FREE_ACKS;
            that(ends.bareAcks <= reasons, Violation.BOUNDED, packet,
                ends.bareAcks + " ACKs without data, though only " + ends.asking + " segments ask for one");
        }
    }

    private void delivered(final Packet packet)
    {
        tcp.wrap(packet.buffer(), packet.l4Offset());
        final FlowKey sender = FlowKey.ofSender(packet, tcp);
        final WireEnds here = flows.get(sender.peer());
        final WireEnds there = flows.get(sender);
        if (here == null || there == null)
        {
            return;
        }
        final int flags = tcp.flags();
        final int payload = packet.l4Length() - tcp.headerLength();
        if (payload > 0 || (flags & (TcpHeader.SYN | TcpHeader.FIN)) != 0)
        {
            here.asking += packet.gsoSize() > 0 ? payload / packet.gsoSize() + 1 : 1;
        }
        if ((flags & (TcpHeader.ACK | TcpHeader.RST)) == TcpHeader.ACK)
        {
            window(here, there, (flags & TcpHeader.SYN) != 0);
        }
    }

    private void window(final WireEnds here, final WireEnds there, final boolean syn)
    {
        final WireEnd end = here.covering(tcp.ack());
        final WireEnd peer = there.covering(tcp.seq());
        if (end == null)
        {
            return;
        }
        final int shift = syn || peer == null || end.shift < 0 ? 0 : Math.max(0, peer.shift);
        final int edge = tcp.ack() + (tcp.window() << shift);
        end.peerEdge = end.peerEdgeKnown ? Seq.max(end.peerEdge, edge) : edge;
        end.peerEdgeKnown = true;
    }

    private boolean checksumsHold(final Packet packet)
    {
        final int at = packet.offset();
        final boolean v4 = packet.version() == 4;
        if (v4 && !ip4.wrap(packet.buffer(), at).checksumHolds())
        {
            return false;
        }
        final int length = packet.l4Length();
        final long pseudo = v4 ?
            Checksum.pseudoHeader(packet.buffer(), at + Ip4Header.SRC_OFFSET, 8, packet.protocol(), length) :
            Checksum.pseudoHeader(packet.buffer(), at + Ip6Header.SRC_OFFSET, 32, packet.protocol(), length);
        return Checksum.fold(pseudo + Checksum.sum(packet.buffer(), packet.l4Offset(), length)) == 0xFFFF;
    }

    private void that(final boolean holds, final String invariant, final Packet packet, final String what)
    {
        if (!holds)
        {
            throw new Violation(invariant, "segment of " + packet.l4Length() + " bytes from port " + tcp.srcPort() +
                " to " + tcp.dstPort() + ", flags " + Integer.toHexString(tcp.flags()) + ": " + what);
        }
    }
}
