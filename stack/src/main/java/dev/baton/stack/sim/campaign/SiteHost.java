package dev.baton.stack.sim.campaign;

import dev.baton.stack.Link;
import dev.baton.stack.NetStack;
import dev.baton.stack.Packet;
import dev.baton.stack.sim.SimHost;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimNode;
import dev.baton.stack.sim.SimRandom;
import dev.baton.stack.sim.Steering;

/**
 * A host of a site: a shard with a clock of its own, which sends on what has come to it for a connection that another
 * host of the site has by now. Each start is a new shard with another clock.
 */
final class SiteHost implements SimNode
{
    final Site site;
    final int number;
    final SimHost host;
    final SimLink link;
    NetStack stack;
    long skewNs;
    /** Has something been done to the shard since it was last checked? */
    boolean touched;

    private final Port port = new Port();
    private final SimRandom random;

    SiteHost(final Site site, final int number, final SimHost host, final SimLink link, final SimRandom random)
    {
        this.site = site;
        this.number = number;
        this.host = host;
        this.link = link;
        this.random = random;
    }

    /** Start a shard with nothing in it. */
    void boot()
    {
        skewNs = random.nextLong(1L << 50) - (1L << 49);
        stack = new NetStack(site.context(random.nextLong()), port);
        site.listenOn(stack);
        touched = true;
    }

    /** Can somebody call the shard now? */
    boolean isRunning()
    {
        return host.isUp() && !host.isPaused();
    }

    @Override
    public int poll(final long nowNs)
    {
        touched = true;
        return stack.poll(nowNs + skewNs);
    }

    @Override
    public long nextDeadlineNs()
    {
        final long deadlineNs = stack.nextDeadlineNs();
        return deadlineNs == Long.MAX_VALUE ? deadlineNs : deadlineNs - skewNs;
    }

    /** The host's link, without what is for others. */
    private final class Port implements Link
    {
        @Override
        public boolean receive(final Packet packet)
        {
            while (link.receive(packet))
            {
                final int owner = site.steer().link(packet);
                if (owner == Steering.BY_ROUTE || owner == link.id())
                {
                    return true;
                }
                if (owner != Steering.NOWHERE)
                {
                    link.transmit(packet);
                }
            }
            return false;
        }

        @Override
        public boolean transmit(final Packet packet)
        {
            return link.transmit(packet);
        }

        @Override
        public int mtu()
        {
            return link.mtu();
        }

        @Override
        public int maxGsoBytes()
        {
            return link.maxGsoBytes();
        }

        @Override
        public boolean checksumOffload()
        {
            return link.checksumOffload();
        }
    }
}
