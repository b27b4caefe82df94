package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.tcp.Transfers;
import dev.baton.stack.tcp.congestion.CongestionControls;
import dev.baton.stack.wire.IpAddress;

/** What the shard that imports a connection must have, so that the connection can go on in it as it was. */
final class ShardRules
{
    private final NetStack stack;
    private final Transfers transfers;

    ShardRules(final NetStack stack)
    {
        this.stack = stack;
        this.transfers = stack.tcp().transfers();
    }

    /** Rules of a connection with a Tcb; its own numbers have been verified. */
    void check(final ConnectionImage image)
    {
        final ConnectionDecoder fields = image.fields();
        local(fields.localHi(), fields.localLo());
        Rules.require(fields.pathMtu() <= transfers.mtu(), "pathMtu", fields.pathMtu(), "the link of this shard carries " +
            transfers.mtu() + " bytes; import the connection where the link carries as much");
        final String control = image.congestionControl();
        if (!CongestionControls.names().contains(control))
        {
            throw new StateException("congestionControl", "'" + control + "'", "this shard knows " + CongestionControls.names());
        }
        Rules.require(image.sendBytes() <= stack.context().sendBufferBytes(), "sendBytes.length", image.sendBytes(),
            "a send buffer of this shard holds " + stack.context().sendBufferBytes() + "; make sendBufferBytes larger");
        receiveBuffer(image);
    }

    /** The peer may send up to the right edge that it was told, so there must be room up to there; a FIN takes none. */
    private void receiveBuffer(final ConnectionImage image)
    {
        final ConnectionDecoder fields = image.fields();
        final int capacity = stack.context().receiveBufferBytes();
        final int runs = image.receiveRunCount();
        final int end = runs == 0 ? fields.receiveNextSeq() : image.receiveRunEnd(runs - 1);
        final int held = end - fields.receiveFirstSeq();
        final int promised = fields.rcvAdv() - fields.receiveFirstSeq();
        final String mend = " of a receive buffer, and those of this shard hold " + capacity + "; make receiveBufferBytes larger";
        Rules.require(held <= capacity, "receiveBytes", held, "so many bytes must have their place in the window" + mend);
        Rules.require(promised <= capacity + 1, "rcvAdv", fields.rcvAdv(),
            "the peer may send " + promised + " bytes more than have been read" + mend);
    }

    void local(final long hi, final long lo)
    {
        if (!transfers.isLocal(hi, lo))
        {
            throw new StateException("local", IpAddress.toString(hi, lo),
                "it is no address of this shard; add it before the connection is imported");
        }
    }

    void free(final Flow flow)
    {
        if (stack.hasConnection(flow.local().hi(), flow.local().lo(), flow.localPort(),
            flow.remote().hi(), flow.remote().lo(), flow.remotePort()))
        {
            throw new StateException("flow", flow.toString(), "this shard has such a connection already");
        }
    }
}
