package dev.baton.stack;

import dev.baton.stack.ip.IpCounter;
import dev.baton.stack.ip.IpCounters;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class CounterSpaceTest
{
    private final UnsafeBuffer metaData = new UnsafeBuffer(new byte[CounterSpace.META_DATA_BYTES]);
    private final UnsafeBuffer values = new UnsafeBuffer(new byte[CounterSpace.VALUES_BYTES]);

    private Map<String, Long> asAnotherProcessSees()
    {
        final Map<String, Long> seen = new HashMap<>();
        new CountersReader(metaData, values).forEach((value, id, label) -> seen.merge(label, value, Long::sum));
        return seen;
    }

    @Test
    void shouldShowEveryCounterUnderItsName()
    {
        final CounterSpace space = new CounterSpace(metaData, values);
        final StackCounters tcp = new StackCounters(space);
        final IpCounters ip = new IpCounters(space);
        for (final StackCounter counter : StackCounter.values())
        {
            tcp.add(counter, counter.ordinal() + 1);
        }
        tcp.increment(StackCounter.TCP_RETRANS_SEGS);
        ip.increment(IpCounter.ICMP_IN_ECHOS);
        final Map<String, Long> seen = asAnotherProcessSees();
        for (final StackCounter counter : StackCounter.values())
        {
            assertEquals(tcp.get(counter), seen.get(counter.label()), counter.label());
        }
        assertEquals(StackCounter.TCP_RETRANS_SEGS.ordinal() + 2L, seen.get("TcpRetransSegs"));
        assertEquals(1, seen.get("IcmpInEchos"));
        assertEquals(0, seen.get("IcmpOutMsgs"));
    }

    @Test
    void shouldKeepLayersApart()
    {
        final CounterSpace space = new CounterSpace(metaData, values);
        final CounterSpace.Set first = space.allocate(1, "a", "b");
        final CounterSpace.Set second = space.allocate(2, "c");
        first.add(1, 5);
        second.set(0, 7);
        assertEquals(Map.of("a", 0L, "b", 5L, "c", 7L), asAnotherProcessSees());
        assertEquals(0, first.get(0));
        assertEquals(5, first.get(1));
        assertEquals(7, second.get(0));
    }

    @Test
    void shouldCountOnTheHeapJustAsWell()
    {
        final CounterSpace.Set set = CounterSpace.onHeap().allocate(1, "a", "b");
        set.add(0, 2);
        set.add(1, 3);
        set.add(0, 4);
        assertEquals(6, set.get(0));
        assertEquals(3, set.get(1));
    }

    @Test
    void shouldRefuseMoreCountersThanThereIsRoomFor()
    {
        final CounterSpace space = new CounterSpace(metaData, values);
        space.allocate(1, names(CounterSpace.MAX_COUNTERS));
        assertThrows(RuntimeException.class, () -> space.allocate(1, "one more"));
    }

    private static String[] names(final int count)
    {
        final String[] names = new String[count];
        for (int i = 0; i < count; i++)
        {
            names[i] = "counter " + i;
        }
        return names;
    }
}
