package dev.baton.stack.tcp;

import dev.baton.stack.StackCounter;
import dev.baton.stack.wire.TcpOptions;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.tcp.Wire.A;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a receiver reports of duplicates (RFC 2883, section 4). */
class DsackTest
{
    private final Wire w = new Wire();

    private void data(final int offset, final int bytes)
    {
        w.seg(A, 1001 + offset).ack(w.iss + 1).data(bytes, offset).in();
    }

    private void accept()
    {
        w.start().accept(new StreamPeer());
        w.discardOutput();
    }

    private void expectBlocks(final int... edges)
    {
        Wire.Out last = w.out();
        for (Wire.Out next = w.outOrNull(); next != null; next = w.outOrNull())
        {
            last = next;
        }
        final TcpOptions options = last.options();
        assertEquals(edges.length / 2, options.sackCount(), "blocks");
        for (int i = 0; i < options.sackCount(); i++)
        {
            assertEquals(1001 + edges[2 * i], options.sackStart(i));
            assertEquals(1001 + edges[2 * i + 1], options.sackEnd(i));
        }
    }

    private void assertSent(final long old, final long outOfOrder)
    {
        assertEquals(old, w.stack.counters().get(StackCounter.TCP_DSACK_OLD_SENT));
        assertEquals(outOfOrder, w.stack.counters().get(StackCounter.TCP_DSACK_OFO_SENT));
    }

    @Test
    void shouldReportASegmentThatComesTwiceOnce()
    {
        accept();
        data(0, 500);
        data(0, 500);
        expectBlocks(0, 500);
        data(500, 500);
        expectBlocks();
        assertSent(1, 0);
    }

    @Test
    void shouldReportTheOldPartOfASegment()
    {
        accept();
        data(0, 500);
        data(300, 500);
        expectBlocks(300, 500);
        assertSent(1, 0);
    }

    @Test
    void shouldReportADuplicateBeyondAHoleBeforeItsBlock()
    {
        accept();
        data(1000, 1000);
        data(1200, 300);
        expectBlocks(1200, 1500, 1000, 2000);
        assertSent(0, 1);
    }

    @Test
    void shouldReportTheFirstPartThatOverlaps()
    {
        accept();
        data(1000, 500);
        data(2000, 500);
        data(1200, 1000);
        expectBlocks(1200, 1500, 1000, 2500);
    }

    @Test
    void shouldReportWhatTheFillingOfAHoleBringsTwice()
    {
        accept();
        data(500, 500);
        data(0, 700);
        expectBlocks(500, 700);
        assertSent(1, 0);
    }

    @Test
    void shouldReportDuplicateAndOtherRuns()
    {
        accept();
        data(0, 500);
        data(1000, 500);
        data(2000, 500);
        data(0, 200);
        expectBlocks(0, 200, 2000, 2500, 1000, 1500);
    }

    @Test
    void shouldReportNothingWhenSwitchedOff()
    {
        w.context.dsack(false);
        accept();
        data(0, 500);
        data(0, 500);
        expectBlocks();
        assertSent(0, 0);
    }

    @Test
    void shouldCoverAFinBeyondAHole()
    {
        accept();
        w.seg(A | Wire.F, 1501).ack(w.iss + 1).data(500, 500).in();
        expectBlocks(500, 1001);
    }
}
