package dev.baton.tools.node;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Json;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The node's end of its Unix socket, mode 0600: a thread of its own that reads one line per connection, has the command
 * run on the shard's thread, and sends the answer back. Line length, number of connections and time per connection are
 * limited, so no client can hold the node up.
 */
final class AdminSocket implements AutoCloseable
{
    /** Longest request in bytes, its line end included. */
    static final int MAX_LINE_BYTES = 64 * 1024;
    /** Most connections at a time; more wait in the listen queue. */
    static final int MAX_CONNECTIONS = 16;
    /** Time from connect to the last byte of the answer. */
    static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private static final int BACKLOG = 16;
    private static final long SELECT_MS = 1_000;
    private static final long JOIN_MS = 2_000;

    private final Map<String, AdminCommand> commands;
    private final CommandQueue shard;
    private final Consumer<String> log;
    private final Selector selector;
    private final ServerSocketChannel server;
    private final SelectionKey serverKey;
    private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
    private final List<AdminConnection> connections = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closing;

    private AdminSocket(
        final Map<String, AdminCommand> commands,
        final CommandQueue shard,
        final Consumer<String> log,
        final ServerSocketChannel server) throws IOException
    {
        this.commands = commands;
        this.shard = shard;
        this.log = log;
        this.server = server;
        selector = Selector.open();
        server.configureBlocking(false);
        serverKey = server.register(selector, SelectionKey.OP_ACCEPT);
        thread = new Thread(this::run, "baton-admin");
        thread.setDaemon(true);
    }

    /**
     * Bind the socket and answer on it.
     *
     * @param path     of the socket, in a directory that nobody else may enter; nothing may be there.
     * @param commands by name.
     * @param shard    where their second part runs.
     * @param log      of what goes wrong.
     * @return running.
     * @throws CliError when the socket cannot be bound.
     */
    static AdminSocket open(
        final Path path, final Map<String, AdminCommand> commands, final CommandQueue shard, final Consumer<String> log)
    {
        try
        {
            final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            final AdminSocket socket = new AdminSocket(commands, shard, log, server);
            socket.thread.start();
            return socket;
        }
        catch (final IOException ex)
        {
            throw new CliError(ExitCodes.REFUSED, "admin socket " + path, "cannot be bound (" + ex.getMessage() + ")",
                "set node.run.dir to a directory on a local file system that this user may write", ex);
        }
    }

    /** Stop answering; connections that are open are closed. */
    @Override
    public void close()
    {
        closing = true;
        selector.wakeup();
        try
        {
            thread.join(JOIN_MS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void run()
    {
        while (!closing)
        {
            try
            {
                selector.select(this::onReady, SELECT_MS);
                for (Runnable answer = answers.poll(); answer != null; answer = answers.poll())
                {
                    answer.run();
                }
                sweep(System.nanoTime());
            }
            catch (final IOException | RuntimeException ex)
            {
                log.accept("admin socket: " + ex);
            }
        }
        connections.forEach(this::end);
        closeQuietly(server);
        closeQuietly(selector);
    }

    private void onReady(final SelectionKey key)
    {
        if (key == serverKey)
        {
            accept();
            return;
        }
        final AdminConnection connection = (AdminConnection)key.attachment();
        try
        {
            if (key.isWritable())
            {
                connection.write();
            }
            else if (connection.isAnswered() && connection.discard())
            {
                end(connection);
            }
            else if (!connection.isAnswered())
            {
                read(connection);
            }
        }
        catch (final IOException ex)
        {
            end(connection);
        }
    }

    private void accept()
    {
        try
        {
            final SocketChannel channel = server.accept();
            if (channel != null)
            {
                channel.configureBlocking(false);
                final SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
                final AdminConnection connection = new AdminConnection(channel, key, System.nanoTime() + TIMEOUT_NS);
                key.attach(connection);
                connections.add(connection);
            }
        }
        catch (final IOException ex)
        {
            log.accept("admin socket: accept: " + ex.getMessage());
        }
        serverKey.interestOps(connections.size() < MAX_CONNECTIONS ? SelectionKey.OP_ACCEPT : 0);
    }

    private void read(final AdminConnection connection) throws IOException
    {
        switch (connection.read())
        {
            case AdminConnection.COMPLETE ->
            {
                connection.await();
                dispatch(connection);
            }
            case AdminConnection.TOO_LONG -> answer(connection, AdminDocuments.failure(AdminDocuments.badRequest(
                "the line is longer than " + MAX_LINE_BYTES + " bytes", "send one JSON document on one line")));
            case AdminConnection.GONE -> end(connection);
            default -> connection.isOpen();
        }
    }

    private void dispatch(final AdminConnection connection)
    {
        try
        {
            final AdminCommand.ShardStep step = prepare(connection.line());
            final boolean queued = shard.offer((nowNs) ->
            {
                final String text = perform(step, nowNs);
                answers.add(() -> answer(connection, text));
                selector.wakeup();
            });
            if (!queued)
            {
                throw new CliError(ExitCodes.REFUSED, "node", "too many commands wait for its shard", "try again");
            }
        }
        catch (final RuntimeException ex)
        {
            answer(connection, AdminDocuments.failure(ex));
        }
    }

    private AdminCommand.ShardStep prepare(final String line)
    {
        final Map<String, Object> request;
        try
        {
            request = Json.parseObject(line);
        }
        catch (final IllegalArgumentException ex)
        {
            throw AdminDocuments.badRequest(ex.getMessage(), "send one JSON object on one line");
        }
        final Object name = request.get(AdminDocuments.COMMAND);
        final AdminCommand command = name instanceof String ? commands.get(name) : null;
        if (command == null)
        {
            throw AdminDocuments.badRequest("there is no command " + Json.write(name), "use one of " + commands.keySet());
        }
        return command.prepare(request);
    }

    private static String perform(final AdminCommand.ShardStep step, final long nowNs)
    {
        try
        {
            return AdminDocuments.answer(step.run(nowNs));
        }
        catch (final RuntimeException ex)
        {
            return AdminDocuments.failure(ex);
        }
    }

    private void answer(final AdminConnection connection, final String text)
    {
        try
        {
            if (connection.isOpen())
            {
                connection.answer(text);
            }
        }
        catch (final IOException ex)
        {
            end(connection);
        }
    }

    private void sweep(final long nowNs)
    {
        for (int i = connections.size() - 1; i >= 0; i--)
        {
            final AdminConnection connection = connections.get(i);
            if (connection.deadlineNs() - nowNs < 0)
            {
                end(connection);
            }
            if (!connection.isOpen())
            {
                connections.remove(i);
            }
        }
        if (serverKey.isValid() && connections.size() < MAX_CONNECTIONS)
        {
            serverKey.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    private void end(final AdminConnection connection)
    {
        try
        {
            connection.close();
        }
        catch (final IOException ex)
        {
            log.accept("admin socket: close: " + ex.getMessage());
        }
    }

    private void closeQuietly(final java.io.Closeable closeable)
    {
        try
        {
            closeable.close();
        }
        catch (final IOException ex)
        {
            log.accept("admin socket: close: " + ex.getMessage());
        }
    }
}
