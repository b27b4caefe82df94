package dev.baton.tools.service;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends the rotating lines of RFC 864 until the peer closes, and throws away what it gets. The lines repeat after 95 of
 * them, so a connection is one position in a text that is made once. On the shard's thread.
 */
public final class ChargenService implements TcpService
{
    private static final int FIRST = ' ';
    private static final int CHARACTERS = 95;
    private static final int LINE_CHARACTERS = 72;
    private static final int LINE_BYTES = LINE_CHARACTERS + 2;
    private static final int CYCLE_BYTES = CHARACTERS * LINE_BYTES;
    private static final int CYCLES = 16;

    private final UnsafeBuffer text = new UnsafeBuffer(new byte[CYCLES * CYCLE_BYTES]);

    /** A generator. */
    public ChargenService()
    {
        for (int i = 0; i < text.capacity(); i++)
        {
            final int line = i / LINE_BYTES;
            final int column = i % LINE_BYTES;
            final int character = FIRST + (line + column) % CHARACTERS;
            text.putByte(i, (byte)(column == LINE_CHARACTERS ? '\r' : column > LINE_CHARACTERS ? '\n' : character));
        }
    }

    @Override
    public void onAccepted(final TcpConnection connection)
    {
        connection.attachment(new Position());
        generate(connection);
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        connection.skip(connection.readable());
        if (connection.endOfStream())
        {
            connection.close();
        }
    }

    @Override
    public void onWritable(final TcpConnection connection)
    {
        generate(connection);
    }

    @Override
    public void onClosed(final TcpConnection connection, final CloseReason reason)
    {
        connection.attachment(null);
    }

    private void generate(final TcpConnection connection)
    {
        final Position position = (Position)connection.attachment();
        boolean room = true;
        while (room)
        {
            final int length = text.capacity() - position.inCycle;
            final int taken = connection.write(text, position.inCycle, length);
            position.inCycle = (position.inCycle + taken) % CYCLE_BYTES;
            room = taken == length;
        }
    }

    /** Where a connection is in the text. */
    private static final class Position
    {
        private int inCycle;
    }
}
