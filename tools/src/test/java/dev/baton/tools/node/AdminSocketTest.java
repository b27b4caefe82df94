package dev.baton.tools.node;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class AdminSocketTest
{
    @TempDir
    Path dir;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CommandQueue shard = new CommandQueue(this::runShard);
    private volatile boolean shardRuns = true;
    private RunDirectory directory;
    private AdminSocket socket;

    @BeforeEach
    void open()
    {
        final Map<String, AdminCommand> commands = Map.of(
            "echo", (request) -> (nowNs) -> Map.of("said", request.get("text"), "now", nowNs),
            "large", (request) -> (nowNs) -> Map.of("text", "x".repeat(3_000_000)),
            "refuse", (request) -> (nowNs) ->
            {
                throw new CliError(ExitCodes.REFUSED, "it", "will not", "leave it");
            },
            "fail", (request) -> (nowNs) ->
            {
                throw new IllegalStateException("a fault");
            });
        directory = RunDirectory.take(dir.resolve("run"));
        socket = AdminSocket.open(directory.socket(), commands, shard, log::add);
    }

    @AfterEach
    void close()
    {
        socket.close();
        directory.close();
        assertFalse(Files.exists(directory.socket()), "the socket must not stay behind");
    }

    private void runShard()
    {
        if (shardRuns)
        {
            shard.run(42);
        }
    }

    @Test
    void shouldAnswerARequest()
    {
        assertEquals(
            Map.of("said", "hello", "now", 42L), AdminClient.ask(directory.path(), "echo", Map.of("text", "hello")));
    }

    @Test
    void shouldSendAnAnswerLargerThanTheSocketsBuffer()
    {
        assertEquals(3_000_000, ((String)AdminClient.ask(directory.path(), "large", Map.of()).get("text")).length());
    }

    @Test
    void shouldPassOnWhatTheNodeRefuses()
    {
        final CliError error = assertThrows(CliError.class, () -> AdminClient.ask(directory.path(), "refuse", Map.of()));

        assertEquals(ExitCodes.REFUSED, error.exitCode());
        assertEquals("it: will not: leave it", error.thing() + ": " + error.reason() + ": " + error.mend());
    }

    @Test
    void shouldReportAFaultAsInternal()
    {
        final CliError error = assertThrows(CliError.class, () -> AdminClient.ask(directory.path(), "fail", Map.of()));

        assertEquals(ExitCodes.INTERNAL, error.exitCode());
        assertTrue(error.reason().contains("a fault"), error.reason());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "garbage|a value expected",
        "[1]|not an object",
        "{\"command\":\"nonsense\"}|there is no command \\\"nonsense\\\"",
        "{\"command\":7}|there is no command 7",
        "{}|there is no command null",
        "''|JSON",
    })
    void shouldAnswerABadRequestWithOneError(final String line, final String cause) throws IOException
    {
        final String answer = exchange((line + "\n").getBytes(StandardCharsets.UTF_8));

        assertTrue(answer.contains("\"exit_code\":2") && answer.contains("\"ok\":false"), answer);
        assertTrue(answer.contains(cause), answer);
    }

    @Test
    void shouldRefuseALineThatIsTooLong() throws IOException
    {
        final byte[] line = new byte[AdminSocket.MAX_LINE_BYTES + 10];
        Arrays.fill(line, (byte)'x');

        assertTrue(exchange(line).contains("longer than"));
        assertEquals(Map.of("said", 1L, "now", 42L), AdminClient.ask(directory.path(), "echo", Map.of("text", 1)));
    }

    @Test
    void shouldForgetAClientThatLeavesWithoutARequest() throws IOException
    {
        for (int i = 0; i < 3 * AdminSocket.MAX_CONNECTIONS; i++)
        {
            connect().close();
        }

        assertEquals(Map.of("said", 1L, "now", 42L), AdminClient.ask(directory.path(), "echo", Map.of("text", 1)));
    }

    @Test
    void shouldServeAgainAfterTooManyClientsHaveLeft() throws IOException
    {
        final List<SocketChannel> idle = new ArrayList<>();
        for (int i = 0; i < AdminSocket.MAX_CONNECTIONS; i++)
        {
            idle.add(connect());
        }
        for (final SocketChannel channel : idle)
        {
            channel.close();
        }

        assertEquals(Map.of("said", 1L, "now", 42L), AdminClient.ask(directory.path(), "echo", Map.of("text", 1)));
    }

    @Test
    void shouldRefuseWhenTheShardDoesNotKeepUp() throws IOException
    {
        shardRuns = false;
        while (shard.offer((nowNs) -> log.add("waited")))
        {
            assertEquals(0, shard.executed());
        }

        final String answer = exchange("{\"command\":\"echo\",\"text\":1}\n".getBytes(StandardCharsets.UTF_8));

        assertTrue(answer.contains("\"exit_code\":4") && answer.contains("too many commands"), answer);
    }

    @Test
    void shouldKeepOthersOut() throws IOException
    {
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.socket())));
    }

    @Test
    void shouldRefuseTheDirectoryOfALivingNode()
    {
        final CliError error = assertThrows(CliError.class, () -> RunDirectory.take(directory.path()));

        assertEquals(ExitCodes.REFUSED, error.exitCode());
        assertEquals(Map.of("said", 1L, "now", 42L), AdminClient.ask(directory.path(), "echo", Map.of("text", 1)));
    }

    @Test
    void shouldReplaceTheSocketOfADeadNode() throws IOException
    {
        final Path dead = Files.createDirectory(dir.resolve("dead"));
        Files.writeString(RunDirectory.socketIn(dead), "left behind");

        try (RunDirectory taken = RunDirectory.take(dead))
        {
            final AdminSocket fresh = AdminSocket.open(taken.socket(), Map.of(), shard, log::add);
            final CliError error = assertThrows(CliError.class, () -> AdminClient.ask(dead, "echo", Map.of()));
            fresh.close();
            assertEquals(ExitCodes.USAGE, error.exitCode(), "it answers, though it knows no command");
        }
    }

    @Test
    void shouldRefuseADirectoryWhosePathIsTooLong()
    {
        final CliError error = assertThrows(CliError.class, () -> RunDirectory.take(dir.resolve("x".repeat(120))));

        assertEquals(ExitCodes.USAGE, error.exitCode());
        assertTrue(error.reason().contains("too long"), error.reason());
        assertFalse(Files.exists(dir.resolve("x".repeat(120))));
    }

    @Test
    void shouldSayThatNoNodeIsThere()
    {
        final CliError error = assertThrows(CliError.class, () -> AdminClient.ask(dir, "echo", Map.of()));

        assertEquals(ExitCodes.NOT_FOUND, error.exitCode());
    }

    @Test
    void shouldFindNodesByName()
    {
        final NodeFinder finder = new NodeFinder(List.of(dir, dir.resolve("absent")));

        assertEquals(directory.path(), finder.find(null));
        assertEquals(directory.path(), finder.find("run"));
        assertEquals(ExitCodes.NOT_FOUND, assertThrows(CliError.class, () -> finder.find("other")).exitCode());
        try (RunDirectory second = RunDirectory.take(dir.resolve("lab/run")))
        {
            final AdminSocket other = AdminSocket.open(second.socket(), Map.of(), shard, log::add);
            assertEquals(ExitCodes.USAGE, assertThrows(CliError.class, () -> finder.find("run")).exitCode());
            assertEquals(second.path(), finder.find("lab/run"));
            other.close();
        }
    }

    private SocketChannel connect() throws IOException
    {
        return SocketChannel.open(UnixDomainSocketAddress.of(directory.socket()));
    }

    private String exchange(final byte[] request) throws IOException
    {
        try (SocketChannel channel = connect())
        {
            final ByteBuffer out = ByteBuffer.wrap(request);
            while (out.hasRemaining())
            {
                channel.write(out);
            }
            final ByteArrayOutputStream answer = new ByteArrayOutputStream();
            final ByteBuffer in = ByteBuffer.allocate(4096);
            while (channel.read(in.clear()) >= 0)
            {
                answer.write(in.array(), 0, in.position());
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
