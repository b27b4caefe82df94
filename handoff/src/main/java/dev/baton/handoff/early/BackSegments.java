package dev.baton.handoff.early;

import dev.baton.stack.Packet;
import dev.baton.stack.intercept.BtcpInterceptor;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;

/**
 * The back's rules for segments and indications: the SYN/ACK of the replay is captured (P15), the egress gate is shut
 * until COMMIT, then every segment that TCP emits becomes the front's (P24, P25), and both directions are watched for
 * the end (P26).
 */
final class BackSegments
{
    private static final int MAX_WINDOW_FIELD = 0xFFFF;

    private final BackFlows flows;
    private final BackProtocol protocol;
    private final EarlyCounters counters;
    private final TcpHeader tcp = new TcpHeader();
    private final TcpOptions options = new TcpOptions();
    private final SegmentRewriter rewriter = new SegmentRewriter();
    private long quietUntilNs = Long.MAX_VALUE;

    BackSegments(final BackFlows flows, final BackProtocol protocol, final EarlyCounters counters)
    {
        this.flows = flows;
        this.protocol = protocol;
        this.counters = counters;
    }

    /**
     * A segment of the client, forwarded by the front.
     *
     * @return -1 when it belongs to no entry, else a verdict of {@link BtcpInterceptor}.
     */
    int onIngress(final Packet packet, final long nowNs)
    {
        tcp.wrap(packet.buffer(), packet.l4Offset());
        final BackEntry entry = flows.table.get(
            packet.dstHi(), packet.dstLo(), tcp.dstPort(), packet.srcHi(), packet.srcLo(), tcp.srcPort());
        if (entry == null)
        {
            return -1;
        }
        switch (entry.state)
        {
            case BackEntry.PREPARED:
                return hold(entry, packet);
            case BackEntry.ACTIVE:
                return whileActive(entry, packet, nowNs);
            case BackEntry.CLOSING:
                return BtcpInterceptor.DROP;
            default:
                return BtcpInterceptor.PASS;
        }
    }

    /**
     * A segment of this node's TCP.
     *
     * @return -1 when it belongs to no entry, else a verdict of {@link BtcpInterceptor}.
     */
    int onEgress(final Packet packet, final long nowNs)
    {
        tcp.wrap(packet.buffer(), packet.l4Offset());
        final BackEntry entry = flows.table.get(
            packet.srcHi(), packet.srcLo(), tcp.srcPort(), packet.dstHi(), packet.dstLo(), tcp.dstPort());
        if (entry == null)
        {
            return strayReset(packet, nowNs) ? BtcpInterceptor.DROP : -1;
        }
        switch (entry.state)
        {
            case BackEntry.REPLAYING:
                capture(entry, packet);
                return BtcpInterceptor.DROP;
            case BackEntry.ACTIVE:
                watchEgress(entry, packet);
                rewrite(entry, packet);
                return BtcpInterceptor.PASS;
            default:
                counters.egressGateDrops++;
                return BtcpInterceptor.DROP;
        }
    }

    /**
     * A node that has just been restarted still gets what fronts forward to connections that it has lost. Until their
     * inventories have settled that, its TCP does not answer on the addresses it serves as a back: a client would see a
     * RST from an address it does not know.
     */
    private boolean strayReset(final Packet packet, final long nowNs)
    {
        if (nowNs >= quietUntilNs || (tcp.flags() & TcpHeader.RST) == 0 || !protocol.isBackOnly(packet.srcHi(), packet.srcLo()))
        {
            return false;
        }
        counters.strayResetsDropped++;
        return true;
    }

    boolean isQuiet(final long nowNs)
    {
        return nowNs < quietUntilNs;
    }

    void quietUntil(final long timeNs)
    {
        quietUntilNs = timeNs;
    }

    /** Is this a connection that nobody has committed to yet? */
    boolean holdsIndication(final TcpConnection connection)
    {
        final BackEntry entry = flows.find(connection);
        return entry != null && entry.state != BackEntry.ACTIVE && entry.state != BackEntry.CLOSING;
    }

    void onDisconnect(final TcpConnection connection, final long nowNs)
    {
        final BackEntry entry = flows.find(connection);
        if (entry != null)
        {
            protocol.tcpLetGo(entry, nowNs);
        }
    }

