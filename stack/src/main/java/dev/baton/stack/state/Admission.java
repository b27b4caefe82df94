package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionFlagsDecoder;
import dev.baton.stack.state.codec.HalfOpenDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.TimeWaitDecoder;
import dev.baton.stack.tcp.HalfOpen;
import dev.baton.stack.tcp.Listener;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import dev.baton.stack.tcp.TimeWait;
import dev.baton.stack.tcp.Transfers;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongHashSet;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings records into a shard, all or none, in three steps: every record is verified by itself and against the shard
 * and the others; every connection is built with its buffers, outside of all tables; all are admitted, which cannot
 * fail any more. Whatever goes wrong before the last step gives everything back, and nothing of the image has acted.
 * <p>
 * Used once.
 */
final class Admission
{
    private static final long MAX_ELAPSED_NS = 1L << 60;

    private final ConnectionImage image = new ConnectionImage();
    private final HalfOpenCodec halfOpens = new HalfOpenCodec();
    private final TimeWaitCodec timeWaits = new TimeWaitCodec();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final List<PendingRecord> records = new ArrayList<>();
    private final Set<Flow> flows = new HashSet<>();
    private final LongHashSet ids = new LongHashSet();
    private final NetStack stack;
    private final Transfers transfers;
    private final ShardRules shard;
    private final DirectBuffer buffer;
    private final long nowNs;
    private final long elapsedNs;
    private int tcbs;
    private int halfOpenCount;
    private int timeWaitCount;
    private int lastTemplateId;
    private long lastKey;
    private long lastId;
    private long greatestId;

    Admission(final NetStack stack, final DirectBuffer buffer, final long nowNs, final long elapsedNs)
    {
        this.stack = stack;
        this.transfers = stack.tcp().transfers();
        this.shard = new ShardRules(stack);
        this.buffer = buffer;
        this.nowNs = Spans.checkClock("nowNs", nowNs);
        this.elapsedNs = elapsedNs;
        if (elapsedNs < 0 || elapsedNs > MAX_ELAPSED_NS)
        {
            throw new IllegalArgumentException("elapsedNs is " + elapsedNs +
                "; give the time since the cut, from 0 to 2^60 ns");
        }
    }

    /** Verify a record. Returns its template id. */
    int verify(final int offset, final int length, final ServiceLookup lookup)
    {
        Headers.checkInside(buffer, offset, length);
        Rules.require(length >= MessageHeaderDecoder.ENCODED_LENGTH, "length", length, "a message header alone has " +
            MessageHeaderDecoder.ENCODED_LENGTH + " bytes");
        final int templateId = header.wrap(buffer, offset).templateId();
        switch (templateId)
        {
            case HalfOpenDecoder.TEMPLATE_ID:
                verifyHalfOpen(offset, length);
                break;
            case TimeWaitDecoder.TEMPLATE_ID:
                verifyTimeWait(offset, length);
                break;
            default:
                verifyConnection(offset, length, lookup);
                break;
        }
        return templateId;
    }

    private void verifyConnection(final int offset, final int length, final ServiceLookup lookup)
    {
        image.wrap(buffer, offset, length);
        final ConnectionDecoder fields = image.fields();
        FieldRules.check(fields);
        StateRules.check(fields);
        SendRules.check(image);
        ReceiveRules.check(image);
        image.checkParts();
        shard.check(image);
        final Flow flow = new Flow(fields.localHi(), fields.localLo(), fields.localPort(),
            fields.remoteHi(), fields.remoteLo(), fields.remotePort());
        inOrder(ConnectionDecoder.TEMPLATE_ID, 0, fields.id());
        if (!fields.flags().detached())
        {
            claim(flow, fields.id());
        }
        final TcpService service = lookup.serviceFor(flow, fields.flags().passive());
        if (service == null)
        {
            throw new StateException("flow", flow.toString(),
                "nobody serves such a connection here; start the service first");
        }
        tcbs++;
        room("connections", tcbs, transfers.connectionRoom(), "maxConnections");
        records.add(new PendingRecord(ConnectionDecoder.TEMPLATE_ID, offset, length, service));
    }

    private void verifyHalfOpen(final int offset, final int length)
    {
        final HalfOpenDecoder fields = halfOpens.verify(buffer, offset, length);
        final Flow flow = new Flow(fields.localHi(), fields.localLo(), fields.localPort(),
            fields.remoteHi(), fields.remoteLo(), fields.remotePort());
        shard.local(fields.localHi(), fields.localLo());
        inOrder(HalfOpenDecoder.TEMPLATE_ID, fields.retransmitInNs(), fields.id());
        claim(flow, fields.id());
        if (!transfers.isWhole() && transfers.listener(fields.localHi(), fields.localLo(), fields.localPort()) == null)
        {
            throw new StateException("flow", flow.toString(), "nobody listens there; start the service first");
        }
        final int capacity = stack.context().receiveBufferBytes();
        Rules.require(fields.rcvWnd() <= capacity, "rcvWnd", fields.rcvWnd(),
            "a receive buffer of this shard holds " + capacity + "; make receiveBufferBytes larger");
        halfOpenCount++;
        room("halfOpens", halfOpenCount, transfers.halfOpenRoom(), "synBacklog");
        records.add(new PendingRecord(HalfOpenDecoder.TEMPLATE_ID, offset, length, null));
    }

    private void verifyTimeWait(final int offset, final int length)
    {
        final TimeWaitDecoder fields = verifiedTimeWait(offset, length);
        shard.local(fields.localHi(), fields.localLo());
        inOrder(TimeWaitDecoder.TEMPLATE_ID, fields.expiresInNs(), fields.id());
        claim(new Flow(fields.localHi(), fields.localLo(), fields.localPort(),
            fields.remoteHi(), fields.remoteLo(), fields.remotePort()), fields.id());
        timeWaitCount++;
        room("timeWaits", timeWaitCount, transfers.timeWaitRoom(), "maxTimeWait");
        records.add(new PendingRecord(TimeWaitDecoder.TEMPLATE_ID, offset, length, null));
    }

