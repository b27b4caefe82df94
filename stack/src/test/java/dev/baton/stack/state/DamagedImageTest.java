package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.HalfOpenDecoder;
import dev.baton.stack.state.codec.ImageDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.TimeWaitDecoder;
import dev.baton.stack.tcp.Tcb;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A damaged image is refused and changes nothing, or it is as good as any other image: then it imports whole, comes out
 * again byte for byte, and the shard runs on with it.
 */
class DamagedImageTest
{
    private static final int SHARD_AT = 4 + MessageHeaderDecoder.ENCODED_LENGTH + ImageDecoder.shardEncodingOffset();
    private static final int POLLS = 12;

    private final ExpandableArrayBuffer out = new ExpandableArrayBuffer();
    private final Set<String> refusedFields = new TreeSet<>();
    private int refused;
    private int imported;

    private static EmptyShard shard()
    {
        return new EmptyShard(Images.NOW_NS, StateWorld.SERVER);
    }

    private void check(final byte[] bytes, final int offset, final int length, final String what)
    {
        final EmptyShard shard = shard();
        final Snapshot snapshot = new Snapshot(shard.stack);
        try
        {
            snapshot.importAll(
                new UnsafeBuffer(bytes), offset, length, shard.nowNs, 0, (flow, passive) -> shard.peer);
        }
        catch (final StateException ex)
        {
            assertNotNull(ex.field());
            refusedFields.add(ex.field());
            refused++;
            shard.assertUntouched();
            return;
        }
        imported++;
        final int again = snapshot.exportAll(shard.nowNs, out, 0);
        assertEquals(length, again, "length of the image that comes out after: " + what);
        final byte[] expected = Arrays.copyOfRange(bytes, offset, offset + length);
        final byte[] actual = new byte[again];
        out.getBytes(0, actual);
        maskWhatTheShardChooses(expected);
        maskWhatTheShardChooses(actual);
        assertEquals(-1, Arrays.mismatch(expected, actual), "first byte that comes out otherwise after: " + what);
        shard.runAlone(POLLS);
    }