    /** P15: the SYN/ACK never leaves; what it says is kept. */
    private void capture(final BackEntry entry, final Packet packet)
    {
        final int flags = tcp.flags();
        if ((flags & TcpHeader.RST) != 0)
        {
            entry.rstSeen = true;
            return;
        }
        if ((flags & (TcpHeader.SYN | TcpHeader.ACK)) != (TcpHeader.SYN | TcpHeader.ACK))
        {
            return;
        }
        options.parse(
            packet.buffer(), packet.l4Offset() + TcpHeader.LENGTH, tcp.headerLength() - TcpHeader.LENGTH);
        entry.synAckSeen = true;
        entry.isnBack = tcp.seq();
        entry.synAckWindowBytes = tcp.window();
        entry.synAckMss = options.mss();
        entry.backWindowScale = options.windowScale();
        entry.synAckSack = options.sackPermitted();
        entry.synAckTimestamps = options.hasTimestamps();
        entry.synAckEcn = (flags & TcpHeader.ACE) == TcpHeader.ECE;
        entry.synAckTsVal = options.tsVal();
    }

    /** A segment that overtook COMMIT waits for it; what does not fit the client sends again. */
    private int hold(final BackEntry entry, final Packet packet)
    {
        if (entry.hold == null)
        {
            entry.hold = flows.holds.take(entry.isnClient + 1);
        }
        if (entry.hold == null || !entry.hold.segments.add(packet))
        {
            counters.overtakersDropped++;
            return BtcpInterceptor.DROP;
        }
        watchIngress(entry, packet);
        return BtcpInterceptor.HOLD;
    }

    private void rewrite(final BackEntry entry, final Packet packet)
    {
        rewriter.begin(packet);
        rewindow(entry, rewriter.tcp());
        rewriter
            .source(entry.vipHi, entry.vipLo, entry.vipPort)
            .shiftSeq(entry.delta)
            .shiftTsVal(entry.tsOffset)
            .end();
        entry.rewrittenSegments++;
        counters.rewrittenSegments++;
    }

    /**
     * The back's window in the front's scale (G1). Rounding down may not take back what was promised (RFC 9293, section
     * 3.8.6, SHLD-14), so an edge that would retreat is rounded up to the next that the front's scale can tell. Where
     * the front's scale is the coarser one the client may so be offered a little more than the back's TCP takes; that
     * it drops, as it may (RFC 9293, section 3.4).
     */
    private static void rewindow(final BackEntry entry, final TcpHeader tcp)
    {
        if ((tcp.flags() & TcpHeader.ACK) == 0 || (tcp.flags() & TcpHeader.RST) != 0)
        {
            return;
        }
        final int from = Math.max(0, entry.backWindowScale);
        final int to = Math.max(0, entry.frontWindowScale);
        if (from == to)
        {
            return;
        }
        int field = tcp.window() << from >>> to;
        final int promised = entry.rightEdge - tcp.ack();
        if (promised > field << to)
        {
            field = promised + (1 << to) - 1 >>> to;
        }
        field = Math.min(field, MAX_WINDOW_FIELD);
        entry.rightEdge = Seq.max(entry.rightEdge, tcp.ack() + (field << to));
        tcp.window(field);
    }

    private void watchEgress(final BackEntry entry, final Packet packet)
    {
        tcp.wrap(packet.buffer(), packet.l4Offset());
        final int flags = tcp.flags();
        if ((flags & TcpHeader.FIN) != 0)
        {
            entry.finOut = true;
            entry.finOutEnd = tcp.seq() + packet.l4Length() - tcp.headerLength() + 1;
        }
        if (entry.finIn && (flags & TcpHeader.ACK) != 0 && Seq.geq(tcp.ack(), entry.finInEnd))
        {
            entry.finInAcked = true;
        }
        entry.reset |= (flags & TcpHeader.RST) != 0;
    }

    /** A SYN that finds nothing but TIME-WAIT opens a new connection: TCP here may not take it, the front is to. */
    private int whileActive(final BackEntry entry, final Packet packet, final long nowNs)
    {
        if ((tcp.flags() & TcpHeader.SYN) != 0 && protocol.connection(entry) == null)
        {
            protocol.reusedByClient(entry, nowNs);
            return BtcpInterceptor.DROP;
        }
        watchIngress(entry, packet);
        return BtcpInterceptor.PASS;
    }

    private void watchIngress(final BackEntry entry, final Packet packet)
    {
        final int flags = tcp.flags();
        if ((flags & TcpHeader.FIN) != 0)
        {
            entry.finIn = true;
            entry.finInEnd = tcp.seq() + packet.l4Length() - tcp.headerLength() + 1;
        }
        if (entry.finOut && (flags & TcpHeader.ACK) != 0 && Seq.geq(tcp.ack(), entry.finOutEnd))
        {
            entry.finOutAcked = true;
        }
        entry.reset |= (flags & TcpHeader.RST) != 0;
    }
}
