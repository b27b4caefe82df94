package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.wire.TcpOptions;

/**
 * What SYNs agree (RFC 9293, section 3.7.1; RFC 7323, sections 2.2 and 3.2; RFC 2018, section 2): both sides or nobody.
 */
final class Handshake
{
    private Handshake()
    {
    }

    /** What we would like: the flags say "offered" until the peer's SYN has come. */
    static void offer(final Tcb tcb, final StackContext context)
    {
        tcb.windowScaleOk = context.windowScale();
        tcb.rcvShift = context.windowScale() ? ReceiveWindow.shiftFor(context.receiveBufferBytes()) : 0;
        tcb.sackOk = context.sack();
        tcb.timestampsOk = context.timestamps();
        tcb.ecnMode = EcnHandshake.offered(context);
    }

    /** The peer's SYN, or SYN/ACK, has come. */
    static void takeSyn(final Tcb tcb, final Segment syn, final long nowNs)
    {
        tcb.irs = syn.seq;
        tcb.rcvNxt = syn.seq + 1;
        tcb.rcvAdv = tcb.rcvNxt;
        tcb.lastAckSent = tcb.rcvNxt;
        tcb.receiveRing.reset(tcb.rcvNxt);
        final TcpOptions options = syn.options;
        tcb.remoteMss = EffectiveMss.remote(options.mss(), tcb.isV4());
        tcb.windowScaleOk &= options.windowScale() != TcpOptions.ABSENT;
        tcb.sndShift = tcb.windowScaleOk ? options.windowScale() : 0;
        tcb.rcvShift = tcb.windowScaleOk ? tcb.rcvShift : 0;
        tcb.sackOk &= options.sackPermitted();
        tcb.timestampsOk &= options.hasTimestamps();
        if (tcb.timestampsOk)
        {
            tcb.tsRecent = options.tsVal();
            tcb.tsRecentAtNs = nowNs;
        }
        // The window of a SYN is not scaled (RFC 7323, section 2.2).
        tcb.sndWnd = syn.window;
        tcb.sndMaxWnd = syn.window;
        tcb.sndWl1 = syn.seq;
        EffectiveMss.update(tcb);
    }
}
