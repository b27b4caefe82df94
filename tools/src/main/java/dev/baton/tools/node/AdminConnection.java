package dev.baton.tools.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One client of the admin socket: one request, one answer. Belongs to the socket's thread. */
final class AdminConnection
{
    /** {@link #read()}: the line goes on. */
    static final int INCOMPLETE = 0;
    /** {@link #read()}: {@link #line()} is there. */
    static final int COMPLETE = 1;
    /** {@link #read()}: the line is longer than allowed. */
    static final int TOO_LONG = 2;
    /** {@link #read()}: the client has gone. */
    static final int GONE = 3;

    /** Most bytes that are thrown away after the answer. */
    private static final int MAX_WASTE_BYTES = 1 << 20;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final long deadlineNs;
    private final ByteBuffer input = ByteBuffer.allocate(AdminSocket.MAX_LINE_BYTES);
    private ByteBuffer output;
    private boolean answered;
    private int wasteBytes;

    AdminConnection(final SocketChannel channel, final SelectionKey key, final long deadlineNs)
    {
        this.channel = channel;
        this.key = key;
        this.deadlineNs = deadlineNs;
    }

    /**
     * When the client has had its time.
     *
     * @return as {@link System#nanoTime()} counts.
     */
    long deadlineNs()
    {
        return deadlineNs;
    }

    int read() throws IOException
    {
        final int from = input.position();
        final int count = channel.read(input);
        for (int i = from; i < input.position(); i++)
        {
            if (input.get(i) == '\n')
            {
                input.limit(i);
                return COMPLETE;
            }
        }
        return count < 0 ? GONE : input.hasRemaining() ? INCOMPLETE : TOO_LONG;
    }

    String line()
    {
        return new String(input.array(), 0, input.limit(), StandardCharsets.UTF_8);
    }

    /** No more input is wanted until the answer is there. */
    void await()
    {
        key.interestOps(0);
    }

    /** Send the answer; when it has not all been taken, {@link #write()} goes on with it. */
    void answer(final String text) throws IOException
    {
        output = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        write();
    }

    /**
     * Go on with the answer. When it is out, the end of the stream is said, but the socket stays: were it closed while the
     * client's bytes are unread, the client would get an error in place of the answer.
     */
    void write() throws IOException
    {
        channel.write(output);
        answered = !output.hasRemaining();
        key.interestOps(answered ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
        if (answered)
        {
            channel.shutdownOutput();
        }
    }

    boolean isAnswered()
    {
        return answered;
    }

    /**
     * Throw away what still comes after the answer.
     *
     * @return true when the client has gone, or does not stop.
     */
    boolean discard() throws IOException
    {
        final int count = channel.read(input.clear());
        wasteBytes += count;
        return count < 0 || wasteBytes > MAX_WASTE_BYTES;
    }

    boolean isOpen()
    {
        return channel.isOpen();
    }

    void close() throws IOException
    {
        channel.close();
    }
}
