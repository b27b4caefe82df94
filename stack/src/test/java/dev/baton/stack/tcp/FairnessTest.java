package dev.baton.stack.tcp;

import dev.baton.stack.sim.DropReason;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Flows that share one bottleneck of 20 Mbit/s with 40 ms and a queue of one bandwidth-delay product; each starts half
 * a second later.
 */
class FairnessTest
{
    private static final long RATE = 20_000_000;
    private static final long RTT_NS = 40_000_000;
    private static final int QUEUE_BYTES = 100_000;
    private static final long WARM_UP_NS = 20 * TcpWorld.SECOND_NS;
    private static final long MEASURED_NS = 40 * TcpWorld.SECOND_NS;
    private static final long MORE_THAN_ALL = 1L << 40;

    /** What a run gave. */
    private record Shares(double[] mbit, double dropped)
    {
        double sum()
        {
            double sum = 0;
            for (final double share : mbit)
            {
                sum += share;
            }
            return sum;
        }

        double jain()
        {
            double squares = 0;
            for (final double share : mbit)
            {
                squares += share * share;
            }
            return sum() * sum() / (mbit.length * squares);
        }
    }

    /** Each flow has a port and a service of its own, so that each stream is checked by itself. */
    private static Shares share(final String control, final int flows, final long startGapNs)
    {
        final TcpWorld w = new TcpWorld(flows).fullBuffers();
        w.toServer().delay(RTT_NS / 2).rate(RATE, QUEUE_BYTES);
        w.toClient().delay(RTT_NS / 2);
        w.clientContext.congestionControl(control);
        w.start();
        final List<StreamPeer> receivers = new ArrayList<>();
        for (int i = 0; i < flows; i++)
        {
            final StreamPeer receiver = new StreamPeer();
            receivers.add(receiver);
            w.server.listen(TcpWorld.SERVER_4, TcpWorld.PORT + i, receiver);
            final StreamPeer sender = new StreamPeer().sends(MORE_THAN_ALL);
            sender.connection = w.client.connect(
                TcpWorld.CLIENT_4, 0, TcpWorld.SERVER_4, TcpWorld.PORT + i, sender, w.world.nowNs());
            w.run(startGapNs);
        }
        w.run(WARM_UP_NS);
        final long[] before = receivers.stream().mapToLong((receiver) -> receiver.received).toArray();
        w.run(MEASURED_NS);
        final double[] mbit = new double[flows];
        for (int i = 0; i < flows; i++)
        {
            mbit[i] = (receivers.get(i).received - before[i]) * 8e3 / MEASURED_NS;
        }
        final long dropped = w.toServer().dropped(DropReason.QUEUE_FULL);
        return new Shares(mbit, (double)dropped / w.toServer().accepted());
    }

    @Test
    void shouldShareABottleneckFairly() throws IOException
    {
        final StringBuilder text = new StringBuilder("""
            # Flows over 20 Mbit/s, RTT 40 ms, queue 100 KB; started 0.5 s apart, measured for 40 s from 20 s on.
            # sum, each: Mbit/s of payload
            # control  flows   Jain    sum  dropped %  each
            """);
        for (final String control : new String[]{"reno", "cubic", "bbr"})
        {
            for (final int flows : new int[]{2, 4})
            {
                final Shares shares = share(control, flows, TcpWorld.SECOND_NS / 2);
                text.append(String.format(Locale.ROOT, "%9s  %5d  %5.3f  %5.2f  %9.2f ",
                    control, flows, shares.jain(), shares.sum(), 100 * shares.dropped()));
                for (final double share : shares.mbit())
                {
                    text.append(String.format(Locale.ROOT, " %5.2f", share));
                }
                text.append('\n');
                assertTrue(shares.jain() > 0.95, () -> control + " " + flows + ": Jain's index is " + shares.jain());
            }
        }
        TextSnapshot.check("fairness.txt", text.toString());
    }

    @Test
    void shouldYieldToAFlowThatComesLate()
    {
        final Shares shares = share("cubic", 2, 30 * TcpWorld.SECOND_NS);
        assertTrue(shares.jain() > 0.95, () -> "Jain's index is " + shares.jain());
    }
}
