package dev.baton.tools.drill.run;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.socket.ReadinessListener;
import dev.baton.stack.socket.Sockets;
import dev.baton.stack.socket.StackSockets;

/**
 * The stack under test with its clock. Time is virtual: it passes only when a script waits. Microseconds count
 * from the start.
 */
final class StackTarget
{
    /** Time of the stack when a script starts: not 0, so that nothing can take it for "never". */
    private static final long START_NS = 1_000_000_000_000L;
    private static final int MOST_POLLS = 100_000;

    private final CaptureLink link;
    private final NetStack stack;
    private final StackSockets sockets;
    private final PacketSink sink;
    private Throwable error;
    private long nowNs = START_NS;

    /** Takes what the stack sends. */
    interface PacketSink
    {
        /** A packet was sent. */
        void onSent(byte[] packet, long us);
    }

    StackTarget(final StackContext context, final int mtu, final PacketSink sink, final ReadinessListener readiness)
    {
        this.sink = sink;
        link = new CaptureLink(mtu);
        context.errorHandler(this::failed).conclude();
        stack = new NetStack(context, link);
        sockets = new StackSockets(stack, () -> nowNs);
        sockets.readinessListener(readiness);
        settle();
    }

    private void failed(final Throwable cause)
    {
        error = error == null ? cause : error;
    }

    Sockets sockets()
    {
        return sockets;
    }

    long nowUs()
    {
        return (nowNs - START_NS) / 1000;
    }

    void inject(final byte[] packet)
    {
        link.inject(packet);
        settle();
    }

    /** Let the stack do all that is due now, and hand on what it has sent. */
    void settle()
    {
        int polls = 0;
        while (stack.poll(nowNs) != 0 || link.hasInbound() || stack.nextDeadlineNs() <= nowNs)
        {
            if (++polls > MOST_POLLS)
            {
                throw new ScriptFailure("the stack does not come to rest after " + MOST_POLLS + " polls at one time");
            }
        }
        if (error != null)
        {
            throw new ScriptFailure("the stack has failed: " + error);
        }
        for (byte[] packet = link.nextSent(); packet != null; packet = link.nextSent())
        {
            sink.onSent(packet, nowUs());
        }
    }

    /** Let time pass until the stack's next deadline, at most until a time. False when that time has been reached. */
    boolean step(final long untilUs)
    {
        final long untilNs = START_NS + untilUs * 1000;
        if (nowNs >= untilNs)
        {
            return false;
        }
        nowNs = Math.max(nowNs, Math.min(untilNs, stack.nextDeadlineNs()));
        settle();
        return true;
    }
}
