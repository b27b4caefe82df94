package dev.baton.stack.tcp;

import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;
import org.agrona.collections.Int2ObjectHashMap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Who listens where: by port, the listeners of single addresses before the one of all. Bounded. */
final class Listeners
{
    private static final int MAX_LISTENERS = 4096;

    private final Int2ObjectHashMap<List<Listener>> byPort = new Int2ObjectHashMap<>();
    private int count;

    Listener add(
        final IpFamily family,
        final IpAddress address,
        final int port,
        final TcpService service,
        final int backlog,
        final AcceptQueues acceptQueues)
    {
        if (count == MAX_LISTENERS)
        {
            throw new IllegalStateException("cannot listen on port " + port + ": there are " + MAX_LISTENERS +
                " listeners, which is the limit; close one first");
        }
        final List<Listener> sharing = byPort.computeIfAbsent(port, (key) -> new ArrayList<>(1));
        for (final Listener other : sharing)
        {
            if (other.address().equals(address) && other.shares(family))
            {
                throw new IllegalStateException("cannot listen on " + (other.isAny() ? "any address" : address) +
                    ", port " + port + ": something listens there already; choose another port");
            }
        }
        final Listener listener = new Listener(address, port, service, backlog, acceptQueues);
        listener.family(family);
        sharing.add(listener.isAny() ? sharing.size() : 0, listener);
        count++;
        return listener;
    }

    /** Returns false when it was closed before. */
    boolean remove(final Listener listener)
    {
        final List<Listener> sharing = byPort.get(listener.port());
        if (sharing == null || !sharing.remove(listener))
        {
            return false;
        }
        listener.close();
        count--;
        if (sharing.isEmpty())
        {
            byPort.remove(listener.port());
        }
        return true;
    }

    /** Take all listeners of another table, which none of this one collides with. */
    void adopt(final Listeners others)
    {
        byPort.putAll(others.byPort);
        count += others.count;
    }

    int size()
    {
        return count;
    }

    /** All, in the order of port, address and family. */
    List<Listener> list()
    {
        final List<Listener> all = new ArrayList<>(count);
        byPort.values().forEach(all::addAll);
        all.sort(Comparator.comparingInt(Listener::port).thenComparing((a, b) -> compare(a.address(), b.address()))
            .thenComparing((Listener listener) -> listener.family()));
        return all;
    }

    private static int compare(final IpAddress a, final IpAddress b)
    {
        final int upper = Long.compareUnsigned(a.hi(), b.hi());
        return upper != 0 ? upper : Long.compareUnsigned(a.lo(), b.lo());
    }

    /** Who listens for an address and port; null when nobody does. */
    Listener find(final long hi, final long lo, final int port)
    {
        final List<Listener> sharing = byPort.get(port);
        if (sharing != null)
        {
            for (int i = 0; i < sharing.size(); i++)
            {
                if (sharing.get(i).covers(hi, lo))
                {
                    return sharing.get(i);
                }
            }
        }
        return null;
    }
}
