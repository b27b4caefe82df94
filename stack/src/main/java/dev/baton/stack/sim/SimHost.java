package dev.baton.stack.sim;

import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A host of a {@link SimWorld}: something that is polled, its links, and the ways in which a machine can fail. A paused
 * host does not run while packets pile up at its links; a crashed one loses everything and can be started anew.
 */
public final class SimHost
{
    private final SimWorld world;
    private final String name;
    private final int id;
    private final List<SimLink> links = new ArrayList<>();
    private final List<SimChannel> channels = new ArrayList<>();
    private final SimEvent poll = new Poll();
    private SimNode node;
    private boolean paused;

    SimHost(final SimWorld world, final String name, final int id)
    {
        this.world = world;
        this.name = name;
        this.id = id;
    }

    /**
     * The host's name.
     *
     * @return as given.
     */
    public String name()
    {
        return name;
    }

    /**
     * Add a link to the network.
     *
     * @param addresses that the network routes to it.
     * @return the new link: MTU 1500, no offload until told otherwise.
     */
    public SimLink link(final IpAddress... addresses)
    {
        final SimLink link = world.network().attach(this, name + "/" + links.size());
        links.add(link);
        for (final IpAddress address : addresses)
        {
            world.network().route(address, link);
        }
        return link;
    }

    /**
     * The host's links.
     *
     * @return in the order in which they were added.
     */
    public List<SimLink> links()
    {
        return Collections.unmodifiableList(links);
    }

    /**
     * Start the host, for the first time or after a crash.
     *
     * @param node what runs on it.
     * @return this.
     * @throws IllegalStateException when something runs on it.
     */
    public SimHost start(final SimNode node)
    {
        if (this.node != null)
        {
            throw new IllegalStateException("host " + name + " runs already; crash it first");
        }
        this.node = node;
        paused = false;
        channels.forEach((channel) -> channel.hostStarted(this));
        refresh();
        return this;
    }

    /** Stop polling; packets and frames wait. */
    public void pause()
    {
        paused = true;
        refresh();
    }

    /** Poll again. */
    public void resume()
    {
        paused = false;
        refresh();
    }

    /** Lose all: what ran here is forgotten, what waits at the links is dropped, control channels break. */
    public void crash()
    {
        node = null;
        links.forEach(SimLink::clear);
        channels.forEach((channel) -> channel.hostCrashed(this));
        refresh();
    }

    /**
     * Is there something that runs, paused or not?
     *
     * @return false before the start and after a crash.
     */
    public boolean isUp()
    {
        return node != null;
    }

    /**
     * Is the host paused?
     *
     * @return true between {@link #pause()} and {@link #resume()}.
     */
    public boolean isPaused()
    {
        return paused;
    }

    int id()
    {
        return id;
    }

    void attach(final SimChannel channel)
    {
        channels.add(channel);
    }

    /** Put the poll where the node's deadline and the inboxes want it. */
    void refresh()
    {
        if (node == null || paused)
        {
            world.queue().remove(poll);
            return;
        }
        final long deadlineNs = hasInput() ? world.nowNs() : node.nextDeadlineNs();
        if (deadlineNs == Long.MAX_VALUE)
        {
            world.queue().remove(poll);
        }
        else
        {
            world.queue().schedule(poll, Math.max(deadlineNs, world.nowNs()));
        }
    }

    private boolean hasInput()
    {
        for (int i = 0; i < links.size(); i++)
        {
            if (links.get(i).hasInput())
            {
                return true;
            }
        }
        for (int i = 0; i < channels.size(); i++)
        {
            if (channels.get(i).hasInput(this))
            {
                return true;
            }
        }
        return false;
    }

    private final class Poll extends SimEvent
    {
        @Override
        void run()
        {
            try
            {
                world.polled(SimHost.this, node.poll(world.nowNs()));
            }
            catch (final RuntimeException | Error ex)
            {
                world.tellFailure(ex, SimHost.this);
                throw ex;
            }
        }

        @Override
        String describe()
        {
            return "poll of host " + name;
        }
    }
}
