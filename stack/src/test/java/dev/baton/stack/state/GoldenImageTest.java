package dev.baton.stack.state;

import dev.baton.stack.state.codec.ImageDecoder;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcpState;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * An image that was written once. Every program that knows its schema version must be able to load it, and while that
 * version is the newest one it must come out byte for byte on every Java. A new schema version gets a new file beside
 * this one, which stays.
 */
class GoldenImageTest
{
    private static final String FILE = "image-v" + ImageDecoder.SCHEMA_VERSION + ".bin";

    /**
     * Write the file of a new schema version.
     *
     * @param arguments the file.
     * @throws IOException when it cannot be written.
     */
    public static void main(final String[] arguments) throws IOException
    {
        Files.write(Path.of(arguments[0]), Images.image(Images.busy(true)));
    }

    private static byte[] golden(final String file)
    {
        try (InputStream in = GoldenImageTest.class.getResourceAsStream(file))
        {
            return in.readAllBytes();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private static EmptyShard load(final byte[] image)
    {
        final EmptyShard shard = new EmptyShard(Images.NOW_NS, StateWorld.SERVER);
        new Snapshot(shard.stack).importAll(
            new UnsafeBuffer(image), 0, image.length, shard.nowNs, 0, (flow, passive) -> shard.peer);
        return shard;
    }

    @ParameterizedTest
    @ValueSource(strings = {"image-v0.bin", FILE})
    void shouldLoadImageThatWasWrittenOnce(final String file)
    {
        final EmptyShard shard = load(golden(file));
        assertEquals(3, shard.stack.connectionCount(), "one in TIME-WAIT, one half-open, one open");
        final List<Tcb> tcbs = Images.tcbs(shard.stack);
        assertEquals(List.of(40_002, 40_004), tcbs.stream().map((tcb) -> tcb.remotePort).toList());
        assertEquals(TcpState.CLOSED, tcbs.get(0).state);
        final Tcb open = tcbs.get(1);
        assertEquals(TcpState.ESTABLISHED, open.state);
        assertEquals(2, open.receiveRing.runCount());
        assertEquals(900, open.sendRing.length() + (open.sndUna - open.iss - 1), "bytes that the service had written");
    }

    @Test
    void shouldWriteItAgainByteForByte()
    {
        final byte[] image = golden(FILE);
        final ExpandableArrayBuffer again = new ExpandableArrayBuffer();
        final int length = new Snapshot(load(image).stack).exportAll(Images.NOW_NS, again, 0);
        assertEquals(image.length, length);
        assertEquals(-1, Arrays.mismatch(image, 0, length, again.byteArray(), 0, length));
    }
}
