package dev.baton.stack.sim.campaign;

import dev.baton.stack.Packet;
import dev.baton.stack.sim.SimNetwork;
import dev.baton.stack.sim.SimPath;

import java.util.List;
import java.util.function.Consumer;

/** Lets the faults of a plan happen, and takes them back from the core of sites when their time is over. */
final class Faults
{
    /** A connection that moves on before it was polled gets nowhere. */
    private static final int MAX_MOVES_NOW = 4;
    private static final long GRACE_NS = 1_000_000L;

    private final Plan plan;
    private final List<Site> sites;
    private final List<Traffic> traffic;
    private final SimNetwork network;
    private final Mover mover;
    private final Mover.Book book;
    /** The storm that blows, and the event of its last move. */
    private Fault storm;
    private long stormCount;
    private long stormNs;
    private int movesNow;

    Faults(
        final Plan plan,
        final List<Site> sites,
        final List<Traffic> traffic,
        final SimNetwork network,
        final Mover mover,
        final Mover.Book book)
    {
        this.plan = plan;
        this.sites = sites;
        this.traffic = traffic;
        this.network = network;
        this.mover = mover;
        this.book = book;
        plan.paths().forEach((path) -> eachPath(path.from(), path.to(), path::apply));
        plan.faults().forEach((fault) -> book.after(fault.fromNs(), () -> begin(fault)));
        if (plan.liveness())
        {
            book.after(Plan.HEAL_NS, this::heal);
        }
    }

    private void eachPath(final int from, final int to, final Consumer<SimPath> action)
    {
        for (final SiteHost a : sites.get(from).hosts)
        {
            for (final SiteHost b : sites.get(to).hosts)
            {
                action.accept(network.path(a.link, b.link));
            }
        }
    }

    private void begin(final Fault fault)
    {
        book.remark(fault.name() + " begins: " + fault);
        final Site site = sites.get(fault.site());
        final SiteHost host = site.hosts.get(fault.host());
        final int a = fault.site();
        final int b = fault.other();
        switch (fault.kind())
        {
            case PARTITION -> forAWhile(fault, () -> partition(a, b, true), () -> partition(a, b, false));
            case ONE_WAY -> forAWhile(fault, () -> eachPath(a, b, (path) -> path.partition(true)),
                () -> eachPath(a, b, (path) -> path.partition(false)));
            case HOLD -> forAWhile(fault, () -> eachPath(a, b, SimPath::hold), () -> eachPath(a, b, SimPath::release));
            case SMALLER_MTU -> mtu(fault, true);
            case BLACK_HOLE -> mtu(fault, false);
            case PAUSE -> forAWhile(fault, host.host::pause, host.host::resume);
            case CRASH -> crash(fault, host);
            case RESTART -> mover.restart(host, fault.lengthNs());
            case MOVE_SITE -> mover.moveSite(site, fault.lengthNs());
            case MOVE_FLOW -> mover.moveFlow(site, fault.value(), fault.lengthNs());
            case MOVE_STORM -> forAWhile(fault, () -> storm = fault, () -> storm = storm == fault ? null : storm);
        }
    }

    private void forAWhile(final Fault fault, final Runnable begin, final Runnable end)
    {
        begin.run();
        book.after(fault.lengthNs(), () ->
        {
            book.remark(fault.name() + " ends");
            end.run();
        });
    }

    private void partition(final int a, final int b, final boolean on)
    {
        eachPath(a, b, (path) -> path.partition(on));
        eachPath(b, a, (path) -> path.partition(on));
    }

    private void mtu(final Fault fault, final boolean signal)
    {
        forAWhile(fault, () -> eachPath(fault.site(), fault.other(), (path) -> path.mtu(fault.value(), signal)),
            () -> eachPath(fault.site(), fault.other(), (path) -> path.mtu(Packet.MAX_LENGTH, false)));
    }

    private void crash(final Fault fault, final SiteHost host)
    {
        if (!host.host.isUp())
        {
            return;
        }
        host.site.crashed = true;
        host.site.disown(host);
        traffic.stream().filter((flow) -> flow.plan.touches(fault.site())).forEach((flow) -> flow.excused = true);
        host.host.crash();
        book.after(fault.lengthNs(), () -> start(host));
    }

    private static void start(final SiteHost host)
    {
        if (!host.host.isUp())
        {
            host.boot();
            host.host.start(host);
        }
    }

    /** Move something, if a storm blows and it is time; call it after each event. */
    void afterEvent()
    {
        movesNow = book.nowNs() == stormNs ? movesNow : 0;
        stormNs = book.nowNs();
        if (storm != null && ++stormCount % storm.value() == 0 && movesNow < MAX_MOVES_NOW)
        {
            movesNow++;
            final Site site = sites.get(storm.site());
            if (storm.value() % 2 == 0)
            {
                mover.moveSite(site, 0);
            }
            else
            {
                mover.moveFlow(site, (int)(stormCount % 97), 0);
            }
        }
    }

    private void heal()
    {
        book.remark("faults are over in the core");
        for (final PathPlan path : plan.paths())
        {
            if (sites.get(path.from()).plan.core() && sites.get(path.to()).plan.core())
            {
                eachPath(path.from(), path.to(), (p) ->
                {
                    path.clean().apply(p);
                    p.partition(false).mtu(Packet.MAX_LENGTH, false).release();
                });
            }
        }
        sites.stream().filter((site) -> site.plan.core()).forEach((site) -> site.hosts.forEach((host) ->
        {
            host.host.resume();
            book.after(GRACE_NS, () -> start(host));
        }));
    }
}
