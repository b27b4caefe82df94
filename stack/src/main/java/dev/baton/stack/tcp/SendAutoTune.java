package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;

/**
 * The size of a send buffer follows the congestion window: it holds what is outstanding, what replaces it in the next
 * round trip, and as much again for a recovery, during which acknowledged data cannot leave. Linux takes twice the
 * window and counts bookkeeping in, which comes to the same. It never shrinks: what is written is promised. A user that
 * has set the size is left alone.
 */
final class SendAutoTune
{
    private static final int WINDOWS = 4;

    private SendAutoTune()
    {
    }

    /** An ACK has moved the windows. */
    static void onAck(final Tcb tcb, final StackContext context)
    {
        final long wanted = Math.min(context.sendBufferBytes(), (long)WINDOWS * tcb.cwndBytes);
        if (wanted > tcb.sendRing.capacityBytes() && !InForce.sendBufferLocked(tcb) && !tcb.sendRing.underPressure())
        {
            tcb.sendRing.capacityBytes((int)wanted);
        }
    }
}
