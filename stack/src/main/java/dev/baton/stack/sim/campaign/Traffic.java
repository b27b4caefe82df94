package dev.baton.stack.sim.campaign;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.sim.check.FlowKey;
import dev.baton.stack.sim.check.Violation;
import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The connections of one {@link FlowPlan}: opens them one after the other, and serves them. */
final class Traffic implements TcpService
{
    private static final long RETRY_NS = 1_000_000_000L;
    private static final int MAX_TRIES = 200;

    final FlowPlan plan;
    final Site client;
    final Site server;
    /** Were connections lost by a host that lost its memory? */
    boolean excused;

    private final World world;
    private final Map<FlowKey, Peer> servers = new LinkedHashMap<>();
    private final List<Peer> clients = new ArrayList<>();
    private final List<Peer> served = new ArrayList<>();
    private int tries;

    /** What traffic needs of the world. */
    interface World extends Peer.Clock
    {
        /**
         * Do something later, whoever runs.
         *
         * @param delayNs from now.
         * @param action  to run.
         */
        void after(long delayNs, Runnable action);

        /**
         * The time.
         *
         * @return virtual nanoseconds.
         */
        long nowNs();
    }

    Traffic(final FlowPlan plan, final Site client, final Site server, final World world)
    {
        this.plan = plan;
        this.client = client;
        this.server = server;
        this.world = world;
        if (plan.kind() != FlowPlan.Kind.SIMULTANEOUS)
        {
            server.listen(plan.serverPort(), this);
        }
        world.after(plan.startNs(), this::open);
    }

    private void open()
    {
        final int port = plan.clientPort(clients.size());
        final FlowKey key = key(client, port, server, plan.serverPort());
        if (connect(client, key))
        {
            tries = 0;
            if (plan.kind() == FlowPlan.Kind.SIMULTANEOUS)
            {
                openBack(key.peer());
            }
        }
        else if (tries++ < MAX_TRIES)
        {
            world.after(RETRY_NS, this::open);
        }
        else
        {
            throw new Violation(Violation.PROGRESS, "no connection can be opened any more: " + plan);
        }
    }

    private void openBack(final FlowKey key)
    {
        if (!connect(server, key) && tries++ < MAX_TRIES)
        {
            world.after(RETRY_NS / 1000, () -> openBack(key));
        }
    }

    private boolean connect(final Site from, final FlowKey key)
    {
        final SiteHost host = from.primaryHost();
        from.reclaim(key);
        if (!host.isRunning() || from.ownerOf(key) != from.primary || host.stack.hasConnection(key.localHi(),
            key.localLo(), key.localPort(), key.remoteHi(), key.remoteLo(), key.remotePort()))
        {
            return false;
        }
        final Peer peer = new Peer(plan, from == client, key, world);
        host.touched = true;
        try
        {
            peer.connection = host.stack.connect(new IpAddress(key.localHi(), key.localLo()), key.localPort(),
                new IpAddress(key.remoteHi(), key.remoteLo()), key.remotePort(), new Opened(peer),
                world.nowNs() + host.skewNs);
        }
        catch (final IllegalStateException full)
        {
            return false;
        }
        (from == client ? clients : served).add(peer);
        from.own(key, from.primary);
        return true;
    }

    private static FlowKey key(final Site from, final int fromPort, final Site to, final int toPort, final boolean v4)
    {
        final IpAddress local = from.address(v4);
        final IpAddress remote = to.address(v4);
        return new FlowKey(local.hi(), local.lo(), fromPort, remote.hi(), remote.lo(), toPort);
    }

    private FlowKey key(final Site from, final int fromPort, final Site to, final int toPort)
    {
        return key(from, fromPort, to, toPort, plan.v4());
    }

    /** Who serves a connection, after a move? */
    TcpService serviceOf(final FlowKey key)
    {
        for (int i = clients.size() - 1; i >= 0; i--)
        {
            if (clients.get(i).key.equals(key))
            {
                return new Opened(clients.get(i));
            }
        }
        for (int i = served.size() - 1; i >= 0; i--)
        {
            if (plan.kind() == FlowPlan.Kind.SIMULTANEOUS && served.get(i).key.equals(key))
            {
                return new Opened(served.get(i));
            }
        }
        return this;
    }

    /** The end of a connection that a flow's key means; null when there is none that is not over. */
    Peer peer(final FlowKey key)
    {
        final Peer known = servers.get(key);
        if (known != null)
        {
            return known.isOver() ? null : known;
        }
        return serviceOf(key) instanceof Opened opened && !opened.peer.isOver() ? opened.peer : null;
    }

