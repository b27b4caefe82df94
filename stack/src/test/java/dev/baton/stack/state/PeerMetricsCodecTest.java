package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.tcp.PeerCache;
import dev.baton.stack.tcp.PeerMetrics;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PeerMetricsCodecTest
{
    private static final long THERE_NS = 5_000_000_000L;
    private static final long HERE_NS = 9_000_000_000_000L;

    private final PeerMetricsCodec codec = new PeerMetricsCodec();

    private static NetStack stack()
    {
        return new StateWorld(1).client.stack;
    }

    private static PeerMetrics entry(final PeerCache cache, final int peer)
    {
        final PeerMetrics entry = cache.learn(1, peer, THERE_NS);
        entry.learnedAtNs = THERE_NS - 3;
        entry.rttNs = 4;
        entry.rttvarNs = 5;
        entry.ssthreshBytes = 6;
        entry.pathMtu = 1400;
        entry.mss = 1360;
        entry.cookieLength = 10;
        entry.experimental = true;
        entry.cookieHi = -7;
        entry.cookieLo = 0x1234L << 48;
        entry.fastOpenLosses = 2;
        entry.fastOpenLostAtNs = THERE_NS - 11;
        return entry;
    }

    private List<byte[]> export(final PeerCache cache, final long nowNs)
    {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final List<byte[]> messages = new ArrayList<>();
        cache.forEach((entry) ->
        {
            final byte[] bytes = new byte[codec.write(entry, nowNs, buffer, 0)];
            buffer.getBytes(0, bytes);
            messages.add(bytes);
        });
        return messages;
    }

    @Test
    void shouldMakeTheSameCacheInTheSameOrder()
    {
        final PeerCache there = stack().tcp().handshakes().peers();
        final PeerCache here = stack().tcp().handshakes().peers();
        entry(there, 1);
        entry(there, 2);
        there.learn(1, 3, THERE_NS);
        there.learn(1, 1, THERE_NS);
        final List<byte[]> messages = export(there, THERE_NS);
        for (final byte[] message : messages)
        {
            codec.check(new UnsafeBuffer(message), 0, message.length);
            codec.read(new UnsafeBuffer(message), 0, here, HERE_NS);
        }
        final List<byte[]> again = export(here, HERE_NS);
        assertEquals(3, again.size());
        for (int i = 0; i < 3; i++)
        {
            assertEquals(new UnsafeBuffer(messages.get(i)), new UnsafeBuffer(again.get(i)));
        }
        assertEquals(HERE_NS - 11, here.peek(1, 2).fastOpenLostAtNs);
        assertEquals(PeerMetrics.NEVER, here.peek(1, 3).fastOpenLostAtNs);
    }

    @Test
    void shouldWriteEveryField() throws IllegalAccessException
    {
        final PeerMetrics entry = entry(stack().tcp().handshakes().peers(), 1);
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final int length = codec.write(entry, THERE_NS, buffer, 0);
        final UnsafeBuffer before = new UnsafeBuffer(buffer.byteArray().clone(), 0, length);
        int fields = 0;
        for (final Field field : PeerMetrics.class.getFields())
        {
            if (!Modifier.isStatic(field.getModifiers()))
            {
                final Object value = field.get(entry);
                field.set(entry, value instanceof Boolean b ? (Object)!b :
                    value instanceof Integer i ? (Object)(i + 1) : (Object)((Long)value + 1));
                codec.write(entry, THERE_NS, buffer, 0);
                assertFalse(before.equals(new UnsafeBuffer(buffer.byteArray(), 0, length)), field.getName());
                field.set(entry, value);
                fields++;
            }
        }
        assertEquals(14, fields);
    }

    @Test
    void shouldRefuseWhatCannotBe()
    {
        final PeerCache cache = stack().tcp().handshakes().peers();
        final PeerMetrics entry = entry(cache, 1);
        entry.cookieLength = 17;
        final byte[] bytes = export(cache, THERE_NS).get(0);
        final StateException refused =
            assertThrows(StateException.class, () -> codec.check(new UnsafeBuffer(bytes), 0, bytes.length));
        assertTrue(refused.getMessage().contains("cookieLength"));
        assertThrows(StateException.class, () -> codec.check(new UnsafeBuffer(bytes), 0, bytes.length - 1));
    }
}
