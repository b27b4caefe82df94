package dev.baton.tun;

import java.io.IOException;

/**
 * A call on a TUN device failed. The message names the call, the device, the errno, the cause and the mend; the parts can also be
 * had one by one.
 */
public final class TunException extends IOException
{
    private static final long serialVersionUID = 1L;

    /** Name of the call. */
    private final String call;
    /** What it was made on. */
    private final String device;
    /** The kernel's reason; 0 for none. */
    private final int errno;
    /** The cause in words. */
    private final String why;
    /** What to do about it. */
    private final String mend;

    /**
     * A failure.
     *
     * @param call   that failed, like {@code TUNSETIFF}.
     * @param device it was made on, or the file.
     * @param errno  its number; 0 when the failure was found without the kernel.
     * @param why    it failed, as a sentence without a full stop.
     * @param mend   what to do about it: a command where one helps.
     */
    public TunException(
        final String call, final String device, final int errno, final String why, final String mend)
    {
        super(text(call, device, errno, why, mend));
        this.call = call;
        this.device = device;
        this.errno = errno;
        this.why = why;
        this.mend = mend;
    }

    /**
     * The call that failed.
     *
     * @return its name, like {@code TUNSETIFF}.
     */
    public String call()
    {
        return call;
    }

    /**
     * What the call was made on.
     *
     * @return name of a device, or a path.
     */
    public String device()
    {
        return device;
    }

    /**
     * The kernel's reason.
     *
     * @return its number; 0 when the failure was found without the kernel.
     */
    public int errno()
    {
        return errno;
    }

    /**
     * The kernel's reason by name.
     *
     * @return like {@code EPERM}; empty when there is no errno.
     */
    public String errnoName()
    {
        return errno == 0 ? "" : Native.errnoName(errno);
    }

    /**
     * The cause in words.
     *
     * @return a sentence.
     */
    public String why()
    {
        return why;
    }

    /**
     * What to do about it.
     *
     * @return a command or a sentence.
     */
    public String mend()
    {
        return mend;
    }

    private static String text(
        final String call, final String device, final int errno, final String why, final String mend)
    {
        final String reason = errno == 0 ? "" : Native.errnoName(errno) + " (" + Native.errnoText(errno) + "): ";
        return call + " " + device + ": " + reason + why + "; to mend: " + mend;
    }
}
