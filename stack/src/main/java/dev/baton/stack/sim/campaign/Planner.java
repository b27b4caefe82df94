package dev.baton.stack.sim.campaign;

import dev.baton.stack.sim.SimRandom;

import java.util.ArrayList;
import java.util.List;

/** Draws a {@link Plan} from a seed: 2 to 6 hosts at 2 to 4 sites, the traffic between them, and what goes wrong. */
final class Planner
{
    private static final long MS_NS = 1_000_000L;
    private static final long SECOND_NS = 1_000 * MS_NS;
    private static final int MAX_HOSTS = 6;
    private static final int MAX_FLOWS = 5;
    private static final int MAX_FAULTS = 8;
    private static final int[] MTUS = {1280, 1300, 1500, 1500, 1500, 4000, 9000};

    private final SimRandom random;
    private final long seed;

    private Planner(final long seed)
    {
        this.seed = seed;
        // Not the world's own source of chance: a plan that loses a part is still the same in the others.
        this.random = new SimRandom(seed * 0x5851_F42D_4C95_7F2DL + 1);
    }

    /**
     * The plan of a seed.
     *
     * @param seed any.
     * @return always the same for the same seed.
     */
    static Plan plan(final long seed)
    {
        return new Planner(seed).plan();
    }

    private Plan plan()
    {
        final boolean liveness = random.chance(0.6);
        final List<SitePlan> sites = sites();
        final List<PathPlan> paths = new ArrayList<>();
        for (int from = 0; from < sites.size(); from++)
        {
            for (int to = 0; to < sites.size(); to++)
            {
                if (from != to)
                {
                    paths.add(path(from, to));
                }
            }
        }
        final List<FlowPlan> flows = new ArrayList<>();
        final int flowCount = 1 + random.nextInt(MAX_FLOWS);
        for (int i = 0; i < flowCount; i++)
        {
            flows.add(flow(i, sites.size()));
        }
        final List<Fault> faults = new ArrayList<>();
        final int faultCount = random.nextInt(MAX_FAULTS + 1);
        for (int i = 0; i < faultCount; i++)
        {
            faults.add(fault(i, sites));
        }
        return new Plan(seed, liveness, sites, List.copyOf(paths), List.copyOf(flows), List.copyOf(faults));
    }

    private List<SitePlan> sites()
    {
        final int count = 2 + random.nextInt(3);
        int room = MAX_HOSTS - count;
        final List<SitePlan> sites = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            final int spares = random.nextInt(Math.min(2, room) + 1);
            room -= spares;
            final boolean core = i < 2 || random.chance(0.5);
            sites.add(new SitePlan(i, 1 + spares, MTUS[random.nextInt(MTUS.length)], random.chance(0.3), core,
                Traits.draw(random)));
        }
        return List.copyOf(sites);
    }

    private PathPlan path(final int from, final int to)
    {
        final long delayNs = (1 + random.nextInt(random.chance(0.2) ? 150 : 20)) * MS_NS;
        final long jitterNs = random.chance(0.3) ? random.nextLong(5 * MS_NS) : 0;
        final boolean limited = random.chance(0.3);
        final long rate = limited ? 1_000_000L * (1 + random.nextInt(50)) : 0;
        final int queue = limited ? 20_000 + random.nextInt(100_000) : 0;
        return new PathPlan(from, to, delayNs, jitterNs, rate, queue, random.chance(0.3),
            rarely(0.4, 0.1), rarely(0.15, 0.02), rarely(0.3, 0.1), (1 + random.nextInt(30)) * MS_NS,
            rarely(0.3, 0.1), rarely(0.2, 0.05), rarely(0.2, 0.2));
    }

    private double rarely(final double often, final double greatest)
    {
        return random.chance(often) ? greatest * random.nextInt(1000) / 1000.0 : 0;
    }

    private FlowPlan flow(final int index, final int sites)
    {
        final int client = random.nextInt(sites);
        final int server = (client + 1 + random.nextInt(sites - 1)) % sites;
        final int pick = random.nextInt(10);
        final FlowPlan.Kind kind = pick < 3 ? FlowPlan.Kind.BULK : pick < 7 ? FlowPlan.Kind.DIALOGUE :
            pick == 7 ? FlowPlan.Kind.HALF_CLOSE : pick == 8 ? FlowPlan.Kind.ABORT : FlowPlan.Kind.SIMULTANEOUS;
        final boolean many = kind == FlowPlan.Kind.DIALOGUE && random.chance(0.4);
        final int scale = many ? 2_000 : random.chance(0.3) ? 100_000 : 20_000;
        final boolean slow = !many && random.chance(0.25);
        final int readChunk = slow ? 1 + random.nextInt(3_000) : 0;
        final long readEveryNs = random.chance(0.2) ? 4_000 * MS_NS : (1 + random.nextInt(200)) * MS_NS;
        final int greatest = slow ? Math.min(scale, readChunk * (readEveryNs > SECOND_NS ? 10 : 100)) : scale;
        final long thinkNs = random.chance(0.3) ? random.nextLong(many ? 500 : 8_000) * MS_NS : 0;
        return new FlowPlan(index, kind, client, server, random.nextInt(2) == 0, random.nextLong(8_000) * MS_NS,
            random.nextInt(greatest + 1), random.nextInt(greatest + 1),
            kind == FlowPlan.Kind.DIALOGUE ? 1 + random.nextInt(8) : 1, thinkNs,
            many ? 2 + random.nextInt(10) : 1, random.chance(0.5), readChunk, readEveryNs, ending(), ending());
    }

    private FlowPlan.Ending ending()
    {
        return random.nextInt(2) == 0 ? FlowPlan.Ending.SHUTDOWN : FlowPlan.Ending.CLOSE;
    }

    private Fault fault(final int index, final List<SitePlan> sites)
    {
        final Fault.Kind[] kinds = Fault.Kind.values();
        Fault.Kind kind = kinds[random.nextInt(kinds.length)];
        if (kind == Fault.Kind.CRASH && random.chance(0.5))
        {
            kind = Fault.Kind.RESTART;
        }
        final int site = random.nextInt(sites.size());
        final int other = (site + 1 + random.nextInt(sites.size() - 1)) % sites.size();
        final int host = random.nextInt(sites.get(site).hosts());
        final boolean gap = random.chance(0.4);
        final boolean moves = kind.compareTo(Fault.Kind.RESTART) >= 0;
        final long lengthNs = moves && kind != Fault.Kind.MOVE_STORM ? gap ? random.nextLong(3_000) * MS_NS : 0 :
            (1 + random.nextInt(10_000)) * MS_NS;
        final int value = kind == Fault.Kind.MOVE_STORM ? 1 + random.nextInt(20) : 1280 + random.nextInt(200);
        return new Fault(index, kind, site, other, host, random.nextLong(18_000) * MS_NS, lengthNs, value);
    }
}
