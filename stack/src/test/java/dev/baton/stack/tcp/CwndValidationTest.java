package dev.baton.stack.tcp;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** RFC 7661, on a path of 40 ms: a window that was filled once, and is not used any more. */
class CwndValidationTest
{
    private static final long MS = 1_000_000L;
    private static final int MSS = 1448;
    private static final int INITIAL_WINDOW = 10 * MSS;
    private static final int GROWN = 1_000_000;

    private final TcpWorld w = new TcpWorld(1);
    private final StreamPeer receiver = new StreamPeer();
    private final StreamPeer sender = new StreamPeer();
    private Tcb tcb;

    /** A connection that has grown its window, with nothing in flight. */
    private void grown()
    {
        w.clientContext.slowStartAfterIdle(false).congestionControl("reno");
        w.toServer().delay(20 * MS);
        w.toClient().delay(20 * MS);
        w.start().listen(receiver);
        sender.sends(GROWN);
        w.connect(sender);
        tcb = ((Connection)sender.connection).tcb();
        w.until("sent", 10, () -> receiver.received == GROWN);
        w.run(100 * MS);
        assertEquals(0, tcb.flightBytes());
    }

    private void send(final int bytes)
    {
        sender.toSend += bytes;
        sender.write();
        w.client.poll(w.world.nowNs());
    }

    /** Use a tenth of the window for some time. */
    private void useLittle()
    {
        for (int i = 0; i < 100; i++)
        {
            send(3 * MSS);
            w.run(50 * MS);
        }
    }

    @Test
    void shouldCountWhatIsAcknowledgedInARoundTrip()
    {
        grown();
        assertTrue(tcb.pipeAckBytes >= tcb.cwndBytes / 2, () -> tcb.pipeAckBytes + " of " + tcb.cwndBytes);
        assertTrue(CwndValidation.isValidated(tcb));
        assertEquals(Tcb.NONE, tcb.nonValidatedSinceNs);
        useLittle();
        assertEquals(3 * MSS, tcb.pipeAckBytes);
        assertFalse(CwndValidation.isValidated(tcb));
    }

    @Test
    void shouldForgetAGreatSampleAfterASecond()
    {
        grown();
        final int before = tcb.pipeAckBytes;
        for (int i = 0; i < 8; i++)
        {
            send(3 * MSS);
            w.run(50 * MS);
        }
        assertEquals(before, tcb.pipeAckBytes);
        w.run(1000 * MS);
        send(3 * MSS);
        w.run(50 * MS);
        assertEquals(3 * MSS, tcb.pipeAckBytes);
    }

    /** A pause of more than the sampling period is as good as little use. */
    @Test
    void shouldBoundTheBurstAfterASilence()
    {
        grown();
        w.run(2000 * MS);
        final long before = tcb.bytesOut;
        send(GROWN);
        assertEquals(INITIAL_WINDOW, tcb.bytesOut - before);
        assertTrue(tcb.cwndBytes > 20 * INITIAL_WINDOW);
    }

    @Test
    void shouldNotGrowAWindowThatIsNotUsed()
    {
        grown();
        final int cwndBytes = tcb.cwndBytes;
        useLittle();
        assertEquals(cwndBytes, tcb.cwndBytes);
    }

    /** Section 4.4.2: the window is there, but the first burst is an initial one. */
    @Test
    void shouldBoundTheBurstAfterIdle()
    {
        grown();
        useLittle();
        assertTrue(tcb.cwndBytes > 20 * INITIAL_WINDOW);
        final long before = tcb.bytesOut;
        send(2 * GROWN);
        assertEquals(INITIAL_WINDOW, tcb.bytesOut - before);
        send(2 * GROWN);
        assertEquals(INITIAL_WINDOW, tcb.bytesOut - before, "in the same instant");
        w.run(45 * MS);
        assertEquals(3 * INITIAL_WINDOW, tcb.bytesOut - before, "slow start from there");
        w.run(40 * MS);
        assertEquals(7 * INITIAL_WINDOW, tcb.bytesOut - before);
        w.run(250 * MS);
        assertEquals(0, tcb.validWindowBytes);
        assertTrue(CwndValidation.isValidated(tcb));
    }

    /** A window that is in use is not bounded. */
    @Test
    void shouldNotBoundBurstsOfAValidatedWindow()
    {
        grown();
        final long before = tcb.bytesOut;
        send(GROWN);
        assertTrue(tcb.bytesOut - before > 2 * INITIAL_WINDOW);
    }

    /** Section 4.4.1: what counts after a loss is what was used. */
    @Test
    void shouldAnswerALossFromWhatWasUsed()
    {
        grown();
        useLittle();
        assertEquals(3 * MSS, CwndValidation.beforeLoss(tcb));
        assertEquals(3 * MSS, tcb.cwndBytes);
    }

    @Test
    void shouldAnswerALossFromFlightSizeWhenValidated()
    {
        grown();
        final int cwndBytes = tcb.cwndBytes;
        assertEquals(tcb.flightBytes(), CwndValidation.beforeLoss(tcb));
        assertEquals(cwndBytes, tcb.cwndBytes);
    }

    /** Section 4.4.3. */
    @Test
    void shouldHalveTheWindowAfterFiveMinutes()
    {
        grown();
        useLittle();
        final int cwndBytes = tcb.cwndBytes;
        w.run(299_000 * MS - (w.world.nowNs() - tcb.nonValidatedSinceNs));
        send(MSS);
        assertEquals(cwndBytes, tcb.cwndBytes);
        w.run(2_000 * MS);
        send(MSS);
        assertEquals(cwndBytes / 2, tcb.cwndBytes);
        assertTrue(tcb.ssthreshBytes >= 3L * cwndBytes / 4);
        w.run(290_000 * MS);
        send(MSS);
        assertEquals(cwndBytes / 2, tcb.cwndBytes);
        w.run(20_000 * MS);
        send(MSS);
        assertEquals(cwndBytes / 4, tcb.cwndBytes);
    }

    @Test
    void shouldRestartAfterIdleWhereThatIsOn()
    {
        w.clientContext.slowStartAfterIdle(true);
        w.toServer().delay(20 * MS);
        w.toClient().delay(20 * MS);
        w.start().listen(receiver);
        sender.sends(GROWN);
        w.connect(sender);
        tcb = ((Connection)sender.connection).tcb();
        w.until("sent", 10, () -> receiver.received == GROWN);
        w.run(2_000 * MS);
        send(GROWN);
        assertEquals(INITIAL_WINDOW, tcb.cwndBytes);
    }
}
