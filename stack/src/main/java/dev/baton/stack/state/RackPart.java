package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionRackDecoder;
import dev.baton.stack.state.codec.ConnectionRackEncoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.RackFlagsDecoder;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.wire.Seq;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** What loss detection by time and the tail loss probe keep of a connection (RFC 8985). */
final class RackPart implements ConnectionPart
{
    private static final int KNOWN_FLAGS = (1 << 5) - 1;
    private static final long MAX_RTT_NS = 1L << 50;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ConnectionRackEncoder encoder = new ConnectionRackEncoder();
    private final ConnectionRackDecoder decoder = new ConnectionRackDecoder();

    @Override
    public int templateId()
    {
        return ConnectionRackDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return ConnectionRackDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        return tcb.rackSentNs != Long.MIN_VALUE || tcb.rackRttNs != 0 || tcb.rackAtNs != Tcb.NONE ||
            (tcb.rackEndSeq | tcb.lossProbeEndSeq) != 0 || tcb.lossProbeArmed || tcb.lossProbeOut ||
            tcb.lossProbeResent || tcb.probedSinceSample || tcb.lossProbeOwed;
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .rackSentAgeNs(tcb.rackSentNs == Long.MIN_VALUE ? Spans.UNSET : nowNs - tcb.rackSentNs)
            .rackRttNs(tcb.rackRttNs)
            .rackEndSeq(tcb.rackEndSeq)
            .rackInNs(Spans.left(tcb.rackAtNs, nowNs))
            .lossProbeEndSeq(tcb.lossProbeEndSeq);
        encoder.flags().clear()
            .lossProbeArmed(tcb.lossProbeArmed)
            .lossProbeOut(tcb.lossProbeOut)
            .lossProbeResent(tcb.lossProbeResent)
            .probedSinceSample(tcb.probedSinceSample)
            .lossProbeOwed(tcb.lossProbeOwed);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        ConnectionParts.checkFixed(this, length);
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        final RackFlagsDecoder flags = decoder.flags();
        Rules.flags(flags.getRaw(), KNOWN_FLAGS);
        Rules.spanOrUnset("rackSentAgeNs", decoder.rackSentAgeNs());
        Rules.range("rackRttNs", decoder.rackRttNs(), 0, MAX_RTT_NS);
        Rules.spanOrUnset("rackInNs", decoder.rackInNs());
        Rules.require(decoder.rackSentAgeNs() == Spans.UNSET || Seq.leq(decoder.rackEndSeq(), fields.sndNxt()),
            "rackEndSeq", decoder.rackEndSeq(), "nothing after sndNxt " + fields.sndNxt() + " can have been delivered");
        Rules.require(!flags.lossProbeArmed() || decoder.rackInNs() != Spans.UNSET, "rackInNs", decoder.rackInNs(),
            "it must be set when the loss probe timer is armed");
        Rules.require(!flags.lossProbeOut() || Seq.leq(decoder.lossProbeEndSeq(), fields.sndNxt()), "lossProbeEndSeq",
            decoder.lossProbeEndSeq(), "the probe cannot end after sndNxt " + fields.sndNxt());
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
        final RackFlagsDecoder flags = decoder.flags();
        final long ageNs = decoder.rackSentAgeNs();
        tcb.rackSentNs = ageNs == Spans.UNSET ? Long.MIN_VALUE : nowNs - ageNs;
        tcb.rackRttNs = decoder.rackRttNs();
        tcb.rackEndSeq = decoder.rackEndSeq();
        tcb.rackAtNs = Spans.deadline(decoder.rackInNs(), nowNs);
        tcb.lossProbeEndSeq = decoder.lossProbeEndSeq();
        tcb.lossProbeArmed = flags.lossProbeArmed();
        tcb.lossProbeOut = flags.lossProbeOut();
        tcb.lossProbeResent = flags.lossProbeResent();
        tcb.probedSinceSample = flags.probedSinceSample();
        tcb.lossProbeOwed = flags.lossProbeOwed();
    }
}
