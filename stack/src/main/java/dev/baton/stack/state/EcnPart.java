package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionEcnDecoder;
import dev.baton.stack.state.codec.ConnectionEcnEncoder;
import dev.baton.stack.state.codec.EcnFlagsDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.AccurateEcn;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcpState;
import dev.baton.stack.wire.IpEcn;
import dev.baton.stack.wire.Seq;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** What explicit congestion notification keeps of a connection (RFC 3168, RFC 9768). */
final class EcnPart implements ConnectionPart
{
    private static final int KNOWN_FLAGS = (1 << 12) - 1;
    /** Bits of EcnFlags from this one on are of accurate ECN. */
    private static final int FIRST_ACCURATE_FLAG = 4;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ConnectionEcnEncoder encoder = new ConnectionEcnEncoder();
    private final ConnectionEcnDecoder decoder = new ConnectionEcnDecoder();

    @Override
    public int templateId()
    {
        return ConnectionEcnDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return ConnectionEcnDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        return (tcb.ecnMode | tcb.ecnReducePoint | tcb.ceReceived | tcb.ceDelivered) != 0 ||
            tcb.ecnFallback || tcb.ecnEchoOwed || tcb.ecnCwrOwed || tcb.ecnReducing;
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .ecnMode((short)tcb.ecnMode)
            .ecnReducePoint(tcb.ecnReducePoint)
            .ceReceived(tcb.ceReceived)
            .ceDelivered(tcb.ceDelivered);
        encoder.flags().clear()
            .ecnFallback(tcb.ecnFallback)
            .ecnEchoOwed(tcb.ecnEchoOwed)
            .ecnCwrOwed(tcb.ecnCwrOwed)
            .ecnReducing(tcb.ecnReducing);
        if (hasCounters(tcb.ecnMode, tcb.state))
        {
            writeAccurate(tcb.accurateEcn, nowNs);
        }
        else
        {
            writeNoCounters();
        }
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /** In SYN-SENT accurate ECN is only asked for: its counters begin when it is agreed. */
    private static boolean hasCounters(final int mode, final int state)
    {
        return mode == Tcb.ECN_ACCURATE && state != TcpState.SYN_SENT;
    }

    private void writeAccurate(final AccurateEcn state, final long nowNs)
    {
        encoder
            .synEcn((short)state.synEcn)
            .reflect((byte)state.reflect)
            .ceAcked(state.ceAcked)
            .receivedE0Bytes(state.receivedE0Bytes)
            .receivedCeBytes(state.receivedCeBytes)
            .receivedE1Bytes(state.receivedE1Bytes)
            .deliveredE0Bytes(state.deliveredE0Bytes)
            .deliveredCeBytes(state.deliveredCeBytes)
            .deliveredE1Bytes(state.deliveredE1Bytes)
            .optionSentAgeNs(state.optionSentAtNs == Tcb.NONE ? Spans.UNSET : nowNs - state.optionSentAtNs);
        encoder.flags()
            .lastCe(state.lastCe)
            .e0Due(state.e0Due)
            .ceDue(state.ceDue)
            .e1Due(state.e1Due)
            .aceSeen(state.aceSeen)
            .optionSeen(state.optionSeen)
            .optionMute(state.optionMute)
            .optionRefused(state.optionRefused);
    }

    private void writeNoCounters()
    {
        encoder
            .synEcn((short)IpEcn.NOT_ECT)
            .reflect((byte)AccurateEcn.NOTHING)
            .ceAcked(0)
            .receivedE0Bytes(0)
            .receivedCeBytes(0)
            .receivedE1Bytes(0)
            .deliveredE0Bytes(0)
            .deliveredCeBytes(0)
            .deliveredE1Bytes(0)
            .optionSentAgeNs(Spans.UNSET);
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        Rules.range("ecnMode", decoder.ecnMode(), Tcb.ECN_NONE, Tcb.ECN_ACCURATE);
        Rules.flags(decoder.flags().getRaw(), KNOWN_FLAGS);
        Rules.range("synEcn", decoder.synEcn(), 0, IpEcn.MASK);
        Rules.range("reflect", decoder.reflect(), AccurateEcn.NOTHING, IpEcn.MASK);
        Rules.spanOrUnset("optionSentAgeNs", decoder.optionSentAgeNs());
        if (decoder.flags().ecnReducing())
        {
            final int point = decoder.ecnReducePoint();
            Rules.require(Seq.geq(point, fields.sndUna()) && Seq.leq(point, fields.sndNxt()), "ecnReducePoint", point,
                "it lies in what is in flight, from " + fields.sndUna() + " to " + fields.sndNxt());
        }
        if (!hasCounters(decoder.ecnMode(), fields.stateRaw()))
        {
            noCounters();
        }
    }

    /** What would be lost may not be there, or the image would not be the one that the connection gives again. */
    private void noCounters()
    {
        final int bytes = decoder.receivedE0Bytes() | decoder.receivedCeBytes() | decoder.receivedE1Bytes() |
            decoder.deliveredE0Bytes() | decoder.deliveredCeBytes() | decoder.deliveredE1Bytes();
        final boolean empty = (bytes | decoder.ceAcked() | decoder.synEcn()) == 0 &&
            decoder.reflect() == AccurateEcn.NOTHING && decoder.optionSentAgeNs() == Spans.UNSET &&
            decoder.flags().getRaw() >>> FIRST_ACCURATE_FLAG == 0;
        Rules.require(empty, "ecnMode", decoder.ecnMode(), "there are no counters of accurate ECN in this mode and state");
        final boolean needed = decoder.ecnMode() != Tcb.ECN_NONE || decoder.flags().getRaw() != 0 ||
            (decoder.ecnReducePoint() | decoder.ceReceived() | decoder.ceDelivered()) != 0;
        Rules.require(needed, "ecnMode", decoder.ecnMode(), "a connection that keeps nothing about ECN has no such part");
    }

    @Override
    public void read(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final Tcb tcb,
        final long nowNs,
        final long elapsedNs)
    {
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        final EcnFlagsDecoder flags = decoder.flags();
        if (hasCounters(decoder.ecnMode(), tcb.state))
        {
            tcb.beginAccurateEcn();
            readCounters(tcb.accurateEcn, nowNs - elapsedNs);
            readAccurateFlags(flags, tcb.accurateEcn);
        }
        tcb.ecnMode = decoder.ecnMode();
        tcb.ecnReducePoint = decoder.ecnReducePoint();
        tcb.ceReceived = decoder.ceReceived();
        tcb.ceDelivered = decoder.ceDelivered();
        tcb.ecnFallback = flags.ecnFallback();
        tcb.ecnEchoOwed = flags.ecnEchoOwed();
        tcb.ecnCwrOwed = flags.ecnCwrOwed();
        tcb.ecnReducing = flags.ecnReducing();
    }

    private void readCounters(final AccurateEcn state, final long cutNs)
    {
        state.synEcn = decoder.synEcn();
        state.reflect = decoder.reflect();
        state.ceAcked = decoder.ceAcked();
        state.receivedE0Bytes = decoder.receivedE0Bytes();
        state.receivedCeBytes = decoder.receivedCeBytes();
        state.receivedE1Bytes = decoder.receivedE1Bytes();
        state.deliveredE0Bytes = decoder.deliveredE0Bytes();
        state.deliveredCeBytes = decoder.deliveredCeBytes();
        state.deliveredE1Bytes = decoder.deliveredE1Bytes();
        state.optionSentAtNs = decoder.optionSentAgeNs() == Spans.UNSET ? Tcb.NONE : cutNs - decoder.optionSentAgeNs();
    }

    private static void readAccurateFlags(final EcnFlagsDecoder flags, final AccurateEcn state)
    {
        state.lastCe = flags.lastCe();
        state.e0Due = flags.e0Due();
        state.ceDue = flags.ceDue();
        state.e1Due = flags.e1Due();
        state.aceSeen = flags.aceSeen();
        state.optionSeen = flags.optionSeen();
        state.optionMute = flags.optionMute();
        state.optionRefused = flags.optionRefused();
    }
}
