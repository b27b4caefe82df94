package dev.baton.stack.sim;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayDeque;

/**
 * A pipe of frames between two hosts, both ways: what a control channel is outside of the simulation. While it is up
 * and has no faults, frames arrive once and in order, after a delay; when it breaks, those under way are lost and both
 * sides are told; it comes up again after a while. {@link FrameFaults} decide about every single frame, so that a test
 * can hit each message of a protocol.
 * <p>
 * A host with something to {@link #drain} is polled. Not thread safe.
 */
public final class SimChannel
{
    /** The most frames that wait or are under way, per direction. */
    public static final int MAX_FRAMES = 4096;
    /** Delay of a channel that was not told otherwise, in nanoseconds. */
    public static final long DEFAULT_DELAY_NS = 200_000;
    /** How long a broken channel stays down unless told otherwise, in nanoseconds. */
    public static final long DEFAULT_RECONNECT_NS = 100_000_000;

    private final SimWorld world;
    private final Side[] sides;
    private FrameFaults faults = FrameFaults.NONE;
    private long delayNs = DEFAULT_DELAY_NS;
    private long reconnectNs = DEFAULT_RECONNECT_NS;
    private long lateNs = 10 * DEFAULT_DELAY_NS;
    private boolean up;
    private int incarnation;
    private long lost;

    SimChannel(final SimWorld world, final SimHost a, final SimHost b)
    {
        this.world = world;
        sides = new Side[] {new Side(a), new Side(b)};
        a.attach(this);
        b.attach(this);
        connect();
    }

    /**
     * Time from one side to the other.
     *
     * @param delayNs of every frame; a reordered one takes ten times as long, and 1 ms more.
     * @return this.
     */
    public SimChannel delay(final long delayNs)
    {
        this.delayNs = Math.max(0, delayNs);
        this.lateNs = 10 * this.delayNs + 1_000_000;
        return this;
    }

    /**
     * How long the channel stays down after it broke or a host was started.
     *
     * @param reconnectNs until it comes up by itself; {@link Long#MAX_VALUE} to wait for {@link #connect()}.
     * @return this.
     */
    public SimChannel reconnectAfter(final long reconnectNs)
    {
        this.reconnectNs = reconnectNs;
        return this;
    }

    /**
     * Decide about frames from now on.
     *
     * @param faults to be asked.
     * @return this.
     */
    public SimChannel faults(final FrameFaults faults)
    {
        this.faults = faults;
        return this;
    }

    /**
     * Is the channel up?
     *
     * @return false while it is broken.
     */
    public boolean isUp()
    {
        return up;
    }

    /**
     * Frames that were lost: dropped, under way when the channel broke, or not read by a host that crashed.
     *
     * @return how many.
     */
    public long lost()
    {
        return lost;
    }

    /**
     * Frames that a side has sent.
     *
     * @param side 0 or 1.
     * @return how many, lost ones included.
     */
    public int sent(final int side)
    {
        return sides[side].sent;
    }

    /** Come up now, if it is down and neither host has crashed. */
    public void connect()
    {
        if (!up && !sides[0].crashed && !sides[1].crashed)
        {
            up = true;
            incarnation++;
            tell(Kind.CONNECTED);
        }
    }

    /** Break now, if it is up; it comes up again by itself. */
    public void disconnect()
    {
        if (up)
        {
            breakDown();
            reconnectLater();
        }
    }

    /**
     * Send a frame.
     *
     * @param side   0 or 1: who sends.
     * @param frame  buffer that holds it; copied.
     * @param offset of it.
     * @param length of it in bytes.
     * @return false when the channel is down or full; nothing was sent then.
     */
    public boolean send(final int side, final DirectBuffer frame, final int offset, final int length)
    {
        final Side from = sides[side];
        final Side to = sides[1 - side];
        if (!up || to.waiting() >= MAX_FRAMES)
        {
            return false;
        }
        world.mix(side);
        world.mix(frame, offset, length);
        final FrameFault fault = faults.decide(side, from.sent++, frame, offset, length);
        switch (fault)
        {
            case NONE:
                fly(to, frame, offset, length, false, false);
                break;
            case DROP:
                lost++;
                break;
            case DUPLICATE:
                fly(to, frame, offset, length, false, false);
                fly(to, frame, offset, length, false, false);
                break;
            case REORDER:
                fly(to, frame, offset, length, true, false);
                break;
            case DISCONNECT:
                lost++;
                disconnect();
                break;
            case DELIVER_THEN_DISCONNECT:
                fly(to, frame, offset, length, false, true);
                break;
        }
        return true;
    }

