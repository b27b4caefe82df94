package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static dev.baton.stack.tcp.Wire.PEER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LocalPortsTest
{
    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    private int connect(final int remotePort)
    {
        return w.stack.connect(IpAddress.ANY, 0, PEER, remotePort, peer, w.nowNs).localPort();
    }

    private static List<Integer> first(final long secret, final int places)
    {
        final LocalPorts ports = new LocalPorts(new StackContext().secret(secret, 2).conclude());
        final List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < places; i++)
        {
            chosen.add(ports.next(ports.offset(0, 1, 0, 2, i), ports.counter(0, 1, 0, 2, i)));
        }
        return chosen;
    }

    @Test
    void shouldUseEveryPortToAPlaceBeforeItUsesOneAgain()
    {
        w.context.lowestLocalPort(40_000).highestLocalPort(40_019);
        w.start();
        final List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 20; i++)
        {
            ports.add(connect(80));
        }
        assertEquals(20, ports.stream().distinct().count());
        assertTrue(ports.stream().allMatch((port) -> port >= 40_000 && port <= 40_019));
        final IllegalStateException refused = assertThrows(IllegalStateException.class, () -> connect(80));
        assertTrue(refused.getMessage().contains("40000 to 40019"));
        assertEquals(1, w.stack.counters().get(StackCounter.PORTS_EXHAUSTED));
        connect(81);
    }

    @Test
    void shouldNotLetOnePlaceTellThePortsOfAnother()
    {
        final List<Integer> ports = first(1, 200);
        assertTrue(ports.stream().distinct().count() > 190);
        int neighbours = 0;
        for (int i = 1; i < ports.size(); i++)
        {
            neighbours += Math.abs(ports.get(i) - ports.get(i - 1)) < 100 ? 1 : 0;
        }
        assertTrue(neighbours < 10, "spread over the range: " + neighbours);
        assertNotEquals(ports, first(3, 200), "by the secret");
        assertEquals(ports, first(1, 200));
    }

    @Test
    void shouldGoOnFromACounterAndNotReuseAPortAtOnce()
    {
        w.start();
        final TcpConnection one = w.stack.connect(IpAddress.ANY, 0, PEER, 80, peer, w.nowNs);
        final int port = one.localPort();
        one.abort();
        w.poll();
        assertNotEquals(port, connect(80));
    }

    @Test
    void shouldLeaveReservedPortsToThoseWhoAskForThem()
    {
        w.context.lowestLocalPort(40_000).highestLocalPort(40_003).handshake().reservePorts(40_001, 40_002);
        w.start();
        assertEquals(List.of(40_000, 40_003), List.of(connect(80), connect(80)).stream().sorted().toList());
        assertThrows(IllegalStateException.class, () -> connect(80));
        assertEquals(40_001, w.stack.connect(IpAddress.ANY, 40_001, PEER, 80, peer, w.nowNs).localPort());
    }

    @Test
    void shouldGoOnWhereAnotherShardStopped()
    {
        final StackContext context = new StackContext().secret(1, 2).conclude();
        final LocalPorts there = new LocalPorts(context);
        final LocalPorts here = new LocalPorts(context);
        final int offset = there.offset(0, 1, 0, 2, 80);
        final int counter = there.counter(0, 1, 0, 2, 80);
        there.next(offset, counter);
        for (int i = 0; i < LocalPorts.COUNTERS; i++)
        {
            here.count(i, there.count(i));
        }
        assertEquals(there.next(offset, counter), here.next(offset, counter));
    }
}
