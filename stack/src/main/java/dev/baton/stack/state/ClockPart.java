package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionClockDecoder;
import dev.baton.stack.state.codec.ConnectionClockEncoder;
import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * How far a connection's clock is into a tick of TSval (RFC 7323, section 5.4), so that its ticks come in the importing
 * shard when they would have come in the other one. The clock itself is TSval, in the Connection message.
 */
final class ClockPart implements ConnectionPart
{
    private static final int TICK_NS = 1_000_000;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ConnectionClockEncoder encoder = new ConnectionClockEncoder();
    private final ConnectionClockDecoder decoder = new ConnectionClockDecoder();

    @Override
    public int templateId()
    {
        return ConnectionClockDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return ConnectionClockDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        return true;
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder).tsFractionNs(TcbAccess.tsFractionNs(tcb, nowNs));
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        ConnectionParts.checkFixed(this, length);
        Rules.range("tsFractionNs",
            decoder.wrapAndApplyHeader(buffer, offset, headerDecoder).tsFractionNs(), 0, TICK_NS - 1);
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
        final int fractionNs = decoder.wrapAndApplyHeader(buffer, offset, headerDecoder).tsFractionNs();
        TcbAccess.tsClock(tcb, TcbAccess.tsVal(tcb, nowNs), fractionNs + elapsedNs % TICK_NS, nowNs);
    }
}
