package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionCwndValidationDecoder;
import dev.baton.stack.state.codec.ConnectionCwndValidationEncoder;
import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.Tcb;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Part: what is known of how much of cwnd is used (RFC 7661). */
final class CwndValidationPart implements ConnectionPart
{
    private static final int MAX_BYTES = 1 << 30;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final ConnectionCwndValidationEncoder encoder = new ConnectionCwndValidationEncoder();
    private final ConnectionCwndValidationDecoder decoder = new ConnectionCwndValidationDecoder();

    @Override
    public int templateId()
    {
        return ConnectionCwndValidationDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return ConnectionCwndValidationDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        return (tcb.pipeAckBytes | tcb.pipeAckRoundStart | tcb.pipeAckRoundEnd | tcb.validWindowBytes) != 0 ||
            tcb.pipeAckAtNs != 0 ||
            tcb.nonValidatedSinceNs != Tcb.NONE;
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .pipeAckBytes(tcb.pipeAckBytes)
            .pipeAckRoundStart(tcb.pipeAckRoundStart)
            .pipeAckRoundEnd(tcb.pipeAckRoundEnd)
            .validWindowBytes(tcb.validWindowBytes)
            .pipeAckAgeNs(nowNs - tcb.pipeAckAtNs)
            .nonValidatedAgeNs(Spans.age(tcb.nonValidatedSinceNs, nowNs));
        return MessageHeaderEncoder.ENCODED_LENGTH + ConnectionCwndValidationEncoder.BLOCK_LENGTH;
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        ConnectionParts.checkFixed(this, length);
        wrap(buffer, offset);
        Rules.require(length == MessageHeaderDecoder.ENCODED_LENGTH + blockLength(), "part length", length,
            "nothing follows the block of ConnectionCwndValidation");
        Rules.range("pipeAckBytes", decoder.pipeAckBytes(), 0, MAX_BYTES);
        Rules.range("pipeAckRoundEnd - pipeAckRoundStart",
            decoder.pipeAckRoundEnd() - decoder.pipeAckRoundStart(), 0, MAX_BYTES);
        Rules.range("validWindowBytes", decoder.validWindowBytes(), 0, MAX_BYTES);
        Rules.span("pipeAckAgeNs", decoder.pipeAckAgeNs());
        Rules.spanOrUnset("nonValidatedAgeNs", decoder.nonValidatedAgeNs());
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
        tcb.pipeAckBytes = decoder.pipeAckBytes();
        tcb.pipeAckRoundStart = decoder.pipeAckRoundStart();
        tcb.pipeAckRoundEnd = decoder.pipeAckRoundEnd();
        tcb.validWindowBytes = decoder.validWindowBytes();
        tcb.pipeAckAtNs = nowNs - decoder.pipeAckAgeNs();
        tcb.nonValidatedSinceNs = Spans.since(decoder.nonValidatedAgeNs(), nowNs);
    }

    private void wrap(final DirectBuffer buffer, final int offset)
    {
        decoder.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, blockLength(),
            ConnectionCwndValidationDecoder.SCHEMA_VERSION);
    }
}
