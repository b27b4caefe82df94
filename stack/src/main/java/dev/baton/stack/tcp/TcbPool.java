package dev.baton.stack.tcp;

import java.util.Arrays;

/** Tcbs that serve one connection after the other. Not thread safe. */
final class TcbPool
{
    private final BufferPool buffers;
    private final int sendBufferBytes;
    private final int receiveBufferBytes;
    private final TcpEndpoint endpoint;
    private Tcb[] free = new Tcb[16];
    private int freeCount;
    private int liveCount;

    TcbPool(
        final BufferPool buffers,
        final int sendBufferBytes,
        final int receiveBufferBytes,
        final TcpEndpoint endpoint)
    {
        this.buffers = buffers;
        this.sendBufferBytes = sendBufferBytes;
        this.receiveBufferBytes = receiveBufferBytes;
        this.endpoint = endpoint;
    }

    Tcb take()
    {
        liveCount++;
        return freeCount > 0 ? free[--freeCount] : new Tcb(buffers, sendBufferBytes, receiveBufferBytes, endpoint);
    }

    void giveBack(final Tcb tcb)
    {
        tcb.reset();
        liveCount--;
        if (freeCount == free.length)
        {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = tcb;
    }

    /** Tcbs in use, those that only wait for their last data to be read included. */
    int liveCount()
    {
        return liveCount;
    }
}
