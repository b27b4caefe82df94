package dev.baton.tun;

import jnr.enxio.channels.NativeDeviceChannel;
import jnr.enxio.channels.NativeSelectorProvider;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;

/**
 * A kernel counter that makes a descriptor readable: how one thread wakes another that waits in poll (eventfd(2)).
 * <p>
 * It is a jnr-enxio channel, so that an enxio selector can wait for it among other control descriptors. Its own two operations go
 * past the channel, straight to the C library: {@code NativeDeviceChannel} moves a {@code ByteBuffer} whose position only one
 * thread may use, turns a full counter into an exception, and has no errno, while {@link #signal()} is called by any thread, and
 * neither operation may allocate.
 */
public final class EventFd extends NativeDeviceChannel
{
    private static final int EFD_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
    private static final int LENGTH = 8;

    /** Only ever read by the kernel, so all threads may share it. */
    private final UnsafeBuffer one = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LENGTH, LENGTH));
    private final UnsafeBuffer value = new UnsafeBuffer(BufferUtil.allocateDirectAligned(LENGTH, LENGTH));

    private EventFd(final int fd)
    {
        super(NativeSelectorProvider.getInstance(), fd, SelectionKey.OP_READ, false);
        one.putLong(0, 1, ByteOrder.nativeOrder());
    }

    /**
     * Make one, with its counter at zero.
     *
     * @return the open event.
     * @throws TunException when the process has no descriptor left.
     */
    public static EventFd open() throws TunException
    {
        Native.load();
        final int fd = Native.libc().eventfd(0, EFD_NONBLOCK_CLOEXEC);
        if (fd < 0)
        {
            throw new TunException("eventfd", "eventfd", Native.errno(), "no event could be made",
                "raise the limit of open files: ulimit -n");
        }
        return new EventFd(fd);
    }

    /**
     * Add one to the counter, which makes the descriptor readable. From any thread, while the channel is open.
     */
    public void signal()
    {
        // The only failure of an open event is a counter at its end, and then it is readable as it is.
        Native.quiet().write(getFD(), one.addressOffset(), LENGTH);
    }

    /**
     * Take the counter back to zero. From one thread.
     *
     * @return what it was: the signals since the last time.
     */
    public long drain()
    {
        return Native.quiet().read(getFD(), value.addressOffset(), LENGTH) == LENGTH ?
            value.getLong(0, ByteOrder.nativeOrder()) : 0;
    }

    /** Close; an event has nothing to flush, so closing it cannot fail. */
    void closeQuietly()
    {
        try
        {
            close();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void implCloseSelectableChannel()
    {
        Native.libc().close(getFD());
    }
}
