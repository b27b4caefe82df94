package dev.baton.stack.ip;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PathMtuTest
{
    private final PathMtu cache = new PathMtu(3, 100, 77);

    @Test
    void shouldRememberTheLeastUntilItsTimeIsOver()
    {
        assertTrue(cache.lower(1, 2, 1400, 0));
        assertFalse(cache.lower(1, 2, 1450, 10), "only time raises a path MTU");
        assertTrue(cache.lower(1, 2, 1300, 50));
        assertFalse(cache.lower(1, 2, 1300, 60), "told again: the time begins anew");
        assertEquals(1300, cache.get(1, 2));
        assertEquals(0, cache.get(2, 1));
        assertEquals(160, cache.nextDeadlineNs());
        assertEquals(0, cache.expire(159));
        final int version = cache.version();
        assertEquals(1, cache.expire(160));
        assertNotEquals(version, cache.version());
        assertEquals(0, cache.get(1, 2));
        assertEquals(Long.MAX_VALUE, cache.nextDeadlineNs());
    }

    @Test
    void shouldMakeRoomByForgettingTheOldest()
    {
        cache.lower(0, 1, 1000, 0);
        cache.lower(0, 2, 1000, 1);
        cache.lower(0, 3, 1000, 2);
        cache.lower(0, 1, 900, 3);
        cache.lower(0, 4, 1000, 4);
        assertEquals(3, cache.size());
        assertEquals(0, cache.get(0, 2));
        final List<String> seen = new ArrayList<>();
        cache.forEach((hi, lo, mtu, expiresNs) -> seen.add(lo + ":" + mtu + ":" + expiresNs));
        assertEquals(List.of("3:1000:102", "1:900:103", "4:1000:104"), seen);
    }

    @Test
    void shouldAgreeWithAMap()
    {
        final PathMtu large = new PathMtu(50, 1000, 9);
        final Map<Long, int[]> model = new LinkedHashMap<>();
        final Random random = new Random(4);
        for (int now = 0; now < 50_000; now++)
        {
            final long key = random.nextInt(120);
            final int mtu = 600 + random.nextInt(900);
            final int nowNs = now;
            model.values().removeIf((entry) -> entry[1] <= nowNs);
            large.expire(now);
            final int[] old = model.get(key);
            final boolean higher = old != null && mtu > old[0];
            assertEquals(old == null || mtu < old[0], large.lower(key, -key, mtu, now));
            if (!higher)
            {
                model.remove(key);
                if (model.size() == 50)
                {
                    model.remove(model.keySet().iterator().next());
                }
                model.put(key, new int[] {mtu, now + 1000});
            }
            assertEquals(model.size(), large.size());
            final long probe = random.nextInt(120);
            assertEquals(model.containsKey(probe) ? model.get(probe)[0] : 0, large.get(probe, -probe));
        }
    }
}
