package dev.baton.handoff.early;

import dev.baton.handoff.codec.RejectReason;
import dev.baton.stack.Packet;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The module's tables, queues and stores, each against a plain model or at its limit. */
final class TablesTest
{
    private static final class Probe extends Flow
    {
    }

    private static FlowTable<Probe> table(final int limit)
    {
        return new FlowTable<>(limit, 1, 2, Probe::new);
    }

    @Test
    void shouldFindWhatWasAddedAndNothingElse()
    {
        final FlowTable<Probe> table = table(64);
        final Map<Integer, Probe> model = new HashMap<>();
        final Random random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            final int port = random.nextInt(200);
            final Probe known = model.get(port);
            assertSame(known, table.get(0, 1, 80, 0, 9, port));
            if (known != null)
            {
                table.remove(known);
                model.remove(port);
            }
            else
            {
                final Probe added = table.add(0, 1, 80, 0, 9, port);
                assertEquals(model.size() == 64, added == null);
                if (added != null)
                {
                    model.put(port, added);
                }
            }
            assertEquals(model.size(), table.size());
        }
        assertTrue(table.refusals() > 0);
    }

    @Test
    void shouldTellFlowsApartByEveryPartOfTheirEndpoints()
    {
        final FlowTable<Probe> table = table(64);
        table.add(1, 2, 3, 4, 5, 6);
        assertNotNull(table.get(1, 2, 3, 4, 5, 6));
        assertNull(table.get(9, 2, 3, 4, 5, 6));
        assertNull(table.get(1, 9, 3, 4, 5, 6));
        assertNull(table.get(1, 2, 9, 4, 5, 6));
        assertNull(table.get(1, 2, 3, 9, 5, 6));
        assertNull(table.get(1, 2, 3, 4, 9, 6));
        assertNull(table.get(1, 2, 3, 4, 5, 9));
    }

    @Test
    void shouldListFlowsInAnOrderThatNoKeyDecides()
    {
        final List<Integer> first = new ArrayList<>();
        final List<Integer> second = new ArrayList<>();
        final FlowTable<Probe> one = new FlowTable<>(64, 1, 2, Probe::new);
        final FlowTable<Probe> two = new FlowTable<>(64, 3, 4, Probe::new);
        for (int port = 0; port < 50; port++)
        {
            one.add(0, 1, 80, 0, 9, port);
            two.add(0, 1, 80, 0, 9, 49 - port);
        }
        one.snapshot().forEach(flow -> first.add(flow.remotePort));
        two.snapshot().forEach(flow -> second.add(flow.remotePort));
        assertEquals(50, first.size());
        assertEquals(first, second);
    }

    @Test
    void shouldTakeARemovedFlowOutOfItsTimer()
    {
        final FlowTable<Probe> table = table(4);
        final TimerQueue timers = new TimerQueue(10);
        final Probe flow = table.add(0, 1, 80, 0, 9, 1);
        timers.arm(flow, 0);
        table.remove(flow);
        assertEquals(Long.MAX_VALUE, timers.nextDeadlineNs());
        assertNull(timers.pollDue(1000));
    }

    @Test
    void shouldGiveTimersInTheOrderOfTheirArming()
    {
        final TimerQueue timers = new TimerQueue(10);
        final TimerQueue other = new TimerQueue(5);
        final Flow a = new Probe();
        final Flow b = new Probe();
        final Flow c = new Probe();
        timers.arm(a, 0);
        timers.arm(b, 1);
        timers.arm(c, 2);
        assertNull(timers.pollDue(9));
        timers.arm(a, 3);
        assertEquals(11, timers.nextDeadlineNs());
        TimerQueue.disarm(c);
        TimerQueue.disarm(c);
        assertSame(b, timers.pollDue(13));
        assertSame(a, timers.pollDue(13));
        assertNull(timers.pollDue(13));
        timers.arm(a, 20);
        other.arm(a, 20);
        assertEquals(Long.MAX_VALUE, timers.nextDeadlineNs());
        assertEquals(25, other.nextDeadlineNs());
    }

    private static Packet segment(final int length, final int fill)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Packet.HEADROOM + length]);
        buffer.setMemory(Packet.HEADROOM, length, (byte)fill);
        return new Packet()
            .wrap(buffer, Packet.HEADROOM, length, 500, Packet.CHECKSUM_PARTIAL)
            .l4(4, Packet.HEADROOM + 20, TcpHeader.PROTOCOL);
    }

    @Test
    void shouldGiveHeldSegmentsBackAsTheyCame()
    {
        final HeldSegments held = new HeldSegments(4096);
        assertTrue(held.add(segment(100, 1)));
        assertTrue(held.add(segment(200, 2)));
        final Packet back = held.get(1, new Packet());
        assertEquals(200, back.length());
        assertEquals(500, back.gsoSize());
        assertEquals(Packet.CHECKSUM_PARTIAL, back.checksum());
        assertEquals(180, back.l4Length());
        assertEquals(4, back.version());
        assertTrue(back.offset() >= Packet.HEADROOM);
        assertEquals(2, back.buffer().getByte(back.offset() + 199));
        assertEquals(1, held.get(0, back).buffer().getByte(back.offset() + 99));
    }

    @Test
    void shouldRefuseSegmentsBeyondTheirNumberAndTheirBytes()
    {
        final HeldSegments bytes = new HeldSegments(4096);
        assertTrue(bytes.add(segment(4000, 1)));
        assertFalse(bytes.add(segment(97, 1)));
        assertTrue(bytes.add(segment(96, 1)));
        final HeldSegments number = new HeldSegments(65536);
        for (int i = 0; i < 64; i++)
        {
            assertTrue(number.add(segment(1000, i)));
        }
        assertFalse(number.add(segment(1, 1)));
        assertEquals(64, number.count());
        assertEquals(63, number.get(63, new Packet()).buffer().getByte(number.get(63, new Packet()).offset()));
        number.clear();
        assertTrue(number.add(segment(65536, 1)));
    }

    @Test
    void shouldRefuseHoldsBeyondTheirLimitAndReuseThem()
    {
        final Hold.Pool pool = new Hold.Pool(2, 4096);
        final Hold first = pool.take(100);
        assertTrue(first.segments.add(segment(50, 1)));
        assertNotNull(pool.take(1));
        assertNull(pool.take(1));
        assertEquals(1, pool.refusals());
        assertEquals(2, pool.inUse());
        pool.give(first);
        final Hold again = pool.take(300);
        assertSame(first, again);
        assertEquals(0, again.segments.count());
        assertEquals(300, again.prefix.nextSeq());
    }

    @Test
    void shouldKeepTheLatestEndsAndTellThemOldestFirst()
    {
        final History history = new History(3);
        for (int i = 1; i <= 5; i++)
        {
            final FrontEntry entry = new FrontEntry();
            entry.reset();
            entry.handoffId = i;
            entry.remotePort = i;
            history.front(entry, "b1", i == 5 ? "rejected" : "stayed: policy",
                i == 5 ? RejectReason.WINDOW : null, 1000);
            entry.handoffId = 99;
        }
        final StringBuilder json = new StringBuilder();
        history.appendTo(json);
        final String text = json.toString();
        assertEquals(5, history.count());
        assertFalse(text.contains("\"id\":\"2\"") || text.contains("\"id\":\"63\""), text);
        assertTrue(text.indexOf("\"id\":\"3\"") < text.indexOf("\"id\":\"4\""), text);
        assertTrue(text.contains("\"outcome\":\"rejected: WINDOW\""), text);
        assertTrue(text.contains("\"acknowledged_us\":-1"), text);
    }
}
