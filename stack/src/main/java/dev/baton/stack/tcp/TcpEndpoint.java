package dev.baton.stack.tcp;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import dev.baton.stack.ShardRandom;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounters;
import dev.baton.stack.intercept.InterceptorChain;
import dev.baton.stack.ip.IcmpErrorListener;
import dev.baton.stack.ip.IpOutput;
import dev.baton.stack.ip.LocalAddresses;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;

import java.util.function.Consumer;

/** The shard's TCP. */
public final class TcpEndpoint
{
    private final ShardRandom random;

    /**
     * The TCP of a shard.
     *
     * @param context   concluded.
     * @param link      of the shard, for its capabilities.
     * @param addresses of the shard.
     * @param chain     that every segment passes.
     * @param output    builds IP headers.
     * @param counters  to be raised.
     */
    public TcpEndpoint(
        final StackContext context,
        final Link link,
        final LocalAddresses addresses,
        final InterceptorChain chain,
        final IpOutput output,
        final StackCounters counters)
    {
        random = new ShardRandom(context.seed());
    }

    /** Begin. @param nowNs now. */
    public void begin(final long nowNs)
    {
    }

    /** Tick. @param nowNs now. @return work. */
    public int tickServices(final long nowNs)
    {
        return 0;
    }

    /** Timers. @param nowNs now. @return work. */
    public int runTimers(final long nowNs)
    {
        return 0;
    }

    /** Settle. @param nowNs now. @return work. */
    public int settle(final long nowNs)
    {
        return 0;
    }

    /** Deadline. @return a time. */
    public long nextDeadlineNs()
    {
        return Long.MAX_VALUE;
    }

    Listener listen0()
    {
        return null;
    }

    /** Listen. @param address a. @param port p. @param service s. @return listener. */
    public Listener listen(final IpAddress address, final int port, final TcpService service)
    {
        return new Listener(address, port, service);
    }

    /** Unlisten. @param listener l. */
    public void unlisten(final Listener listener)
    {
    }

    /** Connect. @param l l. @param lp lp. @param r r. @param rp rp. @param h h. @param n n. @return c. */
    public TcpConnection connect(
        final IpAddress l, final int lp, final IpAddress r, final int rp, final TcpService h, final long n)
    {
        return null;
    }

    /** Segment. @param packet p. @param nowNs now. */
    public void onSegment(final Packet packet, final long nowNs)
    {
    }

    /** Indicate. @param connection c. */
    public void indicate(final TcpConnection connection)
    {
    }

    /** Has. @param a a. @param b b. @param c c. @param d d. @param e e. @param f f. @return true when. */
    public boolean hasConnection(
        final long a, final long b, final int c, final long d, final long e, final int f)
    {
        return false;
    }

    /** Find. @param a a. @param b b. @param c c. @param d d. @param e e. @param f f. @return c. */
    public TcpConnection connection(
        final long a, final long b, final int c, final long d, final long e, final int f)
    {
        return null;
    }

    /** Next. @param a a. @param b b. @param c c. @param d d. @param e e. @param f f. @param g g. @return n. */
    public int receiveNext(
        final long a, final long b, final int c, final long d, final long e, final int f, final int g)
    {
        return g;
    }

    /** Random. @return r. */
    public ShardRandom random()
    {
        return random;
    }

    /** Count. @return n. */
    public int connectionCount()
    {
        return 0;
    }

    /** Visit. @param visitor v. */
    public void forEachConnection(final Consumer<Tcb> visitor)
    {
    }

    /** Errors. @return l. */
    public IcmpErrorListener icmpErrorListener()
    {
        return null;
    }

    void markDirty(final Tcb tcb)
    {
    }

    void writeFellShort(final Tcb tcb)
    {
    }
}
