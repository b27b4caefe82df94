package dev.baton.stack.sim.campaign;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.sim.check.FlowKey;
import dev.baton.stack.sim.check.Violation;
import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Hosts behind one IPv4 and one IPv6 address, and who of them has which connection: the first by default, another one
 * or nobody after a move.
 */
final class Site
{
    /** {@link #ownerOf(FlowKey)}: it is on the way from one host to another. */
    static final int NOBODY = -1;

    final SitePlan plan;
    final IpAddress v4;
    final IpAddress v6;
    final List<SiteHost> hosts = new ArrayList<>();
    /** Who gets what nobody has yet. */
    int primary;
    /** Has a host of the site lost connections? */
    boolean crashed;

    private final Map<FlowKey, Integer> owners = new LinkedHashMap<>();
    private final Map<Integer, TcpService> listeners = new LinkedHashMap<>();
    private final Steer steer;
    private final long secret;

    Site(final SitePlan plan, final Steer steer, final long secret)
    {
        this.plan = plan;
        this.steer = steer;
        this.secret = secret;
        v4 = IpAddress.parse("10.0." + plan.index() + ".1");
        v6 = IpAddress.parse("fd00:0:0:" + plan.index() + "::1");
    }

    Steer steer()
    {
        return steer;
    }

    IpAddress address(final boolean ipv4)
    {
        return ipv4 ? v4 : v6;
    }

    boolean has(final long hi, final long lo)
    {
        return v4.hi() == hi && v4.lo() == lo || v6.hi() == hi && v6.lo() == lo;
    }

    StackContext context(final long seed)
    {
        return plan.apply(new StackContext()
            .address(v4)
            .address(v6)
            .maxConnections(128)
            .seed(seed)
            .secret(secret, ~secret)
            .errorHandler(Site::fail))
            .conclude();
    }

    private static void fail(final Throwable error)
    {
        if (error instanceof Violation violation)
        {
            throw violation;
        }
        final Violation violation = new Violation(Violation.NO_FAULT, "a service failed: " + error);
        violation.initCause(error);
        throw violation;
    }

    /** Serve a port at all hosts, now and after each start. */
    void listen(final int port, final TcpService service)
    {
        listeners.put(port, service);
        hosts.forEach((host) -> host.stack.listen(IpAddress.ANY, port, service));
    }

    void listenOn(final NetStack stack)
    {
        listeners.forEach((port, service) -> stack.listen(IpAddress.ANY, port, service));
    }

    TcpService listener(final int port)
    {
        return listeners.get(port);
    }

    int ownerOf(final FlowKey flow)
    {
        final Integer owner = owners.get(flow);
        return owner == null ? primary : owner;
    }

    void own(final FlowKey flow, final int host)
    {
        owners.put(flow, host);
    }

    /** A flow of which its host has nothing left is the first's again. */
    void reclaim(final FlowKey flow)
    {
        final int owner = ownerOf(flow);
        if (owner != NOBODY && owner != primary && hosts.get(owner).host.isUp() && !hosts.get(owner).stack.hasConnection(
            flow.localHi(), flow.localLo(), flow.localPort(), flow.remoteHi(), flow.remoteLo(), flow.remotePort()))
        {
            owners.remove(flow);
        }
    }

    /** Does it forget connections in TIME-WAIT before their time? */
    boolean isForgetful()
    {
        return plan.traits().stream().anyMatch((trait) -> trait.name().contains("TIME-WAIT"));
    }

    /**
     * May it answer a SYN with a cookie? Then only a segment that follows the SYN directly makes a connection, at the clock
     * that made the cookie; when the first to arrive is a later one, or the clock has changed, it is answered with RST.
     */
    boolean sendsCookies()
    {
        return primaryHost().stack.context().handshake().synCookies() != 0 && plan.traits().stream().anyMatch((trait) ->
            trait.name().startsWith("SYN cookies") || trait.name().startsWith("backlog") ||
            trait.name().startsWith("somaxconn"));
    }

    /** A host has lost all: its flows are the first's again. */
    void disown(final SiteHost host)
    {
        owners.values().removeIf((owner) -> owner == host.number);
    }

    SiteHost primaryHost()
    {
        return hosts.get(primary);
    }
}
