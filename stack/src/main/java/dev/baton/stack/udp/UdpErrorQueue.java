package dev.baton.stack.udp;

import dev.baton.stack.service.UdpError;

/**
 * The last errors about a socket's datagrams (ip(7), IP_RECVERR), oldest first; when it is full a new one is dropped,
 * so a flood of ICMP takes no more memory than this. Not thread safe.
 */
public final class UdpErrorQueue
{
    /** Most errors that wait at one socket. */
    public static final int LIMIT = 16;

    private final UdpError[] entries = new UdpError[LIMIT];
    private int first;
    private int count;

    UdpErrorQueue()
    {
        for (int i = 0; i < LIMIT; i++)
        {
            entries[i] = new UdpError();
        }
    }

    /** {@return errors that wait} */
    public int count()
    {
        return count;
    }

    /**
     * Look at an error.
     *
     * @param index 0 for the oldest, below {@link #count()}.
     * @return valid until the next change.
     */
    public UdpError get(final int index)
    {
        return entries[(first + index) % LIMIT];
    }

    /** A slot to be filled, or null when it is full. */
    UdpError add()
    {
        if (count == LIMIT)
        {
            return null;
        }
        count++;
        return entries[(first + count - 1) % LIMIT];
    }

    boolean take(final UdpError into)
    {
        if (count == 0)
        {
            return false;
        }
        copy(entries[first], into);
        first = (first + 1) % LIMIT;
        count--;
        return true;
    }

    static void copy(final UdpError from, final UdpError into)
    {
        into.errno = from.errno;
        into.version = from.version;
        into.type = from.type;
        into.code = from.code;
        into.mtu = from.mtu;
        into.remoteHi = from.remoteHi;
        into.remoteLo = from.remoteLo;
        into.remotePort = from.remotePort;
    }
}
