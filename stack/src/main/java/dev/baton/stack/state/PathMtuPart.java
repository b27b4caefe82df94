package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionPathMtuDecoder;
import dev.baton.stack.state.codec.ConnectionPathMtuEncoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.wire.Seq;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** What path MTU discovery keeps of a connection (RFC 5927, section 7.2; RFC 4821), and its soft error. */
final class PathMtuPart implements ConnectionPart
{
    private static final int MAX_MTU = 65_535;
    private static final int MIN_MTU = 68;
    private static final int PROBE_FAILED = 1;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ConnectionPathMtuEncoder encoder = new ConnectionPathMtuEncoder();
    private final ConnectionPathMtuDecoder decoder = new ConnectionPathMtuDecoder();

    @Override
    public int templateId()
    {
        return ConnectionPathMtuDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return ConnectionPathMtuDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        return (tcb.mtuProven | tcb.mtuProbeSize | tcb.mtuProbeEnd | tcb.mtuClaim | tcb.mtuClaimSeq |
            tcb.mtuSearchLow | tcb.mtuSearchHigh | tcb.icmpError) != 0 || tcb.mtuProbedAtNs != Tcb.NONE ||
            tcb.mtuProbeFailed;
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .mtuProven(tcb.mtuProven)
            .mtuProbeSize(tcb.mtuProbeSize)
            .mtuProbeEnd(tcb.mtuProbeEnd)
            .mtuClaim(tcb.mtuClaim)
            .mtuClaimSeq(tcb.mtuClaimSeq)
            .mtuSearchLow(tcb.mtuSearchLow)
            .mtuSearchHigh(tcb.mtuSearchHigh)
            .mtuProbedAgeNs(tcb.mtuProbedAtNs == Tcb.NONE ? Spans.UNSET : nowNs - tcb.mtuProbedAtNs)
            .mtuProbeFailed((short)(tcb.mtuProbeFailed ? PROBE_FAILED : 0))
            .icmpError(tcb.icmpError);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        ConnectionParts.checkFixed(this, length);
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        Rules.require(saysSomething(), "ConnectionPathMtu", 0, "a part whose values are all those of a fresh connection " +
            "is left out");
        Rules.range("mtuProven", decoder.mtuProven(), 0, MAX_MTU);
        Rules.range("mtuProbeSize", decoder.mtuProbeSize(), 0, MAX_MTU);
        zeroOr("mtuClaim", decoder.mtuClaim(), MIN_MTU);
        zeroOr("mtuSearchLow", decoder.mtuSearchLow(), MIN_MTU);
        Rules.range("mtuSearchHigh", decoder.mtuSearchHigh(), 0, MAX_MTU);
        Rules.range("mtuProbeFailed", decoder.mtuProbeFailed(), 0, PROBE_FAILED);
        Rules.range("icmpError", decoder.icmpError(), 0, 6 << 16 | 0xFFFF);
        Rules.require(decoder.mtuSearchLow() == 0 || decoder.mtuProbedAgeNs() != Spans.UNSET, "mtuProbedAgeNs",
            decoder.mtuProbedAgeNs(), "it is set while a search goes on, mtuSearchLow " + decoder.mtuSearchLow());
        Rules.spanOrUnset("mtuProbedAgeNs", decoder.mtuProbedAgeNs());
        Rules.require(decoder.mtuSearchLow() == 0 || fields.pathMtu() <= decoder.mtuSearchLow(), "mtuSearchLow",
            decoder.mtuSearchLow(), "the MTU in use is " + fields.pathMtu() + ", which is not below it");
        if (decoder.mtuProbeSize() != 0 || decoder.mtuProbeFailed() != 0)
        {
            inFlight("mtuProbeEnd", decoder.mtuProbeEnd() - 1, fields);
        }
        if (decoder.mtuClaim() != 0)
        {
            inFlight("mtuClaimSeq", decoder.mtuClaimSeq(), fields);
        }
    }

    private boolean saysSomething()
    {
        return (decoder.mtuProven() | decoder.mtuProbeSize() | decoder.mtuProbeEnd() | decoder.mtuClaim() |
            decoder.mtuClaimSeq() | decoder.mtuSearchLow() | decoder.mtuSearchHigh() | decoder.mtuProbeFailed() |
            decoder.icmpError()) != 0 || decoder.mtuProbedAgeNs() != Spans.UNSET;
    }

    private static void zeroOr(final String field, final int value, final int least)
    {
        if (value != 0)
        {
            Rules.range(field, value, least, MAX_MTU);
        }
    }

    private static void inFlight(final String field, final int seq, final ConnectionDecoder fields)
    {
        Rules.require(Seq.geq(seq, fields.sndUna()) && Seq.lt(seq, fields.sndNxt()), field, seq,
            "it lies in what is in flight, from " + fields.sndUna() + " to " + fields.sndNxt());
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
        tcb.mtuProven = decoder.mtuProven();
        tcb.mtuProbeSize = decoder.mtuProbeSize();
        tcb.mtuProbeEnd = decoder.mtuProbeEnd();
        tcb.mtuClaim = decoder.mtuClaim();
        tcb.mtuClaimSeq = decoder.mtuClaimSeq();
        tcb.mtuSearchLow = decoder.mtuSearchLow();
        tcb.mtuSearchHigh = decoder.mtuSearchHigh();
        tcb.mtuProbedAtNs = decoder.mtuProbedAgeNs() == Spans.UNSET ?
            Tcb.NONE : nowNs - elapsedNs - decoder.mtuProbedAgeNs();
        tcb.mtuProbeFailed = decoder.mtuProbeFailed() != 0;
        tcb.icmpError = decoder.icmpError();
    }
}
