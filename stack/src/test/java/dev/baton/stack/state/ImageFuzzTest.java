package dev.baton.stack.state;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

/** Any bytes for an image are refused by name and change nothing, or they are an image that works. */
class ImageFuzzTest
{
    private static final int POLLS = 12;
    private static final byte[][] IMAGES = {Images.image(Images.busy(true)), Images.image(Images.busy(false))};

    @FuzzTest
    void shouldRefuseOrImportAnyBytes(final byte[] data)
    {
        take(data);
    }

    /** A good image, of which some bytes are others. */
    @FuzzTest
    void shouldRefuseOrImportAnyChange(final FuzzedDataProvider data)
    {
        final byte[] image = IMAGES[data.consumeBoolean() ? 1 : 0].clone();
        while (data.remainingBytes() > 0)
        {
            final int at = data.consumeInt(0, image.length - 1);
            image[at] = data.consumeByte();
        }
        take(image);
    }

    private static void take(final byte[] bytes)
    {
        final EmptyShard shard = new EmptyShard(Images.NOW_NS, StateWorld.SERVER);
        final Snapshot snapshot = new Snapshot(shard.stack);
        try
        {
            snapshot.importAll(
                new UnsafeBuffer(bytes), 0, bytes.length, shard.nowNs, 0, (flow, passive) -> shard.peer);
        }
        catch (final StateException ex)
        {
            assertNotNull(ex.field());
            shard.assertUntouched();
            return;
        }
        final ExpandableArrayBuffer again = new ExpandableArrayBuffer();
        assertEquals(bytes.length, snapshot.exportAll(shard.nowNs, again, 0), "length of the image that comes out");
        shard.runAlone(POLLS);
    }
}
