package dev.baton.tools.node;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Asks a node over its socket. Stateless; any thread. */
final class AdminClient
{
    private static final int PIECE_BYTES = 64 * 1024;
    private static final int MAX_ANSWER_BYTES = 256 * 1024 * 1024;

    private AdminClient()
    {
    }

    /**
     * Ask.
     *
     * @param directory of the node.
     * @param command   name of it.
     * @param arguments further members of the request.
     * @return members of the answer.
     * @throws CliError that the node reported; with {@link ExitCodes#NOT_FOUND} when no node is there, with
     *                  {@link ExitCodes#TIMEOUT} when it does not answer.
     */
    static Map<String, Object> ask(final Path directory, final String command, final Map<String, ?> arguments)
    {
        final Path path = RunDirectory.socketIn(directory);
        final Map<String, Object> request = new TreeMap<>(arguments);
        request.put(AdminDocuments.COMMAND, command);
        final ByteBuffer line = ByteBuffer.wrap((Json.write(request) + "\n").getBytes(StandardCharsets.UTF_8));
        try (SocketChannel channel = connect(directory, path); Selector selector = Selector.open())
        {
            while (line.hasRemaining())
            {
                channel.write(line);
            }
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            return AdminDocuments.read(receive(channel, selector, directory));
        }
        catch (final IOException | IllegalArgumentException ex)
        {
            throw new CliError(ExitCodes.INTERNAL, "node in " + directory, "gave no usable answer (" + ex.getMessage() + ")",
                "see whether it still runs, and look into its log", ex);
        }
    }

    private static SocketChannel connect(final Path directory, final Path path)
    {
        try
        {
            return SocketChannel.open(UnixDomainSocketAddress.of(path));
        }
        catch (final IOException ex)
        {
            final boolean denied = Files.exists(directory) && !Files.isExecutable(directory);
            throw new CliError(
                denied ? ExitCodes.REFUSED : ExitCodes.NOT_FOUND,
                "node in " + directory,
                denied ? "its directory belongs to another user" : "no node is running there (" + ex.getMessage() + ")",
                denied ? "run this as that user" : "start it with 'baton node run -f', or name another with --node or --run-dir",
                ex);
        }
    }

    private static String receive(final SocketChannel channel, final Selector selector, final Path directory)
        throws IOException
    {
        final ByteArrayOutputStream text = new ByteArrayOutputStream();
        final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        final long endNs = System.nanoTime() + AdminSocket.TIMEOUT_NS;
        while (text.size() < MAX_ANSWER_BYTES)
        {
            final long leftMs = TimeUnit.NANOSECONDS.toMillis(endNs - System.nanoTime());
            if (leftMs <= 0)
            {
                throw new CliError(ExitCodes.TIMEOUT, "node in " + directory, "did not answer in time",
                    "see whether it hangs: kill -QUIT its process prints its threads");
            }
            selector.select(leftMs);
            final int count = channel.read(piece.clear());
            if (count < 0)
            {
                break;
            }
            text.write(piece.array(), 0, count);
        }
        return text.toString(StandardCharsets.UTF_8);
    }
}
