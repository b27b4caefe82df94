package dev.baton.stack.tcp;

import dev.baton.stack.sim.DropReason;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The first slow start over 20 Mbit/s and 20 ms, with a queue of twenty bandwidth-delay products. */
class SlowStartTest
{
    private static final int BDP_BYTES = 50_000;
    private static final int UNSET = 1 << 30;

    private Tcb tcb;

    /** Run until slow start is over. Returns the packets that the queue had no room for. */
    private long drops(final String control)
    {
        final TcpWorld w = new TcpWorld(1).fullBuffers();
        w.toServer().delay(10_000_000).rate(20_000_000, 20 * BDP_BYTES);
        w.toClient().delay(10_000_000);
        w.clientContext.congestionControl(control);
        final StreamPeer receiver = new StreamPeer();
        final StreamPeer sender = new StreamPeer().sends(30_000_000);
        w.start().listen(receiver);
        w.connect(sender);
        w.until("established", 5, () -> receiver.received > 0);
        w.client.forEachConnection((it) -> tcb = it);
        w.until("slow start ends", 30, () -> tcb.ssthreshBytes < UNSET);
        return w.toServer().dropped(DropReason.QUEUE_FULL);
    }

    @Test
    void shouldLeaveSlowStartBeforeLossOnALargeBuffer()
    {
        assertEquals(0, drops("cubic"));
        assertTrue(tcb.ssthreshBytes >= BDP_BYTES, "slow start ended before the path was full: " + tcb.ssthreshBytes);
        assertEquals(0, tcb.segmentsRetransmitted);
    }

    @Test
    void shouldOverflowTheSameBufferWithoutHyStart()
    {
        assertTrue(drops("reno") > 100);
    }
}
