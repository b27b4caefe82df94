package dev.baton.tools.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The same four services over the kernel's sockets, so that the kernel's TCP stands beside Baton's in one table. A thread for each
 * listener and each connection, blocking calls.
 */
final class KernelServer implements AutoCloseable
{
    private static final int BUFFER_BYTES = 128 << 10;
    private static final int BACKLOG = 1024;
    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nContent-Length: 128\r\n\r\n" + "x".repeat(128))
        .getBytes(StandardCharsets.US_ASCII);

    private final List<ServerSocketChannel> listeners = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task ->
    {
        final Thread thread = new Thread(task, "baton-bench-kernel");
        thread.setDaemon(true);
        return thread;
    });
    private final Consumer<String> log;

    /**
     * No service yet.
     *
     * @param log takes why a listener ended.
     */
    KernelServer(final Consumer<String> log)
    {
        this.log = log;
    }

    /** What a connection gets; it is closed afterwards. */
    private interface Service
    {
        void serve(SocketChannel channel, ByteBuffer buffer) throws IOException;
    }

    /**
     * Serve on an address.
     *
     * @param address of this machine.
     * @throws IOException when a port cannot be bound.
     */
    void start(final String address) throws IOException
    {
        listen(address, 7, KernelServer::echo);
        listen(address, 9, KernelServer::discard);
        listen(address, 19, KernelServer::chargen);
        listen(address, 80, KernelServer::http);
    }

    private void listen(final String address, final int port, final Service service) throws IOException
    {
        final ServerSocketChannel listener = ServerSocketChannel.open();
        listeners.add(listener);
        listener.bind(new InetSocketAddress(address, port), BACKLOG);
        threads.execute(() -> accept(listener, service));
    }

    private void accept(final ServerSocketChannel listener, final Service service)
    {
        try
        {
            while (true)
            {
                final SocketChannel channel = listener.accept();
                threads.execute(() -> serve(channel, service));
            }
        }
        catch (final IOException ex)
        {
            if (listener.isOpen())
            {
                log.accept("listener " + listener + " ended: " + ex.getMessage());
            }
        }
    }

    private void serve(final SocketChannel channel, final Service service)
    {
        try (channel)
        {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            service.serve(channel, ByteBuffer.allocateDirect(BUFFER_BYTES));
        }
        catch (final IOException ex)
        {
            // The load generator ends connections in the middle of things.
            System.getLogger(KernelServer.class.getName()).log(System.Logger.Level.DEBUG, "connection ended", ex);
        }
    }

    private static void echo(final SocketChannel channel, final ByteBuffer buffer) throws IOException
    {
        while (channel.read(buffer.clear()) >= 0)
        {
            buffer.flip();
            while (buffer.hasRemaining())
            {
                channel.write(buffer);
            }
        }
    }

    private static void discard(final SocketChannel channel, final ByteBuffer buffer) throws IOException
    {
        int read = 0;
        while (read >= 0)
        {
            read = channel.read(buffer.clear());
        }
    }

    private static void chargen(final SocketChannel channel, final ByteBuffer buffer) throws IOException
    {
        while (channel.isOpen())
        {
            channel.write(buffer.clear());
        }
    }

    /** An answer for each empty line, wherever reads cut the requests. */
    private static void http(final SocketChannel channel, final ByteBuffer buffer) throws IOException
    {
        final ByteBuffer answer = ByteBuffer.wrap(ANSWER);
        int newlines = 0;
        while (channel.read(buffer.clear()) >= 0)
        {
            buffer.flip();
            while (buffer.hasRemaining())
            {
                final byte b = buffer.get();
                newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
                if (newlines == 2)
                {
                    newlines = 0;
                    answer.clear();
                    while (answer.hasRemaining())
                    {
                        channel.write(answer);
                    }
                }
            }
        }
    }

    @Override
    public void close() throws IOException
    {
        for (final ServerSocketChannel listener : listeners)
        {
            listener.close();
        }
        threads.shutdownNow();
    }
}