    /**
     * The number of the shard is the importer's own, and so is an id beyond those that are kept; what has an older
     * version comes out in the newest.
     */
    private static void maskWhatTheShardChooses(final byte[] image)
    {
        image[SHARD_AT] = 0;
        image[SHARD_AT + 1] = 0;
        final UnsafeBuffer buffer = new UnsafeBuffer(image);
        int at = 0;
        while (at < image.length)
        {
            final int length = buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
            final int template = buffer.getShort(at + 6, ByteOrder.LITTLE_ENDIAN);
            buffer.putShort(at + 10, (short)MessageHeaderDecoder.SCHEMA_VERSION, ByteOrder.LITTLE_ENDIAN);
            if (template != ImageDecoder.TEMPLATE_ID)
            {
                buffer.putLong(at + 4 + MessageHeaderDecoder.ENCODED_LENGTH, 0);
            }
            at += 4 + length;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldHoldEveryKindOfRecord(final boolean v4)
    {
        final byte[] image = Images.image(Images.busy(v4));
        final UnsafeBuffer buffer = new UnsafeBuffer(image);
        final Set<Integer> templates = new TreeSet<>();
        int at = 0;
        while (at < image.length)
        {
            templates.add((int)buffer.getShort(at + 6, ByteOrder.LITTLE_ENDIAN));
            at += 4 + buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
        }
        assertEquals(Set.of(ImageDecoder.TEMPLATE_ID, ConnectionDecoder.TEMPLATE_ID, HalfOpenDecoder.TEMPLATE_ID,
            TimeWaitDecoder.TEMPLATE_ID), templates);
        check(image, 0, image.length, "no damage");
        assertEquals(1, imported);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRefuseOrKeepEveryFlippedBit(final boolean v4)
    {
        final byte[] image = Images.image(Images.busy(v4));
        for (int bit = 0; bit < 8 * image.length; bit++)
        {
            image[bit / 8] ^= (byte)(1 << bit % 8);
            check(image, 0, image.length, "bit " + bit % 8 + " of byte " + bit / 8);
            image[bit / 8] ^= (byte)(1 << bit % 8);
        }
        assertTrue(refused > 1000, () -> "refused " + refused);
        assertTrue(imported > 1000, () -> "imported " + imported);
        assertTrue(refusedFields.size() > 40, () -> "fields that were refused: " + refusedFields);
    }

    @Test
    void shouldRefuseEveryTruncationAndEveryExtension()
    {
        final byte[] image = Arrays.copyOf(Images.image(Images.busy(true)), 20_000);
        final int length = Images.image(Images.busy(true)).length;
        for (int cut = 0; cut < length; cut++)
        {
            check(image, 0, cut, "cut after " + cut);
        }
        for (int more = 1; more < 200; more++)
        {
            check(image, 0, length + more, more + " more");
        }
        assertEquals(0, imported);
    }

    @Test
    void shouldRefuseEveryTruncationOfEveryRecord()
    {
        final byte[] image = Images.image(Images.busy(true));
        final UnsafeBuffer buffer = new UnsafeBuffer(image);
        int at = 4 + buffer.getInt(0, ByteOrder.LITTLE_ENDIAN);
        while (at < image.length)
        {
            final int length = buffer.getInt(at, ByteOrder.LITTLE_ENDIAN);
            for (int cut = 0; cut < length; cut++)
            {
                if (!isCutBetweenParts(buffer, at + 4, length, cut))
                {
                    assertRefused(shard(), buffer, at + 4, cut);
                }
            }
            at += 4 + length;
        }
    }

    /** What is left of a connection that is cut there is one which needs fewer parts. */
    private static boolean isCutBetweenParts(
        final UnsafeBuffer buffer, final int offset, final int length, final int cut)
    {
        if (buffer.getShort(offset + 2, ByteOrder.LITTLE_ENDIAN) != ConnectionDecoder.TEMPLATE_ID)
        {
            return false;
        }
        int end = new ConnectionImage().wrap(buffer, offset, length).partsAt() - offset;
        while (end < cut)
        {
            end += 4 + buffer.getInt(offset + end, ByteOrder.LITTLE_ENDIAN);
        }
        return end == cut;
    }

    private static void assertRefused(final EmptyShard shard, final UnsafeBuffer buffer, final int offset, final int length)
    {
        try
        {
            new Snapshot(shard.stack).importConnection(buffer, offset, length, shard.nowNs, 0, shard.peer);
        }
        catch (final StateException ex)
        {
            shard.assertUntouched();
            return;
        }
        // A record that ends before a part is whole: the connection then never needed that part.
        final ExpandableArrayBuffer again = new ExpandableArrayBuffer();
        final Tcb tcb = Images.tcbs(shard.stack).get(0);
        assertEquals(length, new ConnectionExporter().export(tcb, shard.nowNs, again, 0),
            "imported a record cut after " + length);
    }

    @Test
    void shouldRefuseOrKeepWhatChanceMakes()
    {
        final byte[] image = Images.image(Images.busy(true));
        final long[] interesting =
            {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE, 0xFFFF, 1L << 62};
        final Random random = new Random(99);
        for (int run = 0; run < 20_000; run++)
        {
            final byte[] damaged = image.clone();
            final UnsafeBuffer buffer = new UnsafeBuffer(damaged);
            for (int i = random.nextInt(3); i >= 0; i--)
            {
                final int width = 1 << random.nextInt(4);
                final int at = random.nextInt(damaged.length - 8);
                final long value = random.nextBoolean() ? interesting[random.nextInt(interesting.length)] : random.nextLong();
                for (int b = 0; b < width; b++)
                {
                    buffer.putByte(at + b, (byte)(value >>> 8 * b));
                }
            }
            check(damaged, 0, damaged.length, "run " + run);
        }
        assertTrue(refused > 1000 && imported > 100, () -> refused + " refused, " + imported + " imported");
    }
}
