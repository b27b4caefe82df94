package dev.baton.tools.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * The commands that make a lab, in order. Nothing here runs anything: {@code lab up} runs exactly what {@code --print} shows.
 * <p>
 * Each host has a veth pair ({@code eth0}) to the namespace {@code net}, which routes between them, and each node one
 * ({@code mgmt0}) to the namespace {@code mgmt}, which routes between the nodes. Both are routers, not bridges, so that the veth
 * driver is all that the kernel needs. A node's stack addresses, and the VIP at the front, are routed to its TUN device and
 * configured nowhere, so no kernel answers for them. A packet that a back emits with the VIP as its source goes by the back's
 * default route to {@code net} and from there to the client, not through the front; reverse-path filters are off for that.
 */
public final class LabPlan
{
    /** Name of the data network's router. */
    public static final String NET = "net";

    /** Name of the management network's router. */
    public static final String MGMT = "mgmt";

    /** Name of the TUN device in every node. */
    public static final String TUN = "bt0";

    /** Name of a host's link to the data network. */
    public static final String DATA_LINK = "eth0";

    /** Name of a node's link to the management network. */
    public static final String MGMT_LINK = "mgmt0";

    private static final List<String> SETTINGS = List.of(
        "net.ipv6.conf.all.disable_ipv6=0",
        "net.ipv6.conf.default.disable_ipv6=0",
        "net.ipv4.conf.all.rp_filter=0",
        "net.ipv4.conf.default.rp_filter=0",
        "net.ipv4.conf.all.accept_redirects=0",
        "net.ipv4.conf.default.accept_redirects=0",
        "net.ipv4.conf.all.send_redirects=0",
        "net.ipv4.conf.default.send_redirects=0",
        "net.ipv6.conf.all.accept_redirects=0",
        "net.ipv6.conf.default.accept_redirects=0",
        "net.ipv6.conf.default.accept_ra=0",
        "net.ipv6.conf.default.accept_dad=0",
        "net.ipv6.conf.default.dad_transmits=0");

    private final LabConfig config;
    private final LabMode mode;
    private final LabAddresses addresses;

    /**
     * A plan.
     *
     * @param config what is wanted.
     * @param mode   whose rights make it; in {@link LabMode#ROOTLESS} the commands are for the inside of the user namespace.
     */
    public LabPlan(final LabConfig config, final LabMode mode)
    {
        this.config = config;
        this.mode = mode;
        this.addresses = new LabAddresses(config);
    }

    /**
     * Start of the names of all namespaces of a lab.
     *
     * @param lab its name.
     * @return with the dash at its end; lab names have none, so no lab's prefix begins another's.
     */
    public static String prefix(final String lab)
    {
        return "baton-" + lab + "-";
    }

    /**
     * Namespace of a host or router.
     *
     * @param host its name.
     * @return as ip-netns(8) knows it.
     */
    public String namespace(final String host)
    {
        return prefix(config.name()) + host;
    }

    /**
     * All namespaces.
     *
     * @return hosts first, then the two routers.
     */
    public List<String> namespaces()
    {
        final List<String> names = new ArrayList<>();
        config.hosts().forEach(host -> names.add(namespace(host)));
        names.add(namespace(NET));
        names.add(namespace(MGMT));
        return names;
    }

    /**
     * All that makes the lab.
     *
     * @return in order.
     */
    public List<LabStep> steps()
    {
        final List<LabStep> steps = new ArrayList<>();
        steps.add(new LabStep.IpBatch("", namespaces().stream().map("netns add "::concat).toList()));
        config.hosts().forEach(host -> steps.add(settings(host, !LabConfig.CLIENT.equals(host))));
        steps.add(settings(NET, true));
        steps.add(settings(MGMT, true));
        steps.add(dataLinks());
        steps.add(mgmtLinks());
        config.hosts().forEach(host -> steps.add(host(host)));
        steps.add(dataRoutes());
        return steps;
    }

    private LabStep settings(final String host, final boolean forwards)
    {
        final List<String> settings = new ArrayList<>();
        if (forwards)
        {
            settings.add("net.ipv4.ip_forward=1");
            settings.add("net.ipv6.conf.all.forwarding=1");
        }
        settings.addAll(SETTINGS);
        return new LabStep.Sysctl(namespace(host), settings);
    }

