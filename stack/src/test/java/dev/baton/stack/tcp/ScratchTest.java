package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import org.junit.jupiter.api.Test;

class ScratchTest
{
    @Test
    void trace()
    {
        final long rate = Long.getLong("mbit", 50) * 1_000_000;
        final long rttNs = Long.getLong("rtt", 40) * 1_000_000;
        final double loss = Double.parseDouble(System.getProperty("loss", "0.01"));
        final TcpWorld w = new TcpWorld(1);
        final long bdp = rate / 8 * rttNs / TcpWorld.SECOND_NS;
        w.toServer().delay(rttNs / 2).loss(loss).rate(rate, (int)Math.max(65536, bdp));
        w.toClient().delay(rttNs / 2);
        w.clientContext.congestionControl("bbr");
        final StreamPeer client = new StreamPeer().sends(1L << 40);
        final StreamPeer server = new StreamPeer();
        w.start().listen(server);
        w.connect(client);
        long last = 0;
        for (int i = 0; i < 100; i++)
        {
            w.run(100_000_000);
            final StringBuilder b = new StringBuilder();
            w.client.forEachConnection((t) ->
            {
                t.congestionControl.describe(t, b);
                final long[] x = t.ccWords;
                b.append(" cwnd ").append(t.cwndBytes).append(" pipe ").append(t.pipeBytes()).append(" rec ").append(t.recovery)
                    .append(" pacing ").append(t.pacing.rate * 8 / 1000000.0)
                    .append(" maxbw ").append(Math.max(x[10], x[11]) * 8 / 1e6).append(" short ").append(x[12] == Long.MAX_VALUE ? "inf" : x[12] * 8 / 1e6)
                    .append(" ilong ").append(x[18] == Long.MAX_VALUE ? "inf" : x[18]).append(" ishort ").append(x[19] == Long.MAX_VALUE ? "inf" : x[19])
                    .append(" srtt ").append(t.srttNs / 1e6).append(" applim ").append(t.rate.appLimitedBytes).append(" wnd ").append(t.sndWnd).append(" lim ").append(t.cwndLimited);
            });
            System.out.printf("%5.1f %6.2f %s rto %d%n", i / 10.0, (server.received - last) * 8 / 1e5, b, w.client.counters().get(StackCounter.TCP_TIMEOUTS));
            last = server.received;
        }
        System.out.println(bdp);
    }
}
