package dev.baton.stack.sim.campaign;

import dev.baton.stack.Packet;
import dev.baton.stack.sim.PcapngTap;
import dev.baton.stack.sim.SimHost;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimRandom;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.sim.check.FlowKey;
import dev.baton.stack.sim.check.ShardCheck;
import dev.baton.stack.sim.check.Violation;
import dev.baton.stack.sim.check.WireCheck;
import dev.baton.stack.wire.TcpHeader;

import java.util.ArrayList;
import java.util.List;

/**
 * One plan, run to its end or to the first thing that does not hold. After every event the hosts that it touched are
 * checked; what hosts send is checked as they send it.
 */
final class CampaignRun implements Mover.Book
{
    /** A run that takes more events does not come to rest. */
    private static final long MAX_EVENTS = 2_000_000;
    /** So many events at one instant mean that a shard wants to be polled for ever. */
    private static final int MAX_EVENTS_NOW = 20_000;
    private static final long SECOND_NS = 1_000_000_000L;
    /** What is outstanding when faults end is sent again after at most 120 s (RFC 6298, 5.5), a few times in a row. */
    private static final long PROGRESS_NS = 1_200 * SECOND_NS;
    /** Longest TIME-WAIT and FIN-WAIT-2, and some. */
    private static final long REST_NS = 300 * SECOND_NS;
    private static final long LATER_NS = 50_000_000L;

    private final Plan plan;
    private final SimWorld world;
    private final Steer steer = new Steer();
    private final List<Site> sites = new ArrayList<>();
    private final List<SiteHost> hosts = new ArrayList<>();
    private final List<Traffic> traffic = new ArrayList<>();
    private final ShardCheck shards = new ShardCheck();
    private final WireCheck wire = new WireCheck();
    private final TcpHeader tcp = new TcpHeader();
    private final Mover mover = new Mover(this);
    private final PcapngTap tap;
    private Faults faults;
    private long lastNs;
    private int eventsNow;

    CampaignRun(final Plan plan, final PcapngTap tap)
    {
        this.plan = plan;
        this.tap = tap;
        world = new SimWorld(plan.seed());
    }

    Verdict run(final List<String> without)
    {
        Throwable failure = null;
        try
        {
            build();
            play();
        }
        catch (final RuntimeException | AssertionError | StackOverflowError ex)
        {
            failure = ex;
        }
        final String invariant = failure == null ? "" :
            failure instanceof Violation violation ? violation.invariant() : Violation.NO_FAULT;
        return new Verdict(plan.seed(), failure == null, world.hash(), world.events(), world.nowNs(), wire.segments(),
            mover.moves(), invariant, failure == null ? "" : failure.toString(), List.copyOf(without), failure);
    }

    private void build()
    {
        for (final SitePlan sitePlan : plan.sites())
        {
            final Site site = new Site(sitePlan, steer, SimRandom.mix(plan.seed() + sitePlan.index()));
            sites.add(site);
            steer.add(site);
            for (int i = 0; i < sitePlan.hosts(); i++)
            {
                addHost(site, i);
            }
        }
        world.network().steer(steer);
        world.network().tap(this::onPacket);
        if (tap != null)
        {
            world.network().tap(tap);
        }
        plan.flows().forEach((flow) ->
            traffic.add(new Traffic(flow, sites.get(flow.client()), sites.get(flow.server()), this)));
        if (sites.stream().anyMatch(Site::sendsCookies))
        {
            wire.allowCookies();
        }
        faults = new Faults(plan, sites, traffic, world.network(), mover, this);
        world.afterEvent(this::afterEvent);
    }

    private void addHost(final Site site, final int number)
    {
        final SimHost simHost = world.host("s" + site.plan.index() + "h" + number);
        final SimLink link = simHost.link(site.v4, site.v6).mtu(site.plan.mtu());
        if (site.plan.offload())
        {
            link.offload(Packet.MAX_LENGTH, true);
        }
        final SiteHost host = new SiteHost(site, number, simHost, link, world.random());
        site.hosts.add(host);
        hosts.add(host);
        host.boot();
        simHost.start(host);
    }

