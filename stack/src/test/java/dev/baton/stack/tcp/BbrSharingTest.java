package dev.baton.stack.tcp;

import dev.baton.stack.sim.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** BBR at a bottleneck of 20 Mbit/s with 40 ms: what it does to the queue, and to others. */
class BbrSharingTest
{
    private static final long RATE = 20_000_000;
    private static final long RTT_NS = 40_000_000;
    private static final int BDP_BYTES = 100_000;
    private static final long MORE_THAN_ALL = 1L << 40;

    private final List<StreamPeer> receivers = new ArrayList<>();
    private final List<StreamPeer> senders = new ArrayList<>();
    private TcpWorld w;
    private long sampledNs;
    private long srttSumNs;

    private void world(final long seed, final int queueBytes)
    {
        w = new TcpWorld(seed);
        w.toServer().delay(RTT_NS / 2).rate(RATE, queueBytes);
        w.toClient().delay(RTT_NS / 2);
        w.start();
    }

    private Connection flow(final String control)
    {
        final StreamPeer receiver = new StreamPeer();
        final int port = TcpWorld.PORT + receivers.size();
        receivers.add(receiver);
        w.server.listen(TcpWorld.SERVER_4, port, receiver);
        final StreamPeer sender = new StreamPeer().sends(MORE_THAN_ALL);
        senders.add(sender);
        sender.connection = w.client.connect(TcpWorld.CLIENT_4, 0, TcpWorld.SERVER_4, port, sender, w.world.nowNs());
        final Connection connection = (Connection)sender.connection;
        connection.congestionControl(control);
        w.run(TcpWorld.SECOND_NS / 2);
        return connection;
    }

    /** Mbit/s of payload of each flow over a time. */
    private double[] measure(final long ns)
    {
        final long[] before = receivers.stream().mapToLong((receiver) -> receiver.received).toArray();
        w.run(ns);
        final double[] mbit = new double[before.length];
        for (int i = 0; i < mbit.length; i++)
        {
            mbit[i] = (receivers.get(i).received - before[i]) * 8e3 / ns;
        }
        return mbit;
    }

    /** Mean smoothed RTT of one flow in a queue of ten bandwidth-delay products, after its start. */
    private double meanSrttMs(final String control)
    {
        world(1, 10 * BDP_BYTES);
        final Connection connection = flow(control);
        w.run(3 * TcpWorld.SECOND_NS);
        final double[] mbit = new double[1];
        for (int i = 0; i < 200; i++)
        {
            mbit[0] += measure(TcpWorld.SECOND_NS / 10)[0] / 200;
            srttSumNs += connection.tcb().srttNs;
            sampledNs++;
        }
        assertTrue(mbit[0] > 17.5, () -> control + " reaches " + mbit[0] + " Mbit/s");
        final double mean = srttSumNs / 1e6 / sampledNs;
        srttSumNs = 0;
        sampledNs = 0;
        receivers.clear();
        return mean;
    }

    @Test
    void shouldKeepADeepQueueShort()
    {
        final double bbr = meanSrttMs("bbr");
        assertEquals(0, w.toServer().dropped(DropReason.QUEUE_FULL), "packets that found the queue full");
        final double cubic = meanSrttMs("cubic");
        assertTrue(bbr < 1.25 * RTT_NS / 1e6, () -> "mean smoothed RTT with BBR: " + bbr + " ms");
        assertTrue(cubic > 2 * bbr, () -> "mean smoothed RTT: " + cubic + " ms with CUBIC, " + bbr + " with BBR");
    }

    @Test
    void shouldShareWithItself()
    {
        world(2, BDP_BYTES);
        flow("bbr");
        flow("bbr");
        w.run(20 * TcpWorld.SECOND_NS);
        final double[] mbit = measure(40 * TcpWorld.SECOND_NS);
        final double sum = mbit[0] + mbit[1];
        assertTrue(sum > 18, () -> "both together: " + sum);
        assertTrue(Math.min(mbit[0], mbit[1]) > 0.35 * sum, () -> mbit[0] + " and " + mbit[1] + " Mbit/s");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void shouldNotStarveCubicNorBeStarved(final int queueBdps)
    {
        world(3, queueBdps * BDP_BYTES);
        flow("cubic");
        flow("bbr");
        w.run(20 * TcpWorld.SECOND_NS);
        final double[] mbit = measure(40 * TcpWorld.SECOND_NS);
        final double sum = mbit[0] + mbit[1];
        assertTrue(sum > 18, () -> "both together: " + sum);
        assertTrue(Math.min(mbit[0], mbit[1]) > 0.15 * sum, () -> "CUBIC " + mbit[0] + ", BBR " + mbit[1] + " Mbit/s");
    }
}
