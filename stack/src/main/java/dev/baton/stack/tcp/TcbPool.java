package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;

import java.util.Arrays;

/** Tcbs that serve one connection after the other. Not thread safe. */
final class TcbPool
{
    private final TcbMemory memory;
    private final SideObjects sides;
    private final TcpEndpoint endpoint;
    private final CongestionSetup congestion;
    private Tcb[] made = new Tcb[16];
    private int madeCount;
    private Tcb[] free = new Tcb[16];
    private int freeCount;
    private int liveCount;

    TcbPool(
        final BufferPool buffers,
        final StackContext context,
        final SideObjects sides,
        final TcpEndpoint endpoint)
    {
        congestion = new CongestionSetup(context);
        memory = new TcbMemory(buffers, context);
        this.sides = sides;
        this.endpoint = endpoint;
    }

    CongestionSetup congestion()
    {
        return congestion;
    }

    Tcb take()
    {
        liveCount++;
        return freeCount > 0 ? free[--freeCount] : make();
    }

    private Tcb make()
    {
        if (madeCount == made.length)
        {
            made = Arrays.copyOf(made, 2 * madeCount);
        }
        final Tcb tcb = new Tcb(memory, endpoint);
        made[madeCount] = tcb;
        madeCount++;
        return tcb;
    }

    /** Those in use, in the order in which they were made. */
    Tcb[] live()
    {
        return Arrays.stream(made, 0, madeCount).filter((tcb) -> tcb.id != 0).toArray(Tcb[]::new);
    }

    void giveBack(final Tcb tcb)
    {
        sides.release(tcb);
        congestion.release(tcb);
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