    private void play()
    {
        until(Plan.HEAL_NS);
        if (!plan.liveness())
        {
            until(2 * Plan.HEAL_NS);
            world.checkPoolBalance();
            return;
        }
        final long limitNs = Plan.HEAL_NS + PROGRESS_NS;
        while (!coreIsDone() && world.nowNs() < limitNs && step())
        {
            limitEvents();
        }
        traffic.stream().filter(this::mustEnd).forEach((flow) -> that(flow.isComplete(), Violation.PROGRESS,
            "no progress within " + (world.nowNs() - Plan.HEAL_NS) / SECOND_NS + " s after faults ended: " +
            flow.describe()));
        until(world.nowNs() + REST_NS);
        world.checkPoolBalance();
        hosts.stream().filter((host) -> host.site.plan.core() && traffic.stream().allMatch((flow) ->
            !flow.plan.touches(host.site.plan.index()) || mustEnd(flow))).forEach(this::atRest);
    }

    private void until(final long timeNs)
    {
        world.at(timeNs, () -> {});
        while (world.nowNs() < timeNs && step())
        {
            limitEvents();
        }
    }

    private boolean step()
    {
        return world.step();
    }

    private void limitEvents()
    {
        that(world.events() < MAX_EVENTS, Violation.PROGRESS, "the world does not come to rest");
        eventsNow = world.nowNs() == lastNs ? eventsNow + 1 : 0;
        lastNs = world.nowNs();
        that(eventsNow < MAX_EVENTS_NOW, Violation.PROGRESS, "virtual time stands still at " + lastNs + " ns");
    }

    private boolean coreIsDone()
    {
        for (int i = 0; i < traffic.size(); i++)
        {
            if (mustEnd(traffic.get(i)) && !traffic.get(i).isOver())
            {
                return false;
            }
        }
        return true;
    }

    private boolean mustEnd(final Traffic flow)
    {
        return !flow.mayFail() && flow.client.plan.core() && flow.server.plan.core();
    }

    private void atRest(final SiteHost host)
    {
        that(host.stack.connectionCount() == 0, Violation.PROGRESS,
            host.stack.connectionCount() + " connections are left in " + host.host.name());
        that(host.stack.tcp().bufferPool().acquiredBytes() == 0, Violation.BOUNDED,
            host.stack.tcp().bufferPool().acquiredBytes() + " bytes of the pool are not given back in " + host.host.name());
    }

    private void afterEvent()
    {
        faults.afterEvent();
        for (int i = 0; i < hosts.size(); i++)
        {
            final SiteHost host = hosts.get(i);
            if (host.touched && host.host.isUp())
            {
                world.note(shards.check(host.stack, world.nowNs() + host.skewNs));
            }
            host.touched = false;
        }
    }

    private void onPacket(final SimLink link, final boolean sent, final Packet packet, final long nowNs)
    {
        if (!sent)
        {
            wire.onPacket(link, false, packet, nowNs);
            return;
        }
        final Site site = steer.site(packet.srcLo(), packet.srcHi());
        final SiteHost host = hosts.get(link.id());
        if (site != host.site)
        {
            // Sent on for another host of the site.
            return;
        }
        if (packet.protocol() == TcpHeader.PROTOCOL)
        {
            final FlowKey key = FlowKey.ofSender(packet, tcp.wrap(packet.buffer(), packet.l4Offset()));
            that(site.ownerOf(key) == host.number, Violation.ONE_SPEAKER,
                host.host.name() + " speaks for " + key + ", which is with host " + site.ownerOf(key));
        }
        wire.onPacket(link, true, packet, nowNs);
    }

    private static void that(final boolean holds, final String invariant, final String what)
    {
        if (!holds)
        {
            throw new Violation(invariant, what);
        }
    }

    @Override
    public long nowNs()
    {
        return world.nowNs();
    }

    @Override
    public void after(final long delayNs, final Runnable action)
    {
        world.after(delayNs, action);
    }

    @Override
    public void later(final long delayNs, final Peer peer, final Runnable action)
    {
        world.after(delayNs, () -> act(peer, action));
    }

    private void act(final Peer peer, final Runnable action)
    {
        if (peer.isOver())
        {
            return;
        }
        final Site site = steer.site(peer.key.localLo(), peer.key.localHi());
        final int owner = site.ownerOf(peer.key);
        if (peer.connection != null && owner != Site.NOBODY && site.hosts.get(owner).isRunning())
        {
            site.hosts.get(owner).touched = true;
            action.run();
        }
        else if (world.nowNs() < 2 * Plan.HEAL_NS)
        {
            later(LATER_NS, peer, action);
        }
    }

    @Override
    public Traffic traffic(final FlowKey key)
    {
        for (int i = 0; i < traffic.size(); i++)
        {
            if (traffic.get(i).concerns(key))
            {
                return traffic.get(i);
            }
        }
        return null;
    }

    @Override
    public void remark(final String text)
    {
        if (tap != null)
        {
            tap.comment("event " + world.events() + ": " + text);
        }
    }
}
