package dev.baton.handoff.early;

import dev.baton.stack.Packet;
import dev.baton.stack.intercept.BtcpInterceptor;
import dev.baton.stack.intercept.ModuleContext;
import dev.baton.stack.intercept.UtcpInterceptor;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;

/**
 * The front's rules for segments and indications: what is observed, held, absorbed and forwarded (P06-P11, P19-P22).
 * What to do with a request that is whole is {@link FrontProtocol}'s business.
 */
final class FrontSegments
{
    private static final int SYN_FLAGS = TcpHeader.SYN | TcpHeader.ACK | TcpHeader.RST | TcpHeader.FIN;

    private final EarlyConfig config;
    private final ModuleContext context;
    private final FrontFlows flows;
    private final FrontProtocol protocol;
    private final EarlyCounters counters;
    private final TcpHeader tcp = new TcpHeader();
    private final TcpOptions options = new TcpOptions();
    private final BareSegment bare = new BareSegment();
    private final SegmentRewriter rewriter = new SegmentRewriter();

    FrontSegments(
        final EarlyConfig config,
        final ModuleContext context,
        final FrontFlows flows,
        final FrontProtocol protocol,
        final EarlyCounters counters)
    {
        this.config = config;
        this.context = context;
        this.flows = flows;
        this.protocol = protocol;
        this.counters = counters;
    }

    int onIngress(final Packet packet, final long nowNs)
    {
        tcp.wrap(packet.buffer(), packet.l4Offset());
        final FrontEntry entry = flows.table.get(
            packet.dstHi(), packet.dstLo(), tcp.dstPort(), packet.srcHi(), packet.srcLo(), tcp.srcPort());
        if (entry == null)
        {
            return (tcp.flags() & SYN_FLAGS) == TcpHeader.SYN ? observe(packet, nowNs) : BtcpInterceptor.PASS;
        }
        return switch (entry.state)
        {
            case FrontEntry.OBSERVED -> whileObserved(entry, packet, nowNs);
            case FrontEntry.FORWARDING -> whileForwarding(entry, packet, nowNs);
            default -> whileHolding(entry, packet, nowNs);
        };
    }

    int onEgress(final Packet packet, final long nowNs)
    {
        tcp.wrap(packet.buffer(), packet.l4Offset());
        final FrontEntry entry = flows.table.get(
            packet.srcHi(), packet.srcLo(), tcp.srcPort(), packet.dstHi(), packet.dstLo(), tcp.dstPort());
        if (entry == null)
        {
            return BtcpInterceptor.PASS;
        }
        if (entry.state == FrontEntry.FORWARDING)
        {
            counters.egressGateDrops++;
            return BtcpInterceptor.DROP;
        }
        if (entry.state == FrontEntry.OBSERVED)
        {
            if ((tcp.flags() & SYN_FLAGS) == (TcpHeader.SYN | TcpHeader.ACK))
            {
                synAck(entry, packet, nowNs);
            }
            return BtcpInterceptor.PASS;
        }
        if ((tcp.flags() & SYN_FLAGS) == TcpHeader.ACK && payloadLength(packet) == 0 && tcp.ack() == entry.isnClient + 1)
        {
            // A window that nobody has been promised binds nobody: TCP tells it again with the first ACK it owes, if it
            // stays.
            counters.windowUpdatesWithheld++;
            return BtcpInterceptor.DROP;
        }
        return BtcpInterceptor.PASS;
    }

    int onConnection(final TcpConnection connection)
    {
        final FrontEntry entry = flows.find(connection);
        if (entry == null || entry.state != FrontEntry.HOLDING)
        {
            return UtcpInterceptor.PASS;
        }
        counters.indicationsHeld++;
        entry.connection = connection;
        entry.connectionId = connection.id();
        protocol.examineLater(entry);
        return UtcpInterceptor.HOLD;
    }

    void onDisconnect(final TcpConnection connection, final long nowNs)
    {
        final FrontEntry entry = flows.find(connection);
        // What ends may be an older connection of the same endpoints: TIME-WAIT that the SYN of this one has cut short.
        if (entry != null && entry.connection != null && entry.connectionId == connection.id())
        {
            protocol.forget(entry, "closed by client", nowNs);
        }
    }

