package dev.baton.handoff.early;

import dev.baton.handoff.codec.BackStateDecoder;
import dev.baton.handoff.codec.BackStateEncoder;
import dev.baton.handoff.codec.Flag;
import dev.baton.handoff.codec.FrontStateDecoder;
import dev.baton.handoff.codec.FrontStateEncoder;
import dev.baton.handoff.codec.MessageHeaderDecoder;
import dev.baton.handoff.codec.MessageHeaderEncoder;
import dev.baton.handoff.codec.PolicyStateDecoder;
import dev.baton.handoff.codec.PolicyStateEncoder;
import dev.baton.handoff.control.ControlPlane;
import dev.baton.handoff.policy.HandoffPolicy;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one module hands to the one that replaces it: a sequence of FrontState and BackState messages ({@code
 * control.xml}). Times are remaining times or ages at the cut. What nobody has decided yet is not here: the module
 * decides it before it writes.
 */
final class EarlyState
{
    private static final int FIN_OUT = 1;
    private static final int FIN_OUT_ACKED = 2;
    private static final int FIN_IN = 4;
    private static final int FIN_IN_ACKED = 8;
    private static final int RESET = 16;

    private final ControlPlane plane;
    private final HandoffPolicy policy;
    private final FrontFlows frontFlows;
    private final BackFlows backFlows;
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();

    EarlyState(
        final ControlPlane plane, final HandoffPolicy policy, final FrontFlows frontFlows, final BackFlows backFlows)
    {
        this.plane = plane;
        this.policy = policy;
        this.frontFlows = frontFlows;
        this.backFlows = backFlows;
    }

    int write(final MutableDirectBuffer buffer, final int offset, final long nowNs)
    {
        int at = offset;
        final FrontStateEncoder front = new FrontStateEncoder();
        for (final FrontEntry e : frontFlows.table.snapshot())
        {
            front.wrapAndApplyHeader(buffer, at, headerEncoder)
                .clientHi(e.remoteHi).clientLo(e.remoteLo).clientPort(e.remotePort)
                .vipHi(e.localHi).vipLo(e.localLo).vipPort(e.localPort)
                .backHi(e.backHi).backLo(e.backLo).backPort(e.backPort)
                .handoffId(e.handoffId).epoch(e.epoch)
                .commitLeftNs(e.commitDeadlineNs - nowNs)
                .progressAgeNs(nowNs - e.lastProgressNs)
                .forwardedSegments(e.forwardedSegments)
                .isnClient(e.isnClient).isnFront(e.isnFront).isnBack(e.isnBack)
                .tsOffset(e.tsOffset)
                .lastAck(e.lastAck)
                .clientNext(e.clientNext)
                .committed(e.committed ? Flag.YES : Flag.NO)
                .peer(plane.peerName(e.peer));
            at += MessageHeaderEncoder.ENCODED_LENGTH + front.encodedLength();
        }
        final BackStateEncoder back = new BackStateEncoder();
        for (final BackEntry e : backFlows.table.snapshot())
        {
            back.wrapAndApplyHeader(buffer, at, headerEncoder)
                .clientHi(e.remoteHi).clientLo(e.remoteLo).clientPort(e.remotePort)
                .vipHi(e.vipHi).vipLo(e.vipLo).vipPort(e.vipPort)
                .localHi(e.localHi).localLo(e.localLo).localPort(e.localPort)
                .handoffId(e.handoffId).epoch(e.epoch)
                .rewrittenSegments(e.rewrittenSegments)
                .isnClient(e.isnClient).isnFront(e.isnFront).isnBack(e.isnBack)
                .tsOffset(e.tsOffset)
                .rightEdge(e.rightEdge)
                .finOutEnd(e.finOutEnd).finInEnd(e.finInEnd)
                .frontWindowScale((byte)e.frontWindowScale).backWindowScale((byte)e.backWindowScale)
                .state((short)e.state)
                .endReason((short)e.endReason)
                .closeBits((short)closeBits(e))
                .peer(plane.peerName(e.peer));
            at += MessageHeaderEncoder.ENCODED_LENGTH + back.encodedLength();
        }
        final ExpandableArrayBuffer memory = new ExpandableArrayBuffer();
        final int memoryLength = policy.exportState(memory, 0);
        final PolicyStateEncoder remembered = new PolicyStateEncoder();
        remembered.wrapAndApplyHeader(buffer, at, headerEncoder)
            .policy(policy.name())
            .putMemory(memory, 0, memoryLength);
        return at + MessageHeaderEncoder.ENCODED_LENGTH + remembered.encodedLength() - offset;
    }

