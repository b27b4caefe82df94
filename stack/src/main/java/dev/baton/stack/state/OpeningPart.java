package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.OpeningPartDecoder;
import dev.baton.stack.state.codec.OpeningPartEncoder;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcpState;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * How a connection was, or is being, opened: TCP Fast Open, and its place in its listener's accept queue. The listener
 * is not written: the importing shard looks up its own. Reused; not thread safe.
 */
final class OpeningPart implements ConnectionPart
{
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final OpeningPartEncoder encoder = new OpeningPartEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final OpeningPartDecoder decoder = new OpeningPartDecoder();

    @Override
    public int templateId()
    {
        return OpeningPartDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return OpeningPartDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        return tcb.fastOpen != Tcb.FAST_OPEN_NONE || tcb.awaitsAccept || tcb.acceptOrder != 0;
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        encoder
            .fastOpen((short)tcb.fastOpen)
            .awaitsAccept((short)(tcb.awaitsAccept ? 1 : 0))
            .acceptOrder(tcb.acceptOrder);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        ConnectionParts.checkFixed(this, length);
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        final int fastOpen = decoder.fastOpen();
        final int state = fields.stateRaw();
        Rules.range("fastOpen", fastOpen, Tcb.FAST_OPEN_NONE, Tcb.FAST_OPEN_EARLY);
        Rules.range("awaitsAccept", decoder.awaitsAccept(), 0, 1);
        final boolean early = fastOpen == Tcb.FAST_OPEN_EARLY;
        Rules.require(!early || state == TcpState.SYN_RECEIVED && fields.flags().passive(), "fastOpen", fastOpen,
            "a connection is early only in SYN-RECEIVED after a passive open");
        Rules.require(fastOpen != Tcb.FAST_OPEN_WANTED || state == TcpState.SYN_SENT, "fastOpen", fastOpen,
            "only a SYN that has not left can still be a Fast Open");
        if (decoder.awaitsAccept() == 1)
        {
            Rules.require(fields.flags().passive() && !fields.flags().accepted(), "awaitsAccept", 1,
                "only a passive open that its user has not seen waits to be accepted");
        }
        final boolean queued = decoder.acceptOrder() != 0;
        Rules.require(!queued || decoder.awaitsAccept() == 1 && fields.flags().indicated(), "acceptOrder",
            decoder.acceptOrder(), "what stands in the accept queue waits to be accepted, and the modules let it pass");
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
        tcb.fastOpen = decoder.fastOpen();
        tcb.awaitsAccept = decoder.awaitsAccept() == 1;
        tcb.acceptOrder = decoder.acceptOrder();
    }

    /** Does the connection need a listener in the shard that imports it? */
    static boolean needsListener(final Tcb tcb)
    {
        return tcb.awaitsAccept || tcb.fastOpen == Tcb.FAST_OPEN_EARLY;
    }
}