    private int observe(final Packet packet, final long nowNs)
    {
        final int headerLength = tcp.headerLength();
        final int stored = packet.l4Offset() - packet.offset() + headerLength;
        if (!config.isVip(packet.dstHi(), packet.dstLo(), tcp.dstPort()) ||
            stored > FrontEntry.MAX_STORED_BYTES ||
            packet.version() == 6 && packet.l4Offset() - packet.offset() != Ip6Header.LENGTH ||
            packet.length() != stored ||
            options.parse(packet.buffer(), packet.l4Offset() + TcpHeader.LENGTH, headerLength - TcpHeader.LENGTH)
                .malformed())
        {
            return BtcpInterceptor.PASS;
        }
        final FrontEntry entry = flows.table.add(
            packet.dstHi(), packet.dstLo(), tcp.dstPort(), packet.srcHi(), packet.srcLo(), tcp.srcPort());
        if (entry != null)
        {
            entry.reset();
            offerClassicEcn(packet);
            entry.ipVersion = packet.version();
            entry.isnClient = tcp.seq();
            entry.syn.putBytes(0, packet.buffer(), packet.offset(), stored);
            entry.synLength = stored;
            flows.handshakeTimers.arm(entry, nowNs);
            counters.synObserved++;
        }
        return BtcpInterceptor.PASS;
    }

    private void synAck(final FrontEntry entry, final Packet packet, final long nowNs)
    {
        if (tcp.ack() != entry.isnClient + 1)
        {
            // Of the half-open connection that TCP still has from the SYN before.
            return;
        }
        options.parse(
            packet.buffer(), packet.l4Offset() + TcpHeader.LENGTH, tcp.headerLength() - TcpHeader.LENGTH);
        if (!entry.synAckSeen || entry.isnFront != tcp.seq())
        {
            entry.synAckSeen = true;
            entry.synAckNs = nowNs;
        }
        entry.frontTsVal = options.tsVal();
        entry.frontTsNs = nowNs;
        entry.isnFront = tcp.seq();
        entry.lastAck = entry.isnFront + 1;
        entry.frontWindowBytes = tcp.window();
        entry.frontMss = options.mss();
        entry.frontWindowScale = options.windowScale();
        entry.sack = options.sackPermitted();
        entry.timestamps = options.hasTimestamps();
        entry.ecn = (tcp.flags() & TcpHeader.ACE) == TcpHeader.ECE;
    }

    /**
     * An offer of accurate ECN becomes one of classic ECN, for TCP here and in the stored copy. Classic ECN is agreed by
     * two flags, which the replay repeats; the accurate kind goes on in the ACK of the SYN/ACK, in counters and in an
     * option, and what the front and the back had counted would have to be made one. Who asks for it takes the classic
     * answer (RFC 9768, section 3.1.2).
     */
    private void offerClassicEcn(final Packet packet)
    {
        if ((tcp.flags() & TcpHeader.AE) != 0)
        {
            rewriter.begin(packet);
            tcp.headerLengthAndFlags(tcp.headerLength(), tcp.flags() & ~TcpHeader.AE);
            rewriter.end();
        }
    }

    private int whileObserved(final FrontEntry entry, final Packet packet, final long nowNs)
    {
        final int flags = tcp.flags();
        if ((flags & TcpHeader.RST) != 0)
        {
            // The one number that TCP takes here (RFC 5961, section 3.2): the half-open connection ends, and it tells
            // nobody.
            if (tcp.seq() == entry.isnClient + 1)
            {
                flows.remove(entry);
            }
            return BtcpInterceptor.PASS;
        }
        if ((flags & TcpHeader.SYN) != 0)
        {
            if (tcp.seq() == entry.isnClient)
            {
                offerClassicEcn(packet);
                return BtcpInterceptor.PASS;
            }
            flows.remove(entry);
            return observe(packet, nowNs);
        }
        final boolean completes = (flags & TcpHeader.ACK) != 0 && entry.synAckSeen && tcp.ack() == entry.isnFront + 1;
        final boolean carries = payloadLength(packet) > 0 || (flags & TcpHeader.FIN) != 0;
        return completes ? complete(entry, packet, carries, nowNs) : BtcpInterceptor.PASS;
    }

    /**
     * The handshake is complete. The ACK itself may be missing or late: any segment that acknowledges the SYN/ACK
     * stands in for it, cut down to an ACK with the number that the ACK would have had.
     */
    private int complete(final FrontEntry entry, final Packet packet, final boolean carries, final long nowNs)
    {
        final int headers = packet.l4Offset() - packet.offset() + tcp.headerLength();
        if (headers > FrontEntry.MAX_STORED_BYTES)
        {
            counters.stayedByLimit++;
            flows.remove(entry);
            return BtcpInterceptor.PASS;
        }
        final Packet ack = bare.headersOf(packet, entry.isnClient + 1);
        entry.ack.putBytes(0, ack.buffer(), ack.offset(), ack.length());
        entry.ackLength = ack.length();
        entry.establishedNs = nowNs;
        entry.handshakeRttNs = nowNs - (echoesLatest(entry, packet) ? entry.frontTsNs : entry.synAckNs);
        entry.clientNext = entry.isnClient + 1;
        entry.state = FrontEntry.HOLDING;
        flows.holdTimers.arm(entry, nowNs);
        if (!carries)
        {
            return BtcpInterceptor.PASS;
        }
        final boolean fits = hold(entry, packet);
        context.injectUp(bare.headersOf(packet, entry.isnClient + 1), nowNs);
        if (!fits)
        {
            counters.stayedByLimit++;
            protocol.stay(entry, "stayed: limit", nowNs);
            return BtcpInterceptor.PASS;
        }
        protocol.examine(entry, nowNs);
        return BtcpInterceptor.HOLD;
    }

