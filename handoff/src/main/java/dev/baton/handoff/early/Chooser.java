package dev.baton.handoff.early;

import dev.baton.handoff.control.ControlPlane;
import dev.baton.handoff.policy.HandoffPolicy;
import dev.baton.handoff.policy.Policies;
import dev.baton.handoff.policy.PolicyFacts;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.List;

/**
 * Asks the policy (P11), and knows what the policy's nodes are to this node: peers of the control channel with stack
 * addresses. A policy that throws or answers nonsense has said "stay".
 */
final class Chooser implements PolicyFacts
{
    static final int STAY = HandoffPolicy.STAY;
    static final int NEED_MORE = HandoffPolicy.NEED_MORE;
    static final int REFUSE = HandoffPolicy.REFUSE;

    /** What a node that is only a back asks: nobody ever connects to a VIP of its own. */
    private static final HandoffPolicy NO_FRONT = Policies.byName("path", "*=stay");

    private final HandoffPolicy policy;
    private final ControlPlane plane;
    private final EarlyCounters counters;
    private final boolean[] self;
    private final int[] peers;
    private final IpAddress[] v4;
    private final IpAddress[] v6;
    private final UnsafeBuffer prefix;
    private FrontEntry entry;

    Chooser(final EarlyConfig config, final ControlPlane plane, final EarlyCounters counters)
    {
        this.policy = config.vips.isEmpty() ? NO_FRONT : Policies.byName(config.policy, config.policyRules);
        this.plane = plane;
        this.counters = counters;
        this.prefix = new UnsafeBuffer(new byte[config.holdBytesLimit]);
        final int nodes = policy.nodeCount();
        self = new boolean[nodes];
        peers = new int[nodes];
        v4 = new IpAddress[nodes];
        v6 = new IpAddress[nodes];
        for (int i = 0; i < nodes; i++)
        {
            final String name = policy.nodeName(i);
            self[i] = name.equals(plane.localNode());
            peers[i] = plane.peer(name);
            final List<IpAddress> addresses = config.backs.get(name);
            if (!self[i] && peers[i] < 0)
            {
                throw new IllegalArgumentException(
                    "policy.rules names node '" + name + "', which is no peer: add it to the node's control.peers");
            }
            if (!self[i] && addresses == null)
            {
                throw new IllegalArgumentException(
                    "policy.rules names node '" + name + "', whose addresses are not known: add back." + name);
            }
            if (addresses != null)
            {
                v4[i] = first(addresses, true);
                v6[i] = first(addresses, false);
            }
        }
    }

    HandoffPolicy policy()
    {
        return policy;
    }

    /**
     * Who is to serve?
     *
     * @return index of another node, or one of the verdicts.
     */
    int choose(final FrontEntry entry)
    {
        this.entry = entry;
        final int length = entry.hold.prefix.peek(prefix, 0, entry.hold.prefix.readable());
        final int verdict;
        try
        {
            verdict = policy.decide(prefix, 0, length, entry.streamEnded(), this);
        }
        catch (final RuntimeException ex)
        {
            counters.policyFaults++;
            return STAY;
        }
        if (verdict >= 0 && verdict < peers.length)
        {
            return self[verdict] ? STAY : verdict;
        }
        if (verdict == NEED_MORE || verdict == REFUSE || verdict == STAY)
        {
            return verdict;
        }
        counters.policyFaults++;
        return STAY;
    }

    int peer(final int node)
    {
        return peers[node];
    }

    IpAddress address(final int node, final int ipVersion)
    {
        return ipVersion == 4 ? v4[node] : v6[node];
    }

    @Override
    public long clientHi()
    {
        return entry.remoteHi;
    }

    @Override
    public long clientLo()
    {
        return entry.remoteLo;
    }

    @Override
    public int clientPort()
    {
        return entry.remotePort;
    }

    @Override
    public long vipHi()
    {
        return entry.localHi;
    }

    @Override
    public long vipLo()
    {
        return entry.localLo;
    }

    @Override
    public int vipPort()
    {
        return entry.localPort;
    }

    @Override
    public boolean isUp(final int node)
    {
        return self[node] || plane.isConnected(peers[node]);
    }

    private static IpAddress first(final List<IpAddress> addresses, final boolean v4)
    {
        for (final IpAddress address : addresses)
        {
            if (address.isV4() == v4)
            {
                return address;
            }
        }
        return null;
    }
}
