package dev.baton.stack.tcp;

import dev.baton.stack.service.TcpService;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which services get ticks: those with a listener or a connection, each once, in the order in which they came. Not
 * thread safe.
 */
final class ServiceRegistry
{
    private final List<TcpService> services = new ArrayList<>();
    private int[] uses = new int[8];

    int size()
    {
        return services.size();
    }

    TcpService get(final int i)
    {
        return services.get(i);
    }

    /** A listener or a connection uses a service. */
    void acquire(final TcpService service)
    {
        final int known = find(service);
        if (known >= 0)
        {
            uses[known]++;
            return;
        }
        final int fresh = services.size();
        if (fresh == uses.length)
        {
            uses = Arrays.copyOf(uses, 2 * fresh);
        }
        services.add(service);
        uses[fresh] = 1;
    }

    /** A listener or a connection uses a service no longer. */
    void release(final TcpService service)
    {
        final int known = find(service);
        if (known >= 0 && --uses[known] == 0)
        {
            services.remove(known);
            System.arraycopy(uses, known + 1, uses, known, services.size() - known);
        }
    }

    private int find(final TcpService service)
    {
        for (int i = 0; i < services.size(); i++)
        {
            if (services.get(i) == service)
            {
                return i;
            }
        }
        return -1;
    }
}
