package dev.baton.stack.sim;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SimChannelTest
{
    private static final long SECOND_NS = 1_000_000_000L;

    private final SimWorld world = new SimWorld(11);
    private final SimHost hostA = world.host("a");
    private final SimHost hostB = world.host("b");
    private final SimChannel channel = world.channel(hostA, hostB);
    private final Talker a = new Talker(channel, 0);
    private final Talker b = new Talker(channel, 1);

    SimChannelTest()
    {
        hostA.start(a);
        hostB.start(b);
    }

    @Test
    void shouldDeliverOnceInOrderAfterTheDelay()
    {
        channel.delay(1000);
        send(0, 1);
        send(0, 2);
        send(1, 3);
        world.run(999);
        assertEquals(List.of("up"), b.seen);
        world.run(1000);
        assertEquals(List.of("up", "1", "2"), b.seen);
        assertEquals(List.of("up", "3"), a.seen);
        assertEquals(2, channel.sent(0));
    }

    @Test
    void shouldCopyTheFrame()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8]);
        buffer.putByte(3, (byte)5);
        assertTrue(channel.send(0, buffer, 3, 1));
        buffer.putByte(3, (byte)6);
        world.run(SECOND_NS);
        assertEquals(List.of("up", "5"), b.seen);
    }

    @Test
    void shouldDoToEachFrameWhatTheHookSays()
    {
        channel.delay(1000);
        final FrameFault[] plan = {
            FrameFault.NONE, FrameFault.DROP, FrameFault.DUPLICATE, FrameFault.REORDER, FrameFault.NONE,
        };
        channel.faults((from, index, frame, offset, length) -> from == 0 ? plan[index] : FrameFault.NONE);
        for (int i = 0; i < plan.length; i++)
        {
            send(0, i);
        }
        send(1, 9);
        world.run(SECOND_NS);
        assertEquals(List.of("up", "0", "2", "2", "4", "3"), b.seen);
        assertEquals(List.of("up", "9"), a.seen);
        assertEquals(1, channel.lost());
    }

    @Test
    void shouldLoseWhatIsUnderWayWhenItBreaksAndComeUpAgain()
    {
        channel.reconnectAfter(5000);
        send(0, 1);
        channel.disconnect();
        assertFalse(channel.isUp());
        assertFalse(send(0, 2), "nothing is taken while it is down");
        world.run(4999);
        assertEquals(List.of("up", "down"), b.seen);
        world.run(5000);
        assertTrue(send(0, 3));
        world.run(SECOND_NS);
        assertEquals(List.of("up", "down", "up", "3"), b.seen);
        assertEquals(List.of("up", "down", "up"), a.seen);
        assertEquals(1, channel.lost());
    }

    @Test
    void shouldBreakBeforeOrAfterAFrame()
    {
        channel.faults((from, index, frame, offset, length) ->
            index == 0 ? FrameFault.DELIVER_THEN_DISCONNECT : index == 1 ? FrameFault.DISCONNECT : FrameFault.NONE);
        send(0, 1);
        world.run(SECOND_NS);
        assertTrue(send(0, 2), "the sender cannot know");
        world.run(2 * SECOND_NS);
        send(0, 3);
        world.run(3 * SECOND_NS);
        assertEquals(List.of("up", "1", "down", "up", "down", "up", "3"), b.seen);
    }

    @Test
    void shouldStayDownUntilItIsConnectedWhenToldSo()
    {
        channel.reconnectAfter(Long.MAX_VALUE);
        channel.disconnect();
        world.run(100 * SECOND_NS);
        assertFalse(channel.isUp());
        channel.connect();
        world.run(101 * SECOND_NS);
        assertEquals(List.of("up", "down", "up"), a.seen);
    }

    @Test
    void shouldBreakWhenAHostCrashesAndComeUpWithItsSuccessor()
    {
        world.run(10);
        send(0, 1);
        hostB.crash();
        world.run(SECOND_NS);
        assertEquals(List.of("up", "down"), a.seen);
        assertFalse(channel.isUp());
        final Talker successor = new Talker(channel, 1);
        hostB.start(successor);
        world.run(2 * SECOND_NS);
        send(0, 2);
        world.run(3 * SECOND_NS);
        assertEquals(List.of("up", "2"), successor.seen);
        assertEquals(List.of("up", "down", "up"), a.seen);
        assertEquals(1, channel.lost());
    }

    @Test
    void shouldLetFramesWaitForAPausedHost()
    {
        world.run(10);
        hostB.pause();
        send(0, 1);
        channel.delay(0);
        world.run(SECOND_NS);
        assertEquals(List.of("up"), b.seen);
        hostB.resume();
        world.run(SECOND_NS);
        assertEquals(List.of("up", "1"), b.seen);
    }

    @Test
    void shouldLimitWhatIsUnderWay()
    {
        for (int i = 0; i < SimChannel.MAX_FRAMES - 1; i++)
        {
            assertTrue(send(0, 1), "frame " + i);
        }
        assertFalse(send(0, 1), "the indication that it is up waits too");
        world.run(SECOND_NS);
        assertTrue(send(0, 1));
    }

    @Test
    void shouldChooseFaultsBySeed()
    {
        assertEquals(chance(5), chance(5));
        assertNotEquals(chance(5), chance(6));
        final FrameFaults faults = FrameFaults.random(new SimRandom(4), 0.1);
        final int[] counts = new int[FrameFault.values().length];
        for (int i = 0; i < 10_000; i++)
        {
            counts[faults.decide(0, i, new UnsafeBuffer(new byte[0]), 0, 0).ordinal()]++;
        }
        for (int i = 1; i < counts.length; i++)
        {
            assertTrue(counts[i] > 850 && counts[i] < 1150, FrameFault.values()[i] + " " + counts[i]);
        }
        assertThrows(IllegalArgumentException.class, () -> FrameFaults.random(new SimRandom(4), 0.3));
    }

    private static String chance(final long seed)
    {
        final SimWorld world = new SimWorld(seed);
        final SimHost x = world.host("x");
        final SimHost y = world.host("y");
        final SimChannel channel = world.channel(x, y);
        channel.faults(FrameFaults.random(world.random(), 0.1)).reconnectAfter(1000);
        final Talker nodeY = new Talker(channel, 1);
        x.start(new Talker(channel, 0));
        y.start(nodeY);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1]);
        for (int i = 0; i < 100; i++)
        {
            buffer.putByte(0, (byte)i);
            channel.send(0, buffer, 0, 1);
            world.run(world.nowNs() + 100_000);
        }
        return nodeY.seen + " " + world.hash();
    }

    private boolean send(final int side, final int value)
    {
        return channel.send(side, new UnsafeBuffer(new byte[] {(byte)value}), 0, 1);
    }

    private static final class Talker implements SimNode, SimChannel.Handler
    {
        private final List<String> seen = new ArrayList<>();
        private final SimChannel channel;
        private final int side;

        Talker(final SimChannel channel, final int side)
        {
            this.channel = channel;
            this.side = side;
        }

        @Override
        public int poll(final long nowNs)
        {
            return channel.drain(side, this, 10);
        }

        @Override
        public long nextDeadlineNs()
        {
            return Long.MAX_VALUE;
        }

        @Override
        public void onConnected()
        {
            seen.add("up");
        }

        @Override
        public void onDisconnected()
        {
            seen.add("down");
        }

        @Override
        public void onFrame(final DirectBuffer buffer, final int offset, final int length)
        {
            assertEquals(1, length);
            seen.add(Integer.toString(buffer.getByte(offset)));
        }
    }
}
