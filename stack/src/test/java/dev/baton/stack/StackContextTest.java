package dev.baton.stack;

import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StackContextTest
{
    private static void refuses(final StackContext context, final String... words)
    {
        final IllegalStateException refused = assertThrows(IllegalStateException.class, context::conclude);
        for (final String word : words)
        {
            assertTrue(refused.getMessage().contains(word), refused::getMessage);
        }
    }

    @Test
    void shouldConcludeItsDefaults()
    {
        final StackContext context = new StackContext().conclude();
        assertTrue(context.isConcluded());
        assertEquals(60_000_000_000L, context.timeWaitNs());
        assertEquals(4 << 20, context.sendBufferBytes());
    }

    @Test
    void shouldNotChangeOnceConcluded()
    {
        final StackContext context = new StackContext().conclude();
        assertThrows(IllegalStateException.class, () -> context.ttl(3));
        assertThrows(IllegalStateException.class, () -> context.address(IpAddress.parse("10.0.0.1")));
        assertThrows(IllegalStateException.class, context::conclude);
    }

    @Test
    void shouldNameWhatCannotWork()
    {
        refuses(new StackContext().ttl(0), "ttl", "0", "255");
        refuses(new StackContext().delayedAckNs(500_000_000), "delayedAckNs");
        refuses(new StackContext().poolBytes(1000), "poolBytes");
        refuses(new StackContext().initialRtoNs(1), "initialRtoNs");
        refuses(new StackContext().lowestLocalPort(60_000).highestLocalPort(50_000), "lowestLocalPort");
        refuses(new StackContext().congestionControl("swift"), "swift", "reno");
        refuses(new StackContext().address(IpAddress.parse("224.0.0.1")), "224.0.0.1");
        refuses(new StackContext().address(IpAddress.ANY), "unicast");
        refuses(new StackContext().address(IpAddress.parse("fd00::1")).address(IpAddress.parse("fd00::1")), "twice");
    }

    @Test
    void shouldDrawTheSecretFromTheSeedUnlessItIsGiven()
    {
        final StackContext one = new StackContext().seed(1).conclude();
        assertEquals(one.secret0(), new StackContext().seed(1).conclude().secret0());
        assertNotEquals(one.secret0(), new StackContext().seed(2).conclude().secret0());
        assertEquals(5, new StackContext().secret(5, 6).conclude().secret0());
        assertEquals(6, new StackContext().secret(5, 6).conclude().secret1());
    }

    @Test
    void shouldRefuseAContextThatIsNotConcluded()
    {
        assertThrows(IllegalStateException.class, () -> new NetStack(new StackContext(), null));
    }

    @Test
    void shouldListEveryCounterOnce()
    {
        final StackCounters counters = new StackCounters();
        counters.add(StackCounter.TCP_IN_SEGS, 7);
        final Set<String> labels = new HashSet<>();
        counters.forEach((label, value) ->
        {
            assertTrue(labels.add(label), label);
            assertEquals(label.equals("TcpInSegs") ? 7 : 0, value);
        });
        assertEquals(StackCounter.values().length, labels.size());
    }
}