    /**
     * Fill the empty tables.
     *
     * @throws IllegalArgumentException when the state is damaged, of another version, names an unknown peer or does not
     *                                  fit.
     */
    void read(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
    {
        final FrontStateDecoder front = new FrontStateDecoder();
        final BackStateDecoder back = new BackStateDecoder();
        int at = offset;
        while (at < offset + length)
        {
            headerDecoder.wrap(buffer, at);
            if (headerDecoder.schemaId() != FrontStateDecoder.SCHEMA_ID ||
                headerDecoder.version() > FrontStateDecoder.SCHEMA_VERSION)
            {
                throw new IllegalArgumentException("module state of schema " + headerDecoder.schemaId() + " version " +
                    headerDecoder.version() + ", this module reads schema " + FrontStateDecoder.SCHEMA_ID +
                    " up to version " + FrontStateDecoder.SCHEMA_VERSION);
            }
            switch (headerDecoder.templateId())
            {
                case FrontStateDecoder.TEMPLATE_ID:
                    at = front(front.wrapAndApplyHeader(buffer, at, headerDecoder), nowNs);
                    break;
                case BackStateDecoder.TEMPLATE_ID:
                    at = back(back.wrapAndApplyHeader(buffer, at, headerDecoder), nowNs);
                    break;
                case PolicyStateDecoder.TEMPLATE_ID:
                    at = policy(new PolicyStateDecoder().wrapAndApplyHeader(buffer, at, headerDecoder));
                    break;
                default:
                    throw new IllegalArgumentException("module state holds a message " + headerDecoder.templateId());
            }
        }
    }

    private int front(final FrontStateDecoder d, final long nowNs)
    {
        final FrontEntry e = frontFlows.table.add(
            d.vipHi(), d.vipLo(), d.vipPort(), d.clientHi(), d.clientLo(), d.clientPort());
        if (e == null)
        {
            throw new IllegalArgumentException("more forwarded connections than limit.flows: raise it");
        }
        e.reset();
        e.state = FrontEntry.FORWARDING;
        e.backHi = d.backHi();
        e.backLo = d.backLo();
        e.backPort = d.backPort();
        e.ipVersion = IpAddress.isV4(e.backHi, e.backLo) ? 4 : 6;
        e.handoffId = d.handoffId();
        e.epoch = d.epoch();
        e.commitDeadlineNs = nowNs + d.commitLeftNs();
        e.lastProgressNs = nowNs - d.progressAgeNs();
        e.establishedNs = nowNs;
        e.forwardedSegments = d.forwardedSegments();
        e.isnClient = d.isnClient();
        e.isnFront = d.isnFront();
        e.isnBack = d.isnBack();
        e.delta = e.isnFront - e.isnBack;
        e.tsOffset = d.tsOffset();
        e.lastAck = d.lastAck();
        e.clientNext = d.clientNext();
        e.committed = d.committed() == Flag.YES;
        e.peer = peer(d.peer());
        frontFlows.byId.put(e.handoffId, e);
        (e.committed ? frontFlows.idleTimers : frontFlows.repeatTimers).arm(e, nowNs);
        return d.limit();
    }

    private int back(final BackStateDecoder d, final long nowNs)
    {
        final BackEntry e = backFlows.table.add(
            d.localHi(), d.localLo(), d.localPort(), d.clientHi(), d.clientLo(), d.clientPort());
        if (e == null)
        {
            throw new IllegalArgumentException("more served connections than limit.flows: raise it");
        }
        e.reset();
        e.state = d.state();
        e.vipHi = d.vipHi();
        e.vipLo = d.vipLo();
        e.vipPort = d.vipPort();
        e.handoffId = d.handoffId();
        e.epoch = d.epoch();
        e.rewrittenSegments = d.rewrittenSegments();
        e.isnClient = d.isnClient();
        e.isnFront = d.isnFront();
        e.isnBack = d.isnBack();
        e.delta = e.isnFront - e.isnBack;
        e.tsOffset = d.tsOffset();
        e.rightEdge = d.rightEdge();
        e.finOutEnd = d.finOutEnd();
        e.finInEnd = d.finInEnd();
        e.frontWindowScale = d.frontWindowScale();
        e.backWindowScale = d.backWindowScale();
        e.endReason = d.endReason();
        final int bits = d.closeBits();
        e.finOut = (bits & FIN_OUT) != 0;
        e.finOutAcked = (bits & FIN_OUT_ACKED) != 0;
        e.finIn = (bits & FIN_IN) != 0;
        e.finInAcked = (bits & FIN_IN_ACKED) != 0;
        e.reset = (bits & RESET) != 0;
        e.preparedNs = nowNs;
        e.peer = peer(d.peer());
        backFlows.index(e);
        switch (e.state)
        {
            case BackEntry.PREPARED:
                backFlows.preparedTimers.arm(e, nowNs);
                break;
            case BackEntry.ACTIVE:
                backFlows.lingerTimers.arm(e, nowNs);
                break;
            case BackEntry.CLOSING:
                backFlows.repeatTimers.arm(e, nowNs);
                break;
            default:
                throw new IllegalArgumentException("module state holds a back entry in state " + e.state);
        }
        return d.limit();
    }

    /** Another policy than before starts with no memory. */
    private int policy(final PolicyStateDecoder d)
    {
        final boolean same = d.policy().equals(policy.name());
        final byte[] memory = new byte[d.memoryLength()];
        d.getMemory(memory, 0, memory.length);
        if (same)
        {
            policy.importState(new UnsafeBuffer(memory), 0, memory.length);
        }
        return d.limit();
    }

    private int peer(final String name)
    {
        final int peer = plane.peer(name);
        if (peer < 0)
        {
            throw new IllegalArgumentException("module state names peer '" + name + "', which is not configured");
        }
        return peer;
    }

    private static int closeBits(final BackEntry e)
    {
        return (e.finOut ? FIN_OUT : 0) | (e.finOutAcked ? FIN_OUT_ACKED : 0) | (e.finIn ? FIN_IN : 0) |
            (e.finInAcked ? FIN_IN_ACKED : 0) | (e.reset ? RESET : 0);
    }
}