    /** Do flows of this traffic have this port at this end? */
    boolean concerns(final FlowKey key)
    {
        return key.localPort() == plan.serverPort() || key.remotePort() == plan.serverPort();
    }

    /** Has everything come to its end, one way or the other? */
    boolean isOver()
    {
        return clients.size() == plan.connections() && clients.stream().allMatch(Peer::isOver) &&
            served.stream().allMatch(Peer::isOver);
    }

    /** Has every connection done all that was planned? */
    boolean isComplete()
    {
        return isOver() && clients.stream().allMatch((peer) -> peer.isComplete(isForgetful(server))) && served.stream()
            .filter((peer) -> peer.received > 0 || peer.sent > 0 || peer.closeReason == CloseReason.NORMAL)
            .allMatch((peer) -> peer.isComplete(isForgetful(client)));
    }

    /** May the traffic end otherwise than planned? */
    boolean mayFail()
    {
        return excused || plan.kind() == FlowPlan.Kind.ABORT || plan.kind() == FlowPlan.Kind.SIMULTANEOUS;
    }

    /**
     * May a site have forgotten a connection before the other end is through? In TIME-WAIT by its settings, in
     * FIN-WAIT-2 because the other end reads slowly.
     */
    private boolean isForgetful(final Site site)
    {
        return site.isForgetful() || plan.readChunk() > 0;
    }

    String describe()
    {
        final StringBuilder text = new StringBuilder(plan.toString());
        clients.forEach((peer) -> text.append("; ").append(peer.describe()));
        served.forEach((peer) -> text.append("; ").append(peer.describe()));
        return text.toString();
    }

    private void clientClosed(final Peer peer)
    {
        if (peer == clients.get(clients.size() - 1) && clients.size() < plan.connections())
        {
            world.after(RETRY_NS / 100, this::open);
        }
    }

    private void judge(final Peer peer)
    {
        final Site other = peer.isClient() ? server : client;
        if (peer.isClient() && peer.received == 0 && peer.closeReason == CloseReason.RESET && server.sendsCookies())
        {
            excused = true;
            return;
        }
        if (isForgetful(other) && peer.hasWrittenAll() && peer.closeReason == CloseReason.RESET)
        {
            // What has not been read yet is lost with a RST, though all of it has come.
            excused = true;
        }
        if (!mayFail() && !peer.isComplete(isForgetful(other)) && peer.accepted > 0)
        {
            throw new Violation(Violation.NO_RESET, "a connection ends with no reason: " + peer.describe() + "; " + plan);
        }
    }

    @Override
    public void onAccepted(final TcpConnection connection)
    {
        final IpAddress local = connection.localAddress();
        final IpAddress remote = connection.remoteAddress();
        final FlowKey key = new FlowKey(
            local.hi(), local.lo(), connection.localPort(), remote.hi(), remote.lo(), connection.remotePort());
        final Peer peer = new Peer(plan, false, key, world);
        servers.put(key, peer);
        served.add(peer);
        connection.attachment(peer);
        peer.onAccepted(connection);
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        of(connection).onReadable(connection);
    }

    @Override
    public void onWritable(final TcpConnection connection)
    {
        of(connection).onWritable(connection);
    }

    @Override
    public void onClosed(final TcpConnection connection, final CloseReason reason)
    {
        final Peer peer = of(connection);
        if (peer != null)
        {
            peer.onClosed(connection, reason);
            judge(peer);
        }
    }

    private static Peer of(final TcpConnection connection)
    {
        return (Peer)connection.attachment();
    }

    /** The service of a connection that was opened from here. */
    private final class Opened implements TcpService
    {
        private final Peer peer;

        Opened(final Peer peer)
        {
            this.peer = peer;
        }

        @Override
        public void onAccepted(final TcpConnection connection)
        {
            peer.onAccepted(connection);
        }

        @Override
        public void onReadable(final TcpConnection connection)
        {
            peer.onReadable(connection);
        }

        @Override
        public void onWritable(final TcpConnection connection)
        {
            peer.onWritable(connection);
        }

        @Override
        public void onClosed(final TcpConnection connection, final CloseReason reason)
        {
            peer.onClosed(connection, reason);
            if (clients.contains(peer))
            {
                judge(peer);
                clientClosed(peer);
            }
        }
    }
}
