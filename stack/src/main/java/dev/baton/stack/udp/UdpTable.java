package dev.baton.stack.udp;

import dev.baton.stack.wire.IpAddress;
import org.agrona.collections.Int2ObjectHashMap;

import java.util.ArrayList;
import java.util.List;

/**
 * Which socket a datagram is for. By port, the latest socket first; of those that could take it the one that says most
 * about it wins: the peer, the local address, the one family that it deals with. Equals that all allow SO_REUSEPORT
 * share by a hash of the flow; otherwise the latest wins. Not thread safe; looking up allocates nothing.
 */
final class UdpTable
{
    /** Most sockets on one port: it bounds the work that a datagram makes. */
    static final int MAX_SHARING = 64;

    private static final int NO_MATCH = -1;
    private static final int FAMILY_SCORE = 1;
    private static final int LOCAL_SCORE = 2;
    private static final int PEER_SCORE = 4;

    private final Int2ObjectHashMap<List<Ucb>> byPort = new Int2ObjectHashMap<>();
    private long key;

    UdpTable(final long key)
    {
        this.key = key;
    }

    void key(final long secret)
    {
        key = secret;
    }

    /** The sockets of a port, the latest first; empty when there are none. */
    List<Ucb> sharing(final int port)
    {
        return byPort.getOrDefault(port, List.of());
    }

    /** Does any socket have a port? */
    boolean isUsed(final int port)
    {
        return byPort.containsKey(port);
    }

    /** May a socket take an address and port? */
    boolean conflicts(final Ucb ucb, final IpAddress local, final int port)
    {
        final List<Ucb> sharing = byPort.get(port);
        if (sharing == null)
        {
            return false;
        }
        if (sharing.size() >= MAX_SHARING)
        {
            return true;
        }
        for (int i = 0; i < sharing.size(); i++)
        {
            final Ucb other = sharing.get(i);
            final boolean shared = ucb.reuseAddress && other.reuseAddress || ucb.reusePort && other.reusePort;
            if (other != ucb && !shared && meets(ucb, local, other))
            {
                return true;
            }
        }
        return false;
    }

    private static boolean meets(final Ucb ucb, final IpAddress local, final Ucb other)
    {
        final boolean any = local.equals(IpAddress.ANY);
        if (any || other.isAny())
        {
            final boolean v4 = (any ? ucb.family.takesV4() : local.isV4()) &&
                (other.isAny() ? other.family.takesV4() : other.local.isV4());
            final boolean v6 = (any ? ucb.family.takesV6() : !local.isV4()) &&
                (other.isAny() ? other.family.takesV6() : !other.local.isV4());
            return v4 || v6;
        }
        return local.equals(other.local);
    }

    /** The socket has its port now. */
    void add(final Ucb ucb)
    {
        List<Ucb> sharing = byPort.get(ucb.localPort);
        if (sharing == null)
        {
            sharing = new ArrayList<>(1);
            byPort.put(ucb.localPort, sharing);
        }
        sharing.add(0, ucb);
    }

    void remove(final Ucb ucb)
    {
        final List<Ucb> sharing = byPort.get(ucb.localPort);
        if (sharing != null && sharing.remove(ucb) && sharing.isEmpty())
        {
            byPort.remove(ucb.localPort);
        }
    }

    /** Who takes what comes from a peer; null for nobody. */
    Ucb find(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final List<Ucb> sharing = byPort.get(localPort);
        if (sharing == null)
        {
            return null;
        }
        Ucb best = null;
        int bestScore = NO_MATCH;
        int equals = 0;
        for (int i = 0; i < sharing.size(); i++)
        {
            final Ucb ucb = sharing.get(i);
            final int score = score(ucb, localHi, localLo, remoteHi, remoteLo, remotePort);
            if (score > bestScore)
            {
                best = ucb;
                bestScore = score;
                equals = 1;
            }
            else if (score == bestScore && score != NO_MATCH)
            {
                equals++;
            }
        }
        final boolean spread = equals > 1 && best.reusePort;
        return spread ?
            member(sharing, bestScore, equals, localHi, localLo, remoteHi, remoteLo, remotePort) : best;
    }

    private Ucb member(
        final List<Ucb> sharing,
        final int bestScore,
        final int equals,
        final long localHi,
        final long localLo,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        int left = Integer.remainderUnsigned(hash(localLo, remoteHi, remoteLo, remotePort), equals);
        for (int i = 0; i < sharing.size(); i++)
        {
            final Ucb ucb = sharing.get(i);
            if (score(ucb, localHi, localLo, remoteHi, remoteLo, remotePort) == bestScore && left-- == 0)
            {
                return ucb;
            }
        }
        return null;
    }

    private static int score(
        final Ucb ucb,
        final long localHi,
        final long localLo,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        final boolean v4 = IpAddress.isV4(localHi, localLo);
        if (!(v4 ? ucb.family.takesV4() : ucb.family.takesV6()))
        {
            return NO_MATCH;
        }
        int score = ucb.family.takesV4() == ucb.family.takesV6() ? 0 : FAMILY_SCORE;
        if (!ucb.isAny())
        {
            if (ucb.local.hi() != localHi || ucb.local.lo() != localLo)
            {
                return NO_MATCH;
            }
            score += LOCAL_SCORE;
        }
        if (ucb.remote != null)
        {
            if (ucb.remote.hi() != remoteHi || ucb.remote.lo() != remoteLo || ucb.remotePort != remotePort)
            {
                return NO_MATCH;
            }
            score += PEER_SCORE;
        }
        return score;
    }

    private int hash(final long localLo, final long remoteHi, final long remoteLo, final int remotePort)
    {
        long mixed = (localLo ^ key) * 0x9E37_79B9_7F4A_7C15L;
        mixed = (mixed ^ mixed >>> 32 ^ remoteHi) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ mixed >>> 29 ^ remoteLo) * 0x94D0_49BB_1331_11EBL;
        mixed = (mixed ^ mixed >>> 32 ^ remotePort) * 0x9E37_79B9_7F4A_7C15L;
        return (int)(mixed >>> 32);
    }
}
