package dev.baton.stack.tcp;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Locale;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Goodput by loss, RTT and congestion control, in virtual time, beside the window that RFC 9438 predicts. */
class GoodputSnapshotTest
{
    private static final double[] LOSSES = {0, 0.001, 0.005, 0.01, 0.02};
    private static final int[] RTTS_MS = {10, 40, 100};
    private static final String[] CONTROLS = {"reno", "cubic", "bbr"};
    private static final long MS = 1_000_000L;
    private static final long[] SEEDS = {1, 2};
    private static final long BYTES = 20_000_000;
    private static final double RARE_LOSS = 0.001;
    private static final double LEAST_RATIO = 0.9;
    private static final String HEADER = """
        # One flow, 100 Mbit/s, queue of one bandwidth-delay product (at least 64 KB), MSS 1448.
        # Two transfers for each line, of 20 MB, 40 MB where loss is rare.
        # goodput: Mbit/s of payload from a quarter of the bytes on; window: the same in segments a round trip
        # rfc: the smaller of what the link carries and RFC 9438's response function (for reno: sqrt(1.5/p), for bbr: the link)
        # resent: of all segments; rto: time-outs
        # loss %  rtt ms  control  goodput   window      rfc  ratio  resent %  rto
        """;

    private static GoodputRun run(final String control, final double loss, final long rttNs)
    {
        final GoodputRun run = new GoodputRun(control, loss, rttNs);
        for (final long seed : SEEDS)
        {
            run.transfer(seed, loss > RARE_LOSS ? BYTES : 2 * BYTES);
        }
        return run;
    }

    @Test
    void shouldKeepGoodputOverTheGridOfLossAndRtt() throws IOException
    {
        final StringBuilder text = new StringBuilder(HEADER);
        for (final double loss : LOSSES)
        {
            for (final int rttMs : RTTS_MS)
            {
                for (final String control : CONTROLS)
                {
                    line(text, run(control, loss, rttMs * MS));
                }
            }
        }
        TextSnapshot.check("goodput.txt", text.toString());
    }

    private static void line(final StringBuilder text, final GoodputRun run)
    {
        final double window = run.windowSegments();
        final double expected = run.expectedSegments();
        final boolean follows = run.loss > 0 && !run.congestionControl.equals("bbr");
        assertTrue(!follows || window >= LEAST_RATIO * expected, () -> run.congestionControl + " reaches " + window +
            " of " + expected + " segments at a loss of " + run.loss + " and " + run.rttNs / MS + " ms");
        text.append(String.format(Locale.ROOT, "%8.1f  %6d  %7s  %7.2f  %7.1f  %7.1f  %5.2f  %8.2f  %3d\n",
            100 * run.loss, run.rttNs / MS, run.congestionControl, run.goodputMbit(), window, expected,
            window / expected, 100.0 * run.resent / run.segments, run.timeouts));
    }

    /** Loss bounds BBR otherwise than by a response function: {@link BbrGoodputTest}. */
    private static boolean isModelled(final GoodputRun run)
    {
        return "bbr".equals(run.congestionControl);
    }

    @Test
    void shouldReachNineTenthsOfTheResponseFunctionAtTwoPercentLoss()
    {
        final GoodputRun run = run("cubic", 0.02, 40 * MS).transfer(3, BYTES).transfer(4, BYTES);
        final double ratio = run.windowSegments() / run.expectedSegments();
        assertTrue(ratio >= LEAST_RATIO, () -> run.windowSegments() + " segments of " + run.expectedSegments());
    }
}