    private LabStep dataLinks()
    {
        final List<String> lines = new ArrayList<>(List.of("link set lo up"));
        for (final String host : config.hosts())
        {
            lines.add("link add " + host + " mtu " + config.mtuBytes() + " type veth peer name " + DATA_LINK + " mtu " +
                config.mtuBytes() + " netns " + namespace(host));
            lines.add("addr add " + addresses.router4(host) + "/24 dev " + host);
            lines.add("addr add " + addresses.router6(host) + "/64 dev " + host + " nodad");
            lines.add("link set " + host + " up");
        }
        return new LabStep.IpBatch(namespace(NET), lines);
    }

    private LabStep mgmtLinks()
    {
        final List<String> lines = new ArrayList<>(List.of("link set lo up"));
        for (final String node : config.nodes())
        {
            lines.add("link add " + node + " type veth peer name " + MGMT_LINK + " netns " + namespace(node));
            lines.add("addr add " + addresses.mgmtRouter4() + "/32 dev " + node);
            lines.add("link set " + node + " up");
            lines.add("route add " + addresses.mgmt4(node) + "/32 dev " + node);
        }
        return new LabStep.IpBatch(namespace(MGMT), lines);
    }

    private LabStep host(final String host)
    {
        final List<String> lines = new ArrayList<>(List.of("link set lo up"));
        lines.add("addr add " + addresses.kernel4(host) + "/24 dev " + DATA_LINK);
        lines.add("addr add " + addresses.kernel6(host) + "/64 dev " + DATA_LINK + " nodad");
        lines.add("link set " + DATA_LINK + " up");
        lines.add("route add 0.0.0.0/0 via " + addresses.router4(host));
        lines.add("route add ::/0 via " + addresses.router6(host));
        if (!LabConfig.CLIENT.equals(host))
        {
            addMgmt(lines, host);
            addTun(lines, host);
        }
        return new LabStep.IpBatch(namespace(host), lines);
    }

    private void addMgmt(final List<String> lines, final String node)
    {
        lines.add("addr add " + addresses.mgmt4(node) + "/32 dev " + MGMT_LINK);
        lines.add("link set " + MGMT_LINK + " up");
        lines.add("route add " + addresses.mgmtRouter4() + "/32 dev " + MGMT_LINK);
        lines.add("route add " + config.mgmt4() + ".0/24 via " + addresses.mgmtRouter4());
    }

    private void addTun(final List<String> lines, final String node)
    {
        final String owner = mode == LabMode.ROOT && !config.user().isEmpty() ? config.user() : "0";
        lines.add("tuntap add dev " + TUN + " mode tun user " + owner + " vnet_hdr");
        lines.add("link set " + TUN + " addrgenmode none");
        lines.add("link set " + TUN + " mtu " + config.mtuBytes() + " txqueuelen " + config.txQueueLen() + " up");
        lines.add("route add " + addresses.stack4(node) + "/32 dev " + TUN);
        lines.add("route add " + addresses.stack6(node) + "/128 dev " + TUN);
        if (LabConfig.FRONT.equals(node))
        {
            lines.add("route add " + addresses.vip4() + "/32 dev " + TUN);
            lines.add("route add " + addresses.vip6() + "/128 dev " + TUN);
        }
    }

    /** What the router can only say once the hosts' ends of the links are up. */
    private LabStep dataRoutes()
    {
        final List<String> lines = new ArrayList<>();
        for (final String node : config.nodes())
        {
            lines.add("route add " + addresses.stack4(node) + "/32 via " + addresses.kernel4(node));
            lines.add("route add " + addresses.stack6(node) + "/128 via " + addresses.kernel6(node));
        }
        lines.add("route add " + addresses.vip4() + "/32 via " + addresses.kernel4(LabConfig.FRONT));
        lines.add("route add " + addresses.vip6() + "/128 via " + addresses.kernel6(LabConfig.FRONT));
        return new LabStep.IpBatch(namespace(NET), lines);
    }
}
