package dev.baton.stack.sim;

import dev.baton.stack.Packet;
import org.agrona.DirectBuffer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A world in which shards run: a virtual clock, one event queue as the only scheduler, one counted source of chance,
 * and a rolling hash over all that happens. Everything in it follows from the seed and from what the test does: the
 * same seed twice gives the same {@link #hash()}, or something reads a clock, a hash order or a source of chance of its
 * own.
 * <pre>
 *   world = new SimWorld(seed);
 *   host  = world.host("front");
 *   link  = host.link(IpAddress.parse("198.18.0.1"));
 *   host.start(new NetStack(context, link));
 *   ...
 *   assertTrue(world.runUntil(() -&gt; done, deadlineNs));
 * </pre>
 * Before every event each host is asked for its deadline, so calls into a shard from outside of its poll are noticed.
 * Not thread safe.
 */
public final class SimWorld
{
    /** So many events at one instant mean that the world hangs. */
    public static final int MAX_EVENTS_PER_INSTANT = 1_000_000;

    private final EventQueue queue = new EventQueue();
    private final List<SimHost> hosts = new ArrayList<>();
    private final SimRandom random;
    private final SimPacketPool pool = new SimPacketPool();
    private final SimNetwork network;
    private final long seed;
    private PollObserver observer;
    private Runnable afterEvent;
    private long nowNs;
    private long hash;
    private long events;
    private int eventsNow;

    /**
     * A world whose clock stands at 0.
     *
     * @param seed of all chance in it.
     */
    public SimWorld(final long seed)
    {
        this(seed, 0);
    }

    /**
     * A world.
     *
     * @param seed    of all chance in it.
     * @param startNs where its clock starts; any long, since only differences count.
     */
    public SimWorld(final long seed, final long startNs)
    {
        this.seed = seed;
        this.nowNs = startNs;
        this.hash = SimRandom.mix(seed);
        this.random = new SimRandom(seed);
        this.network = new SimNetwork(this);
    }

    /**
     * The clock.
     *
     * @return virtual nanoseconds.
     */
    public long nowNs()
    {
        return nowNs;
    }

    /**
     * The seed, to be printed with every failure.
     *
     * @return as given to the constructor.
     */
    public long seed()
    {
        return seed;
    }

    /**
     * The world's source of chance, also for what a test draws.
     *
     * @return the only one.
     */
    public SimRandom random()
    {
        return random;
    }

    /**
     * The network that joins the hosts.
     *
     * @return the only one.
     */
    public SimNetwork network()
    {
        return network;
    }

    /**
     * Hash over all events so far and the number of draws.
     *
     * @return equal for equal histories.
     */
    public long hash()
    {
        return SimRandom.mix(hash ^ random.draws());
    }

    /**
     * Events that have happened.
     *
     * @return how many.
     */
    public long events()
    {
        return events;
    }

    /**
     * Make a host. It does nothing until {@link SimHost#start(SimNode)}.
     *
     * @param name for messages and captures.
     * @return the new host.
     */
    public SimHost host(final String name)
    {
        final SimHost host = new SimHost(this, name, hosts.size());
        hosts.add(host);
        return host;
    }

    /**
     * Make a control channel between two hosts; it is up at once.
     *
     * @param a side 0.
     * @param b side 1.
     * @return the new channel.
     */
    public SimChannel channel(final SimHost a, final SimHost b)
    {
        return new SimChannel(this, a, b);
    }

    /**
     * Be told after each poll of a host: the place for invariant checkers.
     *
     * @param observer to be told; null for nobody.
     */
    public void observer(final PollObserver observer)
    {
        this.observer = observer;
    }

    /**
     * Be told after each event of any kind: a poll, an arrival, an action.
     *
     * @param afterEvent to run; null for nothing.
     */
    public void afterEvent(final Runnable afterEvent)
    {
        this.afterEvent = afterEvent;
    }

    /**
     * Let a value count in {@link #hash()}: a digest of state, so that two runs that differ are told apart where they
     * begin to, and not only where it shows.
     *
     * @param value any.
     */
    public void note(final long value)
    {
        mix(value);
    }

    /**
     * Do something at a time.
     *
     * @param timeNs when; a past time means now.
     * @param action to run.
     */
    public void at(final long timeNs, final Runnable action)
    {
        queue.schedule(new Action(action), Math.max(timeNs, nowNs));
    }

    /**
     * Do something after a while.
     *
     * @param delayNs how long from now.
     * @param action  to run.
     */
    public void after(final long delayNs, final Runnable action)
    {
        at(nowNs + delayNs, action);
    }

    /**
     * Let the next event happen.
     *
     * @return false when none waits.
     */
    public boolean step()
    {
        refresh();
        final SimEvent event = queue.pop();
        if (event == null)
        {
            return false;
        }
        eventsNow = event.timeNs == nowNs ? eventsNow + 1 : 0;
        if (eventsNow > MAX_EVENTS_PER_INSTANT)
        {
            throw new IllegalStateException("virtual time stands still at " + nowNs + " ns (seed " + seed +
                "), last event: " + event.describe() + "; nextDeadlineNs() must lie ahead once nothing is due");
        }
        nowNs = event.timeNs;
        events++;
        mix(nowNs);
        event.run();
        if (afterEvent != null)
        {
            afterEvent.run();
        }
        return true;
    }

    /**
     * Let everything happen up to a time, and set the clock to it.
     *
     * @param untilNs when to stop; events of that very time still happen.
     */
    public void run(final long untilNs)
    {
        while (nextTimeNs() <= untilNs)
        {
            step();
        }
        nowNs = Math.max(nowNs, untilNs);
    }

    /**
     * Let things happen until a condition holds; it is looked at before each event.
     *
     * @param condition  to wait for.
     * @param deadlineNs when to give up.
     * @return false when the deadline came first, or nothing waits to happen any more; the condition did not hold then.
     */
    public boolean runUntil(final BooleanSupplier condition, final long deadlineNs)
    {
        while (!condition.getAsBoolean())
        {
            if (nextTimeNs() > deadlineNs)
            {
                nowNs = Math.max(nowNs, deadlineNs);
                return false;
            }
            step();
        }
        return true;
    }

    /**
     * Packets that are somewhere between two hosts, or in an inbox.
     *
     * @return how many buffers of the pool are out.
     */
    public int packetsOut()
    {
        return pool.out();
    }

    /**
     * Count the packets that the network can account for against those that the pool handed out.
     *
     * @throws IllegalStateException when a buffer is lost.
     */
    public void checkPoolBalance()
    {
        final int found = network.packetsInFlight();
        if (found != pool.out())
        {
            throw new IllegalStateException("packet pool out of balance: " + pool.out() + " buffers are out, " + found +
                " are in the network (seed " + seed + ")");
        }
    }

    SimPacketPool pool()
    {
        return pool;
    }

    EventQueue queue()
    {
        return queue;
    }

    void mix(final long value)
    {
        hash = (hash ^ value) * 0x9E37_79B9_7F4A_7C15L;
        hash ^= hash >>> 32;
    }

    void mix(final DirectBuffer buffer, final int offset, final int length)
    {
        int at = offset;
        final int end = offset + length;
        for (; at + 8 <= end; at += 8)
        {
            mix(buffer.getLong(at));
        }
        for (; at < end; at++)
        {
            mix(buffer.getByte(at));
        }
    }

    void polled(final SimHost host, final int work)
    {
        mix(host.id());
        mix(work);
        if (observer != null)
        {
            observer.afterPoll(host, nowNs);
        }
    }

    void tellFailure(final Throwable failure, final SimHost host)
    {
        failure.addSuppressed(new IllegalStateException("in host " + host.name() + " at " + nowNs + " ns, event " +
            events + ", seed " + seed));
    }

    /** Greatest packet that the network carries, in bytes, headroom included. */
    static int maxBufferBytes()
    {
        return Packet.HEADROOM + Packet.MAX_LENGTH;
    }

    private long nextTimeNs()
    {
        refresh();
        return queue.size() == 0 ? Long.MAX_VALUE : queue.nextTimeNs();
    }

    private void refresh()
    {
        for (int i = 0; i < hosts.size(); i++)
        {
            hosts.get(i).refresh();
        }
    }

    /** Is told after each poll. */
    @FunctionalInterface
    public interface PollObserver
    {
        /**
         * A host was polled.
         *
         * @param host  that was polled.
         * @param nowNs time of the poll.
         */
        void afterPoll(SimHost host, long nowNs);
    }

    private static final class Action extends SimEvent
    {
        private final Runnable action;

        Action(final Runnable action)
        {
            this.action = action;
        }

        @Override
        void run()
        {
            action.run();
        }

        @Override
        String describe()
        {
            return "an action of the test";
        }
    }
}
