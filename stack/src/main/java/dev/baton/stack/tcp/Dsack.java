package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpOptions;

/**
 * DSACK (RFC 2883): the first SACK block of an ACK may report what came twice. It is told apart by where it lies
 * (section 4): below the acknowledgment, or inside of the second block.
 * <pre>
 *     ACK 500  SACK 300-400            300-400 came twice          (old)
 *     ACK 500  SACK 700-800 600-900    700-800 came twice          (out of order)
 * </pre>
 * The receiver reports a duplicate once, in an ACK that goes out at once, so there is nothing to be remembered.
 */
final class Dsack
{
    private final StackContext context;
    private final StackCounters counters;
    private final SegmentSender sender;

    Dsack(final StackContext context, final StackCounters counters, final SegmentSender sender)
    {
        this.context = context;
        this.counters = counters;
        this.sender = sender;
    }

    /** Is the first block of an ACK a DSACK? An old one that lies before the greatest window is none. */
    static boolean isFirstBlock(final Tcb tcb, final TcpOptions options, final int ack)
    {
        if (!tcb.sackOk || options.sackCount() == 0)
        {
            return false;
        }
        final int start = options.sackStart(0);
        final int end = options.sackEnd(0);
        if (Seq.geq(start, end))
        {
            return false;
        }
        if (Seq.leq(end, ack))
        {
            return ack - start <= Math.max(tcb.sndMaxWnd, tcb.effectiveMss);
        }
        return options.sackCount() > 1 && Seq.geq(start, options.sackStart(1)) && Seq.leq(end, options.sackEnd(1));
    }

    /** Acknowledge a segment that brought what was acknowledged before: report that part, and the window as it is. */
    void acknowledgeOld(final Tcb tcb, final int start, final int end, final long nowNs)
    {
        if (isReported(tcb, start, end))
        {
            counters.increment(StackCounter.TCP_DSACK_OLD_SENT);
            sender.dsack(tcb, start, end, ReceiveWindow.select(tcb), nowNs);
        }
        else
        {
            sender.ack(tcb, nowNs);
        }
    }

    /** Acknowledge a segment that brought what is held beyond a hole: report the first such part. */
    void acknowledgeOutOfOrder(final Tcb tcb, final int start, final int end, final long nowNs)
    {
        if (isReported(tcb, start, end))
        {
            counters.increment(StackCounter.TCP_DSACK_OFO_SENT);
            sender.dsack(tcb, start, end, ReceiveWindow.unchanged(tcb), nowNs);
        }
        else
        {
            sender.duplicateAck(tcb, nowNs);
        }
    }

    private boolean isReported(final Tcb tcb, final int start, final int end)
    {
        return context.dsack() && tcb.sackOk && Seq.lt(start, end);
    }
}
