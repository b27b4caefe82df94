package dev.baton.tools.service;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.sim.SimHost;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The file server on one stack, a client on another, virtual time between them. */
class HttpOverStacksTest
{
    private static final IpAddress SERVER_4 = IpAddress.parse("198.18.0.2");
    private static final IpAddress SERVER_6 = IpAddress.parse("fd00::2");
    private static final long LIMIT_NS = TimeUnit.MINUTES.toNanos(10);
    private static final String GET = " HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String LAST_GET = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    @TempDir
    Path root;
    private SimWorld world;
    private NetStack server;
    private NetStack client;
    private HttpFileService service;

    @BeforeEach
    void build() throws IOException
    {
        world = new SimWorld(4711);
        service = new HttpFileService(new HttpFileSettings(root, "back1"), () -> world.nowNs() / 1_000_000);
        server = stack("server", 1, SERVER_4, SERVER_6);
        client = stack("client", 2, IpAddress.parse("198.18.0.1"), IpAddress.parse("fd00::1"));
        server.listen(IpAddress.ANY, 80, service);
    }

    private NetStack stack(final String name, final long seed, final IpAddress... addresses)
    {
        final SimHost host = world.host(name);
        final SimLink link = host.link(addresses);
        final StackContext context = new StackContext().seed(seed).timeWaitNs(TimeUnit.SECONDS.toNanos(1));
        for (final IpAddress address : addresses)
        {
            context.address(address);
        }
        final NetStack stack = new NetStack(context.conclude(), link);
        host.start(stack);
        return stack;
    }

    @ParameterizedTest
    @CsvSource({
        "198.18.0.2, 0.0, 3000000",
        "fd00::2, 0.0, 3000000",
        "198.18.0.2, 0.02, 1000000",
        "fd00::2, 0.02, 1000000",
        "198.18.0.2, 0.0, 20000001",
    })
    void shouldServeAFileByteForByte(final String address, final double loss, final int length) throws IOException
    {
        final byte[] content = random("big.bin", length);
        world.network().defaults().loss(loss).reorder(loss, 2_000_000).duplicate(loss);

        final HttpClientStub get = get(IpAddress.parse(address), "GET /big.bin" + LAST_GET);

        await(() -> get.closed != null);
        assertEquals(CloseReason.NORMAL, get.closed);
        assertArrayEquals(content, contentOf(get.received()));
        await(() -> server.connectionCount() + client.connectionCount() == 0);
        assertEquals(0, service.connectionCount());
        assertEquals(1L, service.counters().get("responses_2xx"));
    }

    @Test
    void shouldAnswerPipelinedRequestsInOrderOverOneConnection() throws IOException
    {
        final StringBuilder requests = new StringBuilder();
        final StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 200; i++)
        {
            final String text = "file number " + i + "\n" + "x".repeat(i * 37);
            Files.writeString(root.resolve("f" + i), text);
            requests.append("GET /f").append(i).append(i == 199 ? LAST_GET : GET);
            expected.append(text);
        }

        final HttpClientStub get = get(SERVER_4, requests.toString());

        await(() -> get.closed != null);
        final String answer = new String(get.received(), StandardCharsets.ISO_8859_1);
        assertEquals(expected.toString(), answer.replaceAll("HTTP/1.1 200 OK\r\n(?:[A-Z].*\r\n)+\r\n", ""));
        assertEquals(200L, service.counters().get("requests"));
        assertEquals(1L, service.counters().get("connections"));
    }

    @Test
    void shouldWaitForAClientThatReadsSlowly() throws IOException
    {
        final byte[] content = random("big.bin", 20_000_000);
        final HttpClientStub get = new HttpClientStub("GET /big.bin" + LAST_GET);
        get.reads = false;
        client.connect(IpAddress.ANY, 0, SERVER_4, 80, get, world.nowNs());

        world.run(world.nowNs() + TimeUnit.SECONDS.toNanos(20));
        assertTrue((Long)service.counters().get("file_bytes") < content.length, "the send buffer must hold it back");
        assertNotNull(get.connection);
        get.reads = true;
        get.take(Integer.MAX_VALUE);
        await(() -> get.closed != null);

        assertArrayEquals(content, contentOf(get.received()));
    }

    @Test
    void shouldResetTheConnectionOfATruncatedFileAndServeOn() throws IOException
    {
        random("big.bin", 20_000_000);
        Files.writeString(root.resolve("small.txt"), "small");
        final HttpClientStub doomed = new HttpClientStub("GET /big.bin" + LAST_GET);
        doomed.reads = false;
        client.connect(IpAddress.ANY, 0, SERVER_4, 80, doomed, world.nowNs());
        world.run(world.nowNs() + TimeUnit.SECONDS.toNanos(1));
        try (RandomAccessFile file = new RandomAccessFile(root.resolve("big.bin").toFile(), "rw"))
        {
            file.setLength(1_000);
        }

        doomed.reads = true;
        doomed.take(Integer.MAX_VALUE);
        await(() -> doomed.closed != null);
        final HttpClientStub next = get(SERVER_6, "GET /small.txt" + LAST_GET);
        await(() -> next.closed != null);

        assertEquals(CloseReason.RESET, doomed.closed);
        assertEquals(1L, service.counters().get("truncated_files"));
        assertArrayEquals("small".getBytes(StandardCharsets.UTF_8), contentOf(next.received()));
    }

    @Test
    void shouldCloseAnIdleConnectionInTime()
    {
        final HttpClientStub idle = get(SERVER_4, "");

        await(() -> idle.closed != null);

        assertEquals(1L, service.counters().get("idle_closes"));
        assertTrue(world.nowNs() >= TimeUnit.SECONDS.toNanos(60) && world.nowNs() < TimeUnit.SECONDS.toNanos(63));
    }

    private HttpClientStub get(final IpAddress address, final String request)
    {
        final HttpClientStub get = new HttpClientStub(request);
        client.connect(IpAddress.ANY, 0, address, 80, get, world.nowNs());
        return get;
    }

    private void await(final BooleanSupplier condition)
    {
        assertTrue(world.runUntil(condition, world.nowNs() + LIMIT_NS), () -> "stalled; seed " + world.seed());
    }

    private static byte[] contentOf(final byte[] answer)
    {
        final String text = new String(answer, 0, Math.min(answer.length, 1_000), StandardCharsets.ISO_8859_1);
        assertTrue(text.startsWith("HTTP/1.1 200 OK\r\n"), text);
        return Arrays.copyOfRange(answer, text.indexOf("\r\n\r\n") + 4, answer.length);
    }

    private byte[] random(final String name, final int length) throws IOException
    {
        final byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        Files.write(root.resolve(name), content);
        return content;
    }
}
