package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;

/**
 * The choice of local ports (RFC 6056, section 3.3.4, double-hash): each peer has its own sequence of ports, which
 * begins at a keyed hash and goes on by a counter that it shares with a few others. So ports are not guessed, and are
 * used again late.
 * <p>
 * State: the counters. Not thread safe; allocates nothing.
 */
public final class LocalPorts
{
    /** Counters that there are; each starts somewhere else, by the secret. */
    public static final int COUNTERS = 256;

    private static final int LABEL_OFFSET = 6;
    private static final int LABEL_INDEX = 7;
    private static final int LABEL_START = 8;

    private final StackContext context;
    private final SipHash hash;
    private final int[] counters = new int[COUNTERS];

    LocalPorts(final StackContext context)
    {
        this.context = context;
        hash = new SipHash(context.secret0(), context.secret1());
        for (int i = 0; i < COUNTERS; i++)
        {
            counters[i] = (int)hash.flow(LABEL_START, 0, 0, 0, 0, 0, i);
        }
    }

    /** How many ports there are to choose from, reserved ones included. */
    int range()
    {
        return context.highestLocalPort() - context.lowestLocalPort() + 1;
    }

    /** Where the sequence of ports to a place begins: the {@code offset} of {@link #next}. */
    int offset(
        final long localHi, final long localLo, final long remoteHi, final long remoteLo, final int remotePort)
    {
        return (int)hash.flow(LABEL_OFFSET, localHi, localLo, 0, remoteHi, remoteLo, remotePort);
    }

    /** The counter that the sequence of ports to a place uses: the {@code counter} of {@link #next}. */
    int counter(
        final long localHi, final long localLo, final long remoteHi, final long remoteLo, final int remotePort)
    {
        return (int)hash.flow(LABEL_INDEX, localHi, localLo, 0, remoteHi, remoteLo, remotePort) & COUNTERS - 1;
    }

    /** The next port of a sequence; 0 when that one is reserved. */
    int next(final int offset, final int counter)
    {
        final int step = counters[counter];
        counters[counter] = step + 1;
        final int port = context.lowestLocalPort() + Integer.remainderUnsigned(offset + step, range());
        return context.handshake().isReserved(port) ? 0 : port;
    }

    /**
     * A counter, for codecs.
     *
     * @param i 0 to {@link #COUNTERS} - 1.
     * @return its value.
     */
    public int count(final int i)
    {
        return counters[i];
    }

    /**
     * Set a counter, for codecs.
     *
     * @param i     0 to {@link #COUNTERS} - 1.
     * @param value of another shard's.
     */
    public void count(final int i, final int value)
    {
        counters[i] = value;
    }

    void key(final long k0, final long k1)
    {
        hash.key(k0, k1);
    }
}
