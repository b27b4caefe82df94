package dev.baton.tests.node;

import dev.baton.stack.NetStack;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.function.LongSupplier;

/**
 * For each connection that is accepted one is opened to the same port of the kernel, and bytes go both ways: so one transfer
 * tries the stack as a server and as a client. What does not fit waits in the receive buffer.
 */
final class RelayService implements TcpService
{
    private static final int PIECE_BYTES = 64 * 1024;

    private final UnsafeBuffer piece = new UnsafeBuffer(new byte[PIECE_BYTES]);
    private final LongSupplier clock;
    private final IpAddress kernel4;
    private final IpAddress kernel6;
    private NetStack stack;

    /** Both connections of a relayed stream; the one that was opened is null until it is established. */
    private static final class Pair
    {
        private final TcpConnection accepted;
        private TcpConnection opened;
        private boolean acceptedEnded;
        private boolean openedEnded;
        private boolean over;

        Pair(final TcpConnection accepted)
        {
            this.accepted = accepted;
        }
    }

    RelayService(final LongSupplier clock, final IpAddress kernel4, final IpAddress kernel6)
    {
        this.clock = clock;
        this.kernel4 = kernel4;
        this.kernel6 = kernel6;
    }

    void stack(final NetStack shard)
    {
        stack = shard;
    }

    @Override
    public void onAccepted(final TcpConnection connection)
    {
        if (connection.attachment() instanceof Pair pair)
        {
            pair.opened = connection;
            move(pair);
            return;
        }
        final Pair pair = new Pair(connection);
        connection.attachment(pair);
        final IpAddress kernel = connection.localAddress().isV4() ? kernel4 : kernel6;
        stack.connect(IpAddress.ANY, 0, kernel, connection.localPort(), this, clock.getAsLong()).attachment(pair);
    }

    @Override
    public void onReadable(final TcpConnection connection)
    {
        move((Pair)connection.attachment());
    }

    @Override
    public void onWritable(final TcpConnection connection)
    {
        move((Pair)connection.attachment());
    }

    private void move(final Pair pair)
    {
        if (pair == null || pair.opened == null || pair.over)
        {
            return;
        }
        move(pair.accepted, pair.opened);
        move(pair.opened, pair.accepted);
        if (!pair.acceptedEnded && pair.accepted.endOfStream())
        {
            pair.acceptedEnded = true;
            pair.opened.shutdownOutput();
        }
        if (!pair.openedEnded && pair.opened.endOfStream())
        {
            pair.openedEnded = true;
            pair.accepted.shutdownOutput();
        }
        if (pair.acceptedEnded && pair.openedEnded)
        {
            pair.over = true;
            pair.accepted.close();
            pair.opened.close();
        }
    }

    private void move(final TcpConnection from, final TcpConnection to)
    {
        boolean room = true;
        while (room && from.readable() > 0)
        {
            final int length = from.peek(piece, 0, PIECE_BYTES);
            final int taken = to.write(piece, 0, length);
            from.skip(taken);
            room = taken == length;
        }
    }

    @Override
    public void onClosed(final TcpConnection connection, final CloseReason reason)
    {
        final Pair pair = (Pair)connection.attachment();
        connection.attachment(null);
        if (pair != null && !pair.over)
        {
            pair.over = true;
            final TcpConnection other = connection == pair.accepted ? pair.opened : pair.accepted;
            if (other != null && reason == CloseReason.NORMAL)
            {
                other.close();
            }
            else if (other != null)
            {
                other.abort();
            }
        }
    }
}