    /**
     * Does the segment say that it answers the SYN/ACK sent last? Without that word the time from the first one bounds
     * the round trip.
     */
    private boolean echoesLatest(final FrontEntry entry, final Packet packet)
    {
        return entry.timestamps && options.parse(
            packet.buffer(), packet.l4Offset() + TcpHeader.LENGTH, tcp.headerLength() - TcpHeader.LENGTH).hasTimestamps() &&
            options.tsEcr() == entry.frontTsVal;
    }

    private int whileHolding(final FrontEntry entry, final Packet packet, final long nowNs)
    {
        final int flags = tcp.flags();
        if ((flags & TcpHeader.RST) != 0)
        {
            return reset(entry, packet);
        }
        if ((flags & TcpHeader.SYN) != 0)
        {
            if (tcp.seq() == entry.isnClient)
            {
                absorb(entry);
                return BtcpInterceptor.DROP;
            }
            return BtcpInterceptor.PASS;
        }
        final boolean answers = (flags & TcpHeader.ACK) != 0 && tcp.ack() == entry.isnFront + 1;
        if (!answers || payloadLength(packet) == 0 && (flags & TcpHeader.FIN) == 0)
        {
            // Nothing new; or not of this client, which has been sent nothing that it could acknowledge but the
            // SYN/ACK.
            absorb(entry);
            return BtcpInterceptor.DROP;
        }
        if (!hold(entry, packet))
        {
            counters.stayedByLimit++;
            protocol.stay(entry, "stayed: limit", nowNs);
            return BtcpInterceptor.PASS;
        }
        protocol.examine(entry, nowNs);
        return BtcpInterceptor.HOLD;
    }

    /**
     * A client that aborts puts RST behind the request that is held here, where the front's TCP would only challenge it
     * (RFC 5961): the number that ends what is held, with or without a hole in it, is turned into the one TCP waits
     * for.
     */
    private int reset(final FrontEntry entry, final Packet packet)
    {
        final boolean endsPrefix = entry.hold != null &&
            tcp.seq() == entry.hold.prefix.nextSeq() + (entry.streamEnded() ? 1 : 0);
        if (endsPrefix || tcp.seq() == entry.clientNext)
        {
            rewriter.begin(packet).shiftSeq(entry.isnClient + 1 - tcp.seq()).end();
        }
        return BtcpInterceptor.PASS;
    }

    /**
     * Keep a segment that brings something new; a retransmission is absorbed. A client that sends nothing holds nothing.
     *
     * @return false when a limit is reached.
     */
    private boolean hold(final FrontEntry entry, final Packet packet)
    {
        if (entry.hold == null)
        {
            entry.hold = flows.holds.take(entry.isnClient + 1);
            if (entry.hold == null)
            {
                return false;
            }
        }
        final int headerLength = tcp.wrap(packet.buffer(), packet.l4Offset()).headerLength();
        final int payload = packet.l4Length() - headerLength;
        final boolean fin = (tcp.flags() & TcpHeader.FIN) != 0;
        final int seq = tcp.seq();
        if (Seq.gt(seq + payload, entry.isnClient + 1 + config.holdBytesLimit))
        {
            return false;
        }
        int fresh = 0;
        if (payload > 0)
        {
            fresh = entry.hold.prefix.insert(seq, packet.buffer(), packet.l4Offset() + headerLength, payload);
        }
        if (fresh < 0)
        {
            return false;
        }
        if (fresh == 0 && (!fin || entry.finHeld))
        {
            absorb(entry);
            return true;
        }
        if (!entry.hold.segments.add(packet))
        {
            return false;
        }
        entry.finHeld |= fin;
        entry.clientNext = Seq.max(entry.clientNext, seq + payload + (fin ? 1 : 0));
        return true;
    }

    private void absorb(final FrontEntry entry)
    {
        entry.absorbedSegments++;
        counters.absorbedSegments++;
    }

    private int whileForwarding(final FrontEntry entry, final Packet packet, final long nowNs)
    {
        if ((tcp.flags() & TcpHeader.SYN) != 0 && tcp.seq() == entry.isnClient)
        {
            absorb(entry);
            return BtcpInterceptor.DROP;
        }
        protocol.forward(entry, packet, nowNs);
        return BtcpInterceptor.DROP;
    }

    private int payloadLength(final Packet packet)
    {
        return packet.l4Length() - tcp.headerLength();
    }
}
