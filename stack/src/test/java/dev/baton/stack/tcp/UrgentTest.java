package dev.baton.stack.tcp;

import dev.baton.stack.service.TcpOption;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.P;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Urgent data, RFC 9293, section 3.8.5, MUST-30 to MUST-34 and MUST-62; RFC 6093. */
class UrgentTest
{
    private static final int U = TcpHeader.URG;
    private static final int MSS = 1460;

    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer().pausedReading();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);

    private void accept()
    {
        w.start().accept(peer);
        w.discardOutput();
    }

    private void writeUrgent(final int bytes)
    {
        assertEquals(bytes, peer.connection.writeUrgent(Pattern.table(), Pattern.at(peer.sent), bytes));
        peer.sent += bytes;
        w.poll();
    }

    private void urgent(final int seq, final int pointer, final int bytes)
    {
        w.seg(A | P | U, 1001 + seq).ack(w.iss + 1).urgent(pointer).data(bytes, seq).in();
    }

    private int read(final int most)
    {
        return peer.connection.read(buffer, 0, most);
    }

    @Test
    void shouldPointToTheOctetBehindTheUrgentData()
    {
        accept();
        writeUrgent(5);
        final Wire.Out out = w.out();
        assertTrue((out.flags() & U) != 0);
        assertEquals(5, out.length());
        assertEquals(5, out.urgentPointer());
        w.expectSilence();
    }

    @Test
    void shouldAnnounceTheEndInEverySegmentBeforeItAndInNoneBehind()
    {
        accept();
        writeUrgent(2 * MSS + 10);
        assertEquals(2 * MSS + 10, w.out().urgentPointer());
        assertEquals(MSS + 10, w.out().urgentPointer());
        assertEquals(10, w.out().urgentPointer());
        w.seg(A, 1001).ack(w.iss + 1 + 2 * MSS + 10).in();
        peer.sends(peer.sent + 10).write();
        w.poll();
        assertEquals(0, w.out().urgentPointer());
    }

    @Test
    void shouldAnnounceAsFarAsThePointerReachesWhenTheEndIsFurther()
    {
        w.context.initialSendBufferBytes(200_000);
        accept();
        peer.connection.write(Pattern.table(), 0, 50_000);
        peer.connection.write(Pattern.table(), 0, 50_000);
        peer.sent = 100_000;
        writeUrgent(1);
        assertEquals(0xFFFF, w.out().urgentPointer());
    }

    @Test
    void shouldNotMakeSuperSegmentsOfUrgentData()
    {
        w.gso = 65_535;
        accept();
        writeUrgent(4 * MSS);
        for (int i = 0; i < 4; i++)
        {
            final Wire.Out out = w.out();
            assertEquals(MSS, out.length());
            assertEquals((4 - i) * MSS, out.urgentPointer());
        }
        w.seg(A, 1001).ack(w.iss + 1 + 4 * MSS).in();
        peer.sends(peer.sent + 3 * MSS).write();
        w.poll();
        assertEquals(3 * MSS, w.out().length());
    }

    @Test
    void shouldAnnounceUrgentDataAtOnceThroughAShutWindow()
    {
        accept();
        w.seg(A, 1001).ack(w.iss + 1).window(0).in();
        writeUrgent(10);
        final Wire.Out out = w.out();
        assertEquals(0, out.length());
        assertEquals(w.iss + 1, out.seq());
        assertEquals(10, out.urgentPointer());
    }

    @Test
    void shouldTellTheUserOfUrgentDataAndOfAFurtherEndButNotTwice()
    {
        accept();
        urgent(0, 10, 5);
        assertTrue(peer.events.contains("urgent 10"), peer.events.toString());
        peer.events.clear();
        urgent(5, 5, 5);
        assertFalse(peer.events.toString().contains("urgent"), "the same end again");
        urgent(10, 20, 5);
        assertTrue(peer.events.contains("urgent 30"), peer.events.toString());
    }

    @Test
    void shouldTellEvenWithoutData()
    {
        accept();
        w.seg(A | U, 1001).ack(w.iss + 1).urgent(3).in();
        assertEquals(3, peer.connection.urgentBytes());
        assertTrue(peer.events.contains("urgent 3"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldIgnoreAPointerToWhatHasComeAlready(final int pointer)
    {
        accept();
        w.seg(A, 1001).ack(w.iss + 1).data(10).in();
        peer.events.clear();
        w.seg(A | U, 1011).ack(w.iss + 1).urgent(0).data(5, 10).in();
        w.seg(A | U, 1005).ack(w.iss + 1).urgent(pointer).data(1, 4).in();
        assertEquals(0, peer.connection.urgentBytes());
        assertFalse(peer.events.toString().contains("urgent"));
    }

    @Test
    void shouldStopReadingAtTheMarkAndReadTheOctetApart()
    {
        accept();
        urgent(0, 6, 10);
        assertEquals(5, peer.connection.readable());
        assertEquals(6, peer.connection.urgentBytes());
        assertEquals(Pattern.table().getByte(Pattern.at(5)) & 0xFF, peer.connection.readUrgent());
        assertEquals(-1, peer.connection.readUrgent(), "only once");
        assertEquals(3, read(3));
        assertFalse(peer.connection.atUrgentMark());
        assertEquals(2, read(100));
        assertTrue(peer.connection.atUrgentMark());
        assertEquals(4, peer.connection.readable());
        assertEquals(4, peer.connection.peek(buffer, 0, 100));
        assertEquals(-1, Pattern.mismatch(buffer, 4, 6), "the octet is passed over");
        assertEquals(4, read(100));
        assertEquals(-1, Pattern.mismatch(buffer, 4, 6), "the octet is passed over");
        assertFalse(peer.connection.atUrgentMark());
        assertEquals(0, peer.connection.urgentBytes());
    }

    @Test
    void shouldLeaveTheOctetInItsPlaceWhenInline()
    {
        accept();
        peer.connection.option(TcpOption.OOB_INLINE, 1);
        urgent(0, 6, 10);
        assertEquals(-1, peer.connection.readUrgent());
        assertEquals(5, read(100));
        assertTrue(peer.connection.atUrgentMark());
        assertEquals(5, read(100));
        assertEquals(-1, Pattern.mismatch(buffer, 5, 5));
        assertFalse(peer.connection.atUrgentMark());
    }

    @Test
    void shouldReadPointerAsTheLastOctetOnlyWhenToldSo()
    {
        w.context.standardUrgentPointer(true);
        accept();
        urgent(0, 5, 10);
        assertEquals(6, peer.connection.urgentBytes());
    }

    @Test
    void shouldKeepTheEndWhenASegmentIsTrimmed()
    {
        accept();
        w.seg(A, 1001).ack(w.iss + 1).data(4).in();
        urgent(0, 8, 6);
        assertEquals(8, peer.connection.urgentBytes());
    }

    @Test
    void shouldReachTheEndOfTheStreamWithAnOctetThatIsReadApart()
    {
        accept();
        w.seg(A | P | U | Wire.F, 1001).ack(w.iss + 1).urgent(4).data(4).in();
        assertEquals(3, read(100));
        assertEquals(0, peer.connection.readable());
        assertTrue(peer.connection.endOfStream());
        assertEquals(-1, read(100));
        peer.connection.close();
        w.poll();
        assertEquals(0, peer.connection.urgentBytes());
    }
}
