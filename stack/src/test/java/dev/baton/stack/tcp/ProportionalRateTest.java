package dev.baton.stack.tcp;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** RFC 9937: twenty segments of 1000 bytes are in flight, ssthresh is ten. */
class ProportionalRateTest
{
    private static final int MSS = 1000;

    private final Tcb tcb = Tcbs.established(MSS);
    private final AckNews news = new AckNews();

    @BeforeEach
    void begin()
    {
        tcb.sndNxt = 20 * MSS;
        for (int i = 1; i <= 20; i++)
        {
            tcb.sentLog.append(i * MSS, i);
        }
        tcb.ssthreshBytes = 10 * MSS;
        tcb.recovery = Tcb.RECOVERY_FAST;
        news.begin(tcb, false, 0, 100);
    }

    private int allowed()
    {
        return tcb.cwndBytes - tcb.pipeBytes();
    }

    private int sack(final int from, final int to)
    {
        return tcb.sentLog.markSacked(from * MSS, to * MSS, news);
    }

    private void start()
    {
        final int delivered = sack(1, 4);
        tcb.sentLog.markFrontLost(MSS);
        ProportionalRate.begin(tcb, 0, news);
        ProportionalRate.onAck(tcb, delivered, false, true);
    }

    @Test
    void shouldSendHalfOfWhatIsDeliveredWhenSsthreshIsHalf()
    {
        start();
        assertEquals(1500, allowed());
        ProportionalRate.onSent(tcb, MSS);
        ProportionalRate.onAck(tcb, sack(4, 5), false, false);
        assertEquals(1000, allowed());
        ProportionalRate.onSent(tcb, MSS);
        ProportionalRate.onAck(tcb, sack(5, 6), false, false);
        assertEquals(500, allowed());
    }

    @Test
    void shouldNotCountWhatWasSackedBefore()
    {
        sack(1, 3);
        news.begin(tcb, false, 0, 100);
        final int delivered = sack(3, 4);
        ProportionalRate.begin(tcb, 0, news);
        ProportionalRate.onAck(tcb, delivered, false, true);
        assertEquals((MSS * 10 + 17) / 18, allowed(), "18 of 20 are to be delivered yet");
    }

    @Test
    void shouldSendAtLeastOneSegmentAtTheBeginning()
    {
        ProportionalRate.begin(tcb, 0, news);
        ProportionalRate.onAck(tcb, 0, false, true);
        assertEquals(MSS, allowed());
    }

    @Test
    void shouldConservePacketsBelowSsthresh()
    {
        start();
        ProportionalRate.onSent(tcb, MSS);
        sack(4, 18);
        ProportionalRate.onAck(tcb, MSS, false, false);
        assertEquals(3 * MSS, allowed(), "prr_delivered - prr_out");
        ProportionalRate.onSent(tcb, 3 * MSS);
        ProportionalRate.onAck(tcb, MSS, false, false);
        assertEquals(MSS, allowed());
    }

    @Test
    void shouldSendASegmentMoreWhenAllGoesWell()
    {
        start();
        ProportionalRate.onSent(tcb, 4 * MSS);
        sack(4, 18);
        ProportionalRate.onAck(tcb, MSS, true, false);
        assertEquals(2 * MSS, allowed());
    }

    @Test
    void shouldNotExceedSsthreshWhenItCatchesUp()
    {
        start();
        sack(4, 12);
        ProportionalRate.onAck(tcb, 8 * MSS, true, false);
        assertEquals(tcb.ssthreshBytes, tcb.cwndBytes);
    }
}
