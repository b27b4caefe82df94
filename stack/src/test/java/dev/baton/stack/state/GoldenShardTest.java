package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.state.codec.ShardDecoder;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * An image of a whole shard that was written once. Every program that knows its schema version must be able to load it,
 * and while that version is the newest one it must come out byte for byte on every Java. A new schema version gets a new
 * file beside this one, which stays.
 */
class GoldenShardTest
{
    private static final String FILE = "shard-v" + ShardDecoder.SCHEMA_VERSION + ".bin";
    private static final long NOW_NS = 4_711_000_000_123L;

    /**
     * Write the file of a new schema version.
     *
     * @param arguments the file.
     * @throws IOException when it cannot be written.
     */
    public static void main(final String[] arguments) throws IOException
    {
        final ShardWorld w = new ShardWorld(1);
        w.run(60 * ShardWorld.MS_NS);
        Files.write(Path.of(arguments[0]), w.server.image(w.world.nowNs()));
    }

    @Test
    void shouldLoadImageThatWasWrittenOnceAndWriteItAgainByteForByte() throws IOException
    {
        final byte[] image;
        try (InputStream in = GoldenShardTest.class.getResourceAsStream(FILE))
        {
            image = in.readAllBytes();
        }
        final MovingHost host = new ShardWorld(7).server;
        final NetStack stack = host.newStack();
        new Snapshot(stack).importShard(new UnsafeBuffer(image), 0, image.length, NOW_NS, 0, host);
        assertTrue(stack.connectionCount() > 3, "connections");
        assertEquals(2, stack.tcp().transfers().listenerCount(), "listeners");
        assertEquals(2, stack.udp().socketCount(), "UDP sockets");
        final ExpandableArrayBuffer again = new ExpandableArrayBuffer();
        assertEquals(image.length, new Snapshot(stack).exportShard(NOW_NS, again, 0));
        assertEquals(-1, Arrays.mismatch(image, 0, image.length, again.byteArray(), 0, image.length));
    }
}
