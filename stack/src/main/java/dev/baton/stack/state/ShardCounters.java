package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackCounter;
import dev.baton.stack.ip.IpCounter;
import dev.baton.stack.state.codec.CounterDecoder;
import org.agrona.DirectBuffer;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The counters of an image, by the names that operators see. Used once. */
final class ShardCounters
{
    private static final Map<String, StackCounter> TCP =
        Stream.of(StackCounter.values()).collect(Collectors.toUnmodifiableMap(StackCounter::label, (counter) -> counter));
    private static final Map<String, IpCounter> IP =
        Stream.of(IpCounter.values()).collect(Collectors.toUnmodifiableMap(IpCounter::mibName, (counter) -> counter));

    private final NamedValues names = new NamedValues();
    private final Map<StackCounter, Long> tcp = new HashMap<>();
    private final Map<IpCounter, Long> ip = new HashMap<>();

    /** Verify and note a counter. */
    void check(final DirectBuffer buffer, final int at, final int length)
    {
        final CounterDecoder fields = names.counter(buffer, at, length);
        final int set = fields.set();
        final long value = fields.value();
        final String name = fields.name();
        Rules.range("Counter.set", set, ShardExporter.TCP_COUNTERS, ShardExporter.IP_COUNTERS);
        Rules.require(value != 0, name, value, "a counter that is 0 is left out");
        final boolean tcpSet = set == ShardExporter.TCP_COUNTERS;
        if (!(tcpSet ? TCP : IP).containsKey(name))
        {
            throw new StateException("Counter.name", "'" + name + "'", "this program has no such counter");
        }
        final Long before = tcpSet ? tcp.put(TCP.get(name), value) : ip.put(IP.get(name), value);
        Rules.require(before == null, name, value, "it is in the image twice");
    }

    /** Set all counters of a shard. */
    void restore(final NetStack stack)
    {
        for (final StackCounter counter : StackCounter.values())
        {
            stack.counters().set(counter, tcp.getOrDefault(counter, 0L));
        }
        for (final IpCounter counter : IpCounter.values())
        {
            stack.ipCounters().set(counter, ip.getOrDefault(counter, 0L));
        }
    }
}
