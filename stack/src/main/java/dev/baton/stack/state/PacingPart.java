package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionPacingDecoder;
import dev.baton.stack.state.codec.ConnectionPacingEncoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.Pacing;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Part: rates and times of a paced connection. */
final class PacingPart implements ConnectionPart
{
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final ConnectionPacingEncoder encoder = new ConnectionPacingEncoder();
    private final ConnectionPacingDecoder decoder = new ConnectionPacingDecoder();

    @Override
    public int templateId()
    {
        return ConnectionPacingDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return ConnectionPacingDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        return tcb.pacing != null;
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        final Pacing pacing = tcb.pacing;
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .rate(pacing.rate)
            .maxRate(pacing.maxRate)
            .nextSendInNs(pacing.nextSendAtNs - nowNs)
            .timerInNs(Spans.left(pacing.timerAtNs, nowNs))
            .limitedSeq(pacing.limitedSeq);
        return MessageHeaderEncoder.ENCODED_LENGTH + ConnectionPacingEncoder.BLOCK_LENGTH;
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        ConnectionParts.checkFixed(this, length);
        wrap(buffer, offset);
        Rules.require(length == MessageHeaderDecoder.ENCODED_LENGTH + blockLength(), "part length", length,
            "nothing follows the block of ConnectionPacing");
        Rules.range("rate", decoder.rate(), 0, Pacing.UNLIMITED);
        Rules.range("maxRate", decoder.maxRate(), 1, Pacing.UNLIMITED);
        Rules.range("nextSendInNs", decoder.nextSendInNs(), 1 - Spans.SPAN_LIMIT_NS, Pacing.MAX_DELAY_NS);
        Rules.spanOrUnset("timerInNs", decoder.timerInNs());
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
        wrap(buffer, offset);
        final Pacing pacing = TcbAccess.pacing(tcb, nowNs);
        pacing.rate = decoder.rate();
        pacing.maxRate = decoder.maxRate();
        pacing.nextSendAtNs = nowNs + decoder.nextSendInNs();
        pacing.limitedSeq = decoder.limitedSeq();
        pacing.timerAtNs = Spans.deadline(decoder.timerInNs(), nowNs);
    }

    private void wrap(final DirectBuffer buffer, final int offset)
    {
        decoder.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, blockLength(),
            ConnectionPacingDecoder.SCHEMA_VERSION);
    }
}