    private TimeWaitDecoder verifiedTimeWait(final int offset, final int length)
    {
        return timeWaits.verify(buffer, offset, length, stack.context().timeWaitNs());
    }

    /**
     * Flow and id must be of no other connection; what is left of one that is in TIME-WAIT shares both with its entry
     * there.
     */
    private void claim(final Flow flow, final long id)
    {
        shard.free(flow);
        if (!flows.add(flow))
        {
            throw new StateException("flow", flow.toString(), "it is in the image twice");
        }
        Rules.require(ids.add(id), "id", id, "it is in the image twice");
    }

    /**
     * Records of a kind must be in the order in which they are written, or ties would be broken otherwise than before.
     */
    private void inOrder(final int templateId, final long key, final long id)
    {
        Rules.require(lastTemplateId != templateId || lastKey < key || lastKey == key && lastId < id, "id", id,
            "records are in order of deadline and id, and the one before has " + lastId);
        greatestId = Math.max(greatestId, id);
        lastTemplateId = templateId;
        lastKey = key;
        lastId = id;
    }

    /** The greatest id of all records that have been verified; 0 before the first. */
    long greatestId()
    {
        return greatestId;
    }

    private static void room(final String what, final int wanted, final int room, final String setting)
    {
        Rules.require(wanted <= room, what, wanted,
            "this shard has room for " + room + " more; make " + setting + " larger");
    }

    /** Build all connections with their buffers, or none. */
    void build()
    {
        int built = 0;
        try
        {
            for (final PendingRecord record : records)
            {
                if (record.templateId == ConnectionDecoder.TEMPLATE_ID)
                {
                    record.tcb = transfers.take();
                    image.wrap(buffer, record.offset, record.length);
                    ConnectionReader.fill(image, record.tcb, nowNs, elapsedNs);
                    checkListener(record.tcb);
                }
                built++;
            }
        }
        finally
        {
            if (built < records.size())
            {
                giveBack();
            }
        }
    }

    /** Who has not been accepted, or is used before the handshake is complete, counts for a listener. */
    private void checkListener(final Tcb tcb)
    {
        if (!transfers.isWhole() && OpeningPart.needsListener(tcb))
        {
            final Listener listener = transfers.listener(tcb.localHi, tcb.localLo, tcb.localPort);
            final boolean found = listener != null && (!tcb.awaitsAccept || listener.backlog() != Listener.NO_BACKLOG);
            Rules.require(found, "localPort", tcb.localPort, "the connection waits to be accepted, and no listener with an " +
                "accept queue is there; listen with a backlog first");
        }
    }

    /** Give back what was built. */
    void giveBack()
    {
        for (final PendingRecord record : records)
        {
            if (record.tcb != null)
            {
                transfers.giveBack(record.tcb);
                record.tcb = null;
            }
        }
    }

    /** Let all of them act. Returns the connections that have a Tcb, in the order of the records. */
    List<TcpConnection> admit()
    {
        transfers.begin(nowNs);
        final long firstId = transfers.nextId();
        final List<TcpConnection> admitted = new ArrayList<>(tcbs);
        for (final PendingRecord record : records)
        {
            switch (record.templateId)
            {
                case HalfOpenDecoder.TEMPLATE_ID:
                    admitHalfOpen(halfOpens.verify(buffer, record.offset, record.length), firstId);
                    break;
                case TimeWaitDecoder.TEMPLATE_ID:
                    admitTimeWait(verifiedTimeWait(record.offset, record.length), firstId);
                    break;
                default:
                    admitted.add(admitConnection(record, firstId));
                    break;
            }
        }
        return admitted;
    }

    private TcpConnection admitConnection(final PendingRecord record, final long firstId)
    {
        final ConnectionDecoder fields = image.wrap(buffer, record.offset, record.length).fields();
        final Tcb tcb = record.tcb;
        transfers.admit(tcb, fields.id(), firstId, record.service, owed(fields.flags()));
        return tcb.handle;
    }

    private static int owed(final ConnectionFlagsDecoder flags)
    {
        return (flags.acceptedDue() ? TcbAccess.ACCEPTED : 0) |
            (flags.readableDue() ? TcbAccess.READABLE : 0) |
            (flags.writableDue() ? TcbAccess.WRITABLE : 0) |
            (flags.dirty() ? TcbAccess.OUTPUT : 0) |
            (flags.starved() ? TcbAccess.MEMORY : 0);
    }

    private void admitHalfOpen(final HalfOpenDecoder fields, final long firstId)
    {
        final HalfOpen entry = transfers.admitHalfOpen(fields.id(), firstId,
            fields.localHi(), fields.localLo(), fields.localPort(),
            fields.remoteHi(), fields.remoteLo(), fields.remotePort());
        HalfOpenCodec.read(fields, entry, stack.tcp().isnGenerator(), nowNs, elapsedNs);
        transfers.schedule(entry, nowNs + fields.retransmitInNs());
    }

    private void admitTimeWait(final TimeWaitDecoder fields, final long firstId)
    {
        final TimeWait entry = transfers.admitTimeWait(fields.id(), firstId,
            fields.localHi(), fields.localLo(), fields.localPort(),
            fields.remoteHi(), fields.remoteLo(), fields.remotePort(), nowNs + fields.expiresInNs());
        TimeWaitCodec.read(fields, entry, stack.tcp().isnGenerator(), nowNs, elapsedNs);
    }
}
