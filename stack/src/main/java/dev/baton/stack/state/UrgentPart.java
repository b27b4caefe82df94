package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionUrgentDecoder;
import dev.baton.stack.state.codec.ConnectionUrgentEncoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import dev.baton.stack.tcp.UrgentState;
import dev.baton.stack.wire.Seq;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Urgent data of a connection that has some (RFC 9293, section 3.8.5). Not thread safe. */
final class UrgentPart implements ConnectionPart
{
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ConnectionUrgentEncoder encoder = new ConnectionUrgentEncoder();
    private final ConnectionUrgentDecoder decoder = new ConnectionUrgentDecoder();

    @Override
    public int templateId()
    {
        return ConnectionUrgentDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return ConnectionUrgentDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        return tcb.urgent != null && (tcb.urgent.sending || tcb.urgent.receiving);
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        final UrgentState urgent = tcb.urgent;
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .sending((short)(urgent.sending ? 1 : 0))
            .sndUp(urgent.sndUp)
            .receiving((short)(urgent.receiving ? 1 : 0))
            .rcvUp(urgent.rcvUp)
            .taken((short)(urgent.taken ? 1 : 0));
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        ConnectionParts.checkFixed(this, length);
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        Rules.range("sending", decoder.sending(), 0, 1);
        Rules.range("receiving", decoder.receiving(), 0, 1);
        Rules.range("taken", decoder.taken(), 0, 1);
        Rules.require(decoder.sending() == 0 || Seq.gt(decoder.sndUp(), fields.sndUna()), "sndUp", decoder.sndUp(),
            "nothing before sndUna " + fields.sndUna() + " is urgent any more");
        Rules.require(decoder.receiving() == 0 || Seq.gt(decoder.rcvUp(), fields.receiveFirstSeq()), "rcvUp",
            decoder.rcvUp(), "what was read, up to " + fields.receiveFirstSeq() + ", is urgent no more");
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
        final UrgentState urgent = TcbAccess.urgent(tcb);
        urgent.sending = decoder.sending() != 0;
        urgent.sndUp = decoder.sndUp();
        urgent.receiving = decoder.receiving() != 0;
        urgent.rcvUp = decoder.rcvUp();
        urgent.taken = decoder.taken() != 0;
    }
}