    /**
     * Take what has happened since the last call.
     *
     * @param side    0 or 1: who asks.
     * @param handler to be told, in order.
     * @param limit   most events to take.
     * @return how many were taken.
     */
    public int drain(final int side, final Handler handler, final int limit)
    {
        final ArrayDeque<Frame> inbox = sides[side].inbox;
        int taken = 0;
        while (taken < limit && !inbox.isEmpty())
        {
            final Frame frame = inbox.pollFirst();
            taken++;
            switch (frame.kind)
            {
                case CONNECTED:
                    handler.onConnected();
                    break;
                case DISCONNECTED:
                    handler.onDisconnected();
                    break;
                case FRAME:
                    handler.onFrame(frame.bytes, 0, frame.bytes.capacity());
                    break;
            }
        }
        return taken;
    }

    boolean hasInput(final SimHost host)
    {
        return sides[0].host == host && !sides[0].inbox.isEmpty() || sides[1].host == host && !sides[1].inbox.isEmpty();
    }

    void hostCrashed(final SimHost host)
    {
        for (final Side side : sides)
        {
            side.crashed |= side.host == host;
        }
        if (up)
        {
            breakDown();
            reconnectLater();
        }
        for (final Side side : sides)
        {
            if (side.host == host)
            {
                lost += side.frames();
                side.inbox.clear();
            }
        }
    }

    void hostStarted(final SimHost host)
    {
        for (final Side side : sides)
        {
            side.crashed &= side.host != host;
        }
        if (!up)
        {
            reconnectLater();
        }
    }

    private void breakDown()
    {
        up = false;
        tell(Kind.DISCONNECTED);
    }

    private void reconnectLater()
    {
        if (reconnectNs != Long.MAX_VALUE)
        {
            final int broken = incarnation;
            world.after(reconnectNs, () ->
            {
                if (incarnation == broken)
                {
                    connect();
                }
            });
        }
    }

    private void tell(final Kind kind)
    {
        for (final Side side : sides)
        {
            if (!side.crashed)
            {
                side.inbox.addLast(new Frame(side, kind, null, false));
            }
        }
    }

    private void fly(
        final Side to,
        final DirectBuffer source,
        final int offset,
        final int length,
        final boolean late,
        final boolean last)
    {
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[length]);
        bytes.putBytes(0, source, offset, length);
        long arrivalNs = Math.max(world.nowNs() + delayNs, to.lastArrivalNs);
        if (late)
        {
            arrivalNs += lateNs;
        }
        else
        {
            to.lastArrivalNs = arrivalNs;
        }
        to.flying++;
        world.queue().schedule(new Frame(to, Kind.FRAME, bytes, last), arrivalNs);
    }

    /** Is told what happened on one side of a channel, in order. */
    public interface Handler
    {
        /** The channel came up. */
        void onConnected();

        /** The channel broke; what was under way is lost. */
        void onDisconnected();

        /**
         * A frame has come.
         *
         * @param buffer that holds it; a copy that stays as it is.
         * @param offset of the frame.
         * @param length of the frame in bytes.
         */
        void onFrame(DirectBuffer buffer, int offset, int length);
    }

    private enum Kind
    {
        CONNECTED,
        DISCONNECTED,
        FRAME
    }

    private static final class Side
    {
        private final SimHost host;
        private final ArrayDeque<Frame> inbox = new ArrayDeque<>();
        private long lastArrivalNs = Long.MIN_VALUE;
        private int flying;
        private int sent;
        private boolean crashed;

        Side(final SimHost host)
        {
            this.host = host;
        }

        int waiting()
        {
            return flying + inbox.size();
        }

        long frames()
        {
            return inbox.stream().filter((frame) -> frame.kind == Kind.FRAME).count();
        }
    }

    private final class Frame extends SimEvent
    {
        private final Side to;
        private final Kind kind;
        private final UnsafeBuffer bytes;
        private final boolean last;
        private final int sentIn = incarnation;

        Frame(final Side to, final Kind kind, final UnsafeBuffer bytes, final boolean last)
        {
            this.to = to;
            this.kind = kind;
            this.bytes = bytes;
            this.last = last;
        }

        @Override
        void run()
        {
            to.flying--;
            if (!up || sentIn != incarnation)
            {
                lost++;
                return;
            }
            to.inbox.addLast(this);
            if (last)
            {
                disconnect();
            }
        }

        @Override
        String describe()
        {
            return "arrival of a control frame at " + to.host.name();
        }
    }
}
