package dev.baton.tun;

import java.util.Optional;

/**
 * An open TUN device: one or more queues on it, and what was agreed with the kernel.
 * <p>
 * Opening and settings may allocate and block; do them before the loop starts. Each {@link TunQueue} belongs to one thread.
 * {@link #close()} is called when those threads no longer use their queues: a descriptor's number may be taken by another file
 * at once. A device belongs to the network namespace of the thread that opened it, but its descriptors work from any.
 */
public final class TunDevice implements AutoCloseable
{
    /** Least MTU: what IPv4 asks of every link (RFC 791, section 3.2). */
    public static final int MIN_MTU_BYTES = 68;
    /** Greatest MTU: the longest IPv4 packet. */
    public static final int MAX_MTU_BYTES = 65535;

    private final LibC libc;
    private final String name;
    private final boolean multiQueue;
    private final boolean vnetHeader;
    private final int offloads;
    private final TunQueue[] queues;
    private volatile int mtuBytes;

    TunDevice(
        final LibC libc,
        final String name,
        final int[] fds,
        final boolean multiQueue,
        final boolean vnetHeader,
        final int offloads,
        final int mtuBytes)
    {
        this.libc = libc;
        this.name = name;
        this.multiQueue = multiQueue;
        this.vnetHeader = vnetHeader;
        this.offloads = offloads;
        this.mtuBytes = mtuBytes;
        this.queues = new TunQueue[fds.length];
        for (int i = 0; i < fds.length; i++)
        {
            queues[i] = new TunQueue(this, fds[i]);
        }
    }

    /**
     * Attach to a device that is there, taking its flags as they are, or make one where the configuration says so.
     *
     * @param config what to open.
     * @return the open device.
     * @throws TunException that names the call, the device, the cause and the mend; nothing stays open then.
     */
    public static TunDevice open(final TunConfig config) throws TunException
    {
        Native.load();
        return new TunOpener(Native.libc(), TunInfo::find).open(config);
    }

    /**
     * Take over a descriptor that somebody else attached: inherited, or passed over a socket. It is closed with the device, and
     * becomes non-blocking for everybody who shares it.
     *
     * @param fd       attached with IFF_TUN and IFF_NO_PI.
     * @param offload  agree on offloads, if the descriptor has virtio headers.
     * @param mtuBytes MTU to go by; 0 to take the device's own, which can be read only in its own network namespace.
     * @return the open device.
     * @throws TunException that names the call, the cause and the mend; the descriptor is still the caller's then.
     */
    public static TunDevice adopt(final int fd, final boolean offload, final int mtuBytes) throws TunException
    {
        Native.load();
        return new TunOpener(Native.libc(), TunInfo::find).adopt(fd, offload, mtuBytes);
    }

    /**
     * Is there a network device of this name in the calling thread's namespace?
     *
     * @param name to look for.
     * @return true when there is; {@link TunInfo} says what it is.
     * @throws TunException when the kernel cannot be asked, or the name cannot be one.
     */
    public static boolean exists(final String name) throws TunException
    {
        return TunInfo.find(name).isPresent();
    }

    /**
     * The device's name.
     *
     * @return as the kernel has it.
     */
    public String name()
    {
        return name;
    }

    /**
     * May more queues be attached, here or by others?
     *
     * @return true for a multi-queue device.
     */
    public boolean multiQueue()
    {
        return multiQueue;
    }

    /**
     * Do packets have a virtio header? Without one there are neither super-segments nor partial checksums.
     *
     * @return true when they do.
     */
    public boolean vnetHeader()
    {
        return vnetHeader;
    }

    /**
     * What the kernel agreed to leave undone in packets it hands to us.
     *
     * @return bits of {@link Offloads}.
     */
    public int offloads()
    {
        return offloads;
    }

    /**
     * The MTU.
     *
     * @return in bytes, as configured or last read.
     */
    public int mtu()
    {
        return mtuBytes;
    }

    /**
     * Read the device's MTU again, after somebody has changed it. To be called in the device's network namespace.
     *
     * @return in bytes; {@link TunQueue#mtu()} gives it from now on.
     * @throws TunException when it cannot be read; the old one stays.
     */
    public int refreshMtu() throws TunException
    {
        mtuBytes = TunOpener.deviceMtu(new TunIoctl(libc), name);
        return mtuBytes;
    }

    /**
     * Check that packets can pass. To be called in the device's network namespace.
     *
     * @throws TunException when the device is down or gone.
     */
    public void requireUp() throws TunException
    {
        final Optional<TunInfo> info = TunInfo.find(name);
        if (info.isEmpty())
        {
            throw TunErrors.lost(name, TunErrors.ENODEV);
        }
        if (!info.get().up())
        {
            throw TunErrors.down(name);
        }
    }

    /**
     * How many queues are attached here.
     *
     * @return 1 or more.
     */
    public int queueCount()
    {
        return queues.length;
    }

    /**
     * One of the queues.
     *
     * @param index 0 to {@link #queueCount()} - 1.
     * @return the queue, always the same one.
     */
    public TunQueue queue(final int index)
    {
        return queues[index];
    }

    /**
     * Should the device outlive its descriptors?
     *
     * @param persist true to keep it.
     * @throws TunException when refused.
     */
    public void persist(final boolean persist) throws TunException
    {
        set("TUNSETPERSIST", TunIoctl.TUNSETPERSIST, persist ? 1 : 0);
    }

    /**
     * Let a user attach without privilege. A persistent device without owner and group may be attached to by anyone.
     *
     * @param uid of the user.
     * @throws TunException when refused.
     */
    public void owner(final int uid) throws TunException
    {
        set("TUNSETOWNER", TunIoctl.TUNSETOWNER, uid);
    }

    /**
     * Close all queues. A device that is not persistent ends with its last descriptor. Closing twice does nothing.
     */
    @Override
    public void close()
    {
        for (final TunQueue queue : queues)
        {
            queue.close();
        }
    }

    @Override
    public String toString()
    {
        return name + " mtu " + mtuBytes + " queues " + queues.length + (multiQueue ? " multi_queue" : "") +
            (vnetHeader ? " vnet_hdr" : "") + " offloads " + Offloads.toString(offloads);
    }

    private void set(final String call, final long request, final int value) throws TunException
    {
        if (libc.ioctl(queues[0].fd(), request, value) < 0)
        {
            throw TunErrors.set(call, name, Native.errno());
        }
    }
}
