package dev.baton.tun;

import jnr.enxio.channels.NativeSelectorProvider;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class WaiterTest
{
    private static final long LONG_NS = 10 * Waiter.MAX_WAIT_NS;
    private static final int MESSAGES = 20_000;

    /** Stands still, so that whatever ends a wait is not the clock. */
    private final NanoClock still = () -> 0;

    @Test
    void shouldTimeOutWhenNothingHappens() throws Exception
    {
        try (Waiter waiter = new Waiter(still, new AdaptiveSpin(0)))
        {
            assertEquals(Waiter.TIMEOUT, waiter.await(0));
            assertEquals(Waiter.TIMEOUT, waiter.await(-1));
            assertEquals(Waiter.TIMEOUT, waiter.await(1_000_000));
            assertEquals(0, waiter.wakes());
            assertEquals(0, waiter.pollErrors());
        }
    }

    @Test
    void shouldReturnAtOnceWhenWokenBeforehandAndOnlyOnce() throws Exception
    {
        try (Waiter waiter = new Waiter(still, new AdaptiveSpin(0)))
        {
            waiter.wake();
            waiter.wake();

            assertEquals(Waiter.WOKEN, waiter.await(LONG_NS));
            assertEquals(0, waiter.parks());
            assertEquals(Waiter.TIMEOUT, waiter.await(0));
            assertEquals(1, waiter.wakes());
        }
    }

    @Test
    void shouldCutLongWaitsAndKeepShortOnesExact() throws Exception
    {
        final UnsafeBuffer seen = new UnsafeBuffer(new byte[16]);
        final LibC recording = new DelegatingLibC()
        {
            @Override
            public int ppoll(final long fds, final long count, final long timespec, final long sigmask)
            {
                seen.putBytes(0, new UnsafeBuffer(timespec, 16), 0, 16);
                return 0;
            }
        };
        try (Waiter waiter = new Waiter(EventFd.open(), recording, still, new AdaptiveSpin(0)))
        {
            assertEquals(Waiter.TIMEOUT, waiter.await(LONG_NS));
            assertEquals(1, seen.getLong(0));
            assertEquals(0, seen.getLong(8));
            assertEquals(Waiter.TIMEOUT, waiter.await(1_234_567));
            assertEquals(0, seen.getLong(0));
            assertEquals(1_234_567, seen.getLong(8));
        }
    }

    @Test
    void shouldEndTheParkOfTheOwnerFromAnotherThread() throws Exception
    {
        final CountDownLatch parking = new CountDownLatch(1);
        final int[] events = new int[1];
        final LibC announcing = new DelegatingLibC()
        {
            @Override
            public int ppoll(final long fds, final long count, final long timespec, final long sigmask)
            {
                parking.countDown();
                events[0] = super.ppoll(fds, count, timespec, sigmask);
                return events[0];
            }
        };
        try (Waiter waiter = new Waiter(EventFd.open(), announcing, still, new AdaptiveSpin(0)))
        {
            final Thread other = new Thread(() ->
            {
                assertDoesNotThrow(() -> parking.await());
                waiter.wake();
            });
            other.start();
            assertEquals(Waiter.WOKEN, waiter.await(LONG_NS));
            assertEquals(1, events[0], "the event, not the end of the wait");
            other.join();
            assertEquals(Waiter.TIMEOUT, waiter.await(0), "the event has been drained");
        }
    }

    @Test
    void shouldBeWokenAlsoWhenTheSignalComesAsTheWaitTimesOut() throws Exception
    {
        final Waiter[] self = new Waiter[1];
        final LibC late = new DelegatingLibC()
        {
            @Override
            public int ppoll(final long fds, final long count, final long timespec, final long sigmask)
            {
                self[0].wake();
                return 0;
            }
        };
        try (EventFd event = EventFd.open())
        {
            self[0] = new Waiter(event, late, still, new AdaptiveSpin(0));
            assertEquals(Waiter.WOKEN, self[0].await(LONG_NS));
            assertEquals(1, self[0].wakes());
            self[0].close();
            assertFalse(event.isOpen());
        }
    }

    @Test
    void shouldSpinAsLongAsAllowedAndThenPark() throws Exception
    {
        final long[] nowNs = new long[1];
        try (Waiter waiter = new Waiter(() -> nowNs[0] += 1000, new AdaptiveSpin(50_000)))
        {
            assertEquals(Waiter.TIMEOUT, waiter.await(60_000));
            assertEquals(1, waiter.spin().spins());
            assertEquals(0, waiter.spin().hits());
            assertEquals(1, waiter.parks());
            assertEquals(51_000, nowNs[0]);
            assertEquals(Waiter.TIMEOUT, waiter.await(20_000));
            assertEquals(1, waiter.parks(), "the deadline came while spinning");
        }
    }

    @Test
    void shouldLoseNoWakeUpOfAnotherThread() throws Exception
    {
        for (final long spinNs : new long[]{0, AdaptiveSpin.DEFAULT_SPIN_NS})
        {
            final AtomicLong sent = new AtomicLong();
            final AtomicLong seen = new AtomicLong();
            try (Waiter waiter = new Waiter(System::nanoTime, new AdaptiveSpin(spinNs)))
            {
                final Thread sender = new Thread(() -> send(waiter, sent, seen));
                sender.start();
                int silent = 0;
                while (seen.get() < MESSAGES)
                {
                    // A lost wake-up would show as a wait to its end with a message there all the while.
                    final boolean timedOut = waiter.await(LONG_NS) == Waiter.TIMEOUT;
                    final long now = sent.get();
                    silent += timedOut && now > seen.get() ? 1 : 0;
                    seen.set(now);
                }
                sender.join();
                assertEquals(0, silent, "wake-ups lost");
                assertTrue(waiter.wakes() > 0);
            }
        }
    }

    @Test
    void shouldTakeWakeAfterClose() throws Exception
    {
        final Waiter waiter = new Waiter(still, new AdaptiveSpin(0));
        waiter.wake();
        waiter.close();
        waiter.close();
        waiter.wake();
    }

    @Test
    void shouldCountSignalsOfEvent() throws Exception
    {
        try (EventFd event = EventFd.open())
        {
            assertEquals(0, event.drain());
            event.signal();
            event.signal();
            assertEquals(2, event.drain());
            assertEquals(0, event.drain());
        }
    }

    @Test
    void shouldLetAnEnxioSelectorWaitForEvent() throws Exception
    {
        try (EventFd event = EventFd.open(); Selector selector = NativeSelectorProvider.getInstance().openSelector())
        {
            event.configureBlocking(false);
            event.register(selector, SelectionKey.OP_READ);
            assertEquals(0, selector.selectNow());
            event.signal();
            assertEquals(1, selector.select(10_000));
            assertEquals(1, event.drain());
        }
    }

    @Test
    void shouldCloseItsEvent() throws Exception
    {
        final EventFd event = EventFd.open();
        final int fd = event.getFD();
        assertEquals(0, Native.libc().fcntl(fd, 1, 0) & ~1);
        event.close();
        assertFalse(event.isOpen());
        assertEquals(-1, Native.libc().fcntl(fd, 1, 0));
        assertThrows(TunException.class, () -> TunDevice.adopt(fd, true, 0));
    }

    /** Sends the next message when the last one has been seen, so that the waiter has had time to park as often as not. */
    private static void send(final Waiter waiter, final AtomicLong sent, final AtomicLong seen)
    {
        for (int i = 1; i <= MESSAGES; i++)
        {
            sent.set(i);
            waiter.wake();
            while (seen.get() < i)
            {
                Thread.onSpinWait();
            }
        }
    }
}
