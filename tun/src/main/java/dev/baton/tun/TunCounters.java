package dev.baton.tun;

/**
 * What a {@link TunQueue} has counted. Written by the queue's thread alone, as plain fields; another thread may read them and
 * sees values that are a little old.
 */
public final class TunCounters
{
    /** Errors with a greater number are counted under 0. */
    private static final int MAX_ERRNO = 133;

    long rxPackets;
    long rxBytes;
    long rxSupers;
    long rxRefused;
    long txPackets;
    long txBytes;
    long txSupers;
    long txCopies;
    long txRefused;
    private long errors;
    private final long[] errorsByErrno = new long[MAX_ERRNO + 1];

    TunCounters()
    {
    }

    /**
     * Packets read; a super-segment is one.
     *
     * @return how many.
     */
    public long rxPackets()
    {
        return rxPackets;
    }

    /**
     * Bytes of IP packets read.
     *
     * @return how many.
     */
    public long rxBytes()
    {
        return rxBytes;
    }

    /**
     * Super-packets read.
     *
     * @return how many.
     */
    public long rxSupers()
    {
        return rxSupers;
    }

    /**
     * Reads dropped because they were not one whole packet: shorter than the virtio header and a byte, or truncated because
     * longer than 65535 bytes.
     *
     * @return how many.
     */
    public long rxRefused()
    {
        return rxRefused;
    }

    /**
     * Packets written; a super-segment is one.
     *
     * @return how many.
     */
    public long txPackets()
    {
        return txPackets;
    }

    /**
     * Bytes of IP packets written.
     *
     * @return how many.
     */
    public long txBytes()
    {
        return txBytes;
    }

    /**
     * Super-segments written as such.
     *
     * @return how many.
     */
    public long txSupers()
    {
        return txSupers;
    }

    /**
     * Packets copied before they were written, because their buffer was on the heap or had no headroom.
     *
     * @return how many.
     */
    public long txCopies()
    {
        return txCopies;
    }

    /**
     * Packets refused without asking the kernel: no IP packet's length, a super-segment or partial checksum that this device
     * cannot complete, or a device that is gone.
     *
     * @return how many.
     */
    public long txRefused()
    {
        return txRefused;
    }

    /**
     * Calls that failed, an empty queue on reading not counted.
     *
     * @return how many.
     */
    public long errors()
    {
        return errors;
    }

    /**
     * Calls that failed for one reason.
     *
     * @param errno of the reason; 0 for numbers that are not Linux's.
     * @return how many.
     */
    public long errors(final int errno)
    {
        return errno < 0 || errno > MAX_ERRNO ? 0 : errorsByErrno[errno];
    }

    void error(final int errno)
    {
        errors++;
        errorsByErrno[errno < 0 || errno > MAX_ERRNO ? 0 : errno]++;
    }
}
