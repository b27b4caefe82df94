package dev.baton.tun;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Opens a device: looks at what is there, matches its flags, attaches, checks what was attached, and agrees on offloads.
 * <ol>
 * <li>Multi-queue must match an existing device, or the kernel refuses. The virtio header need not match, is <em>not</em>
 *     checked, and changes for all when the first attaches: so what is there is taken as it is, unless
 *     {@link TunConfig#claim()} says otherwise.
 * <li>Where the kernel does not say what is there, flags are tried from rich to poor, as the kernel refuses them with EINVAL. A
 *     device that this makes by mistake is gone again when the descriptor is closed.
 * <li>Whatever was asked for, TUNGETIFF says what was got, and that alone decides whether packets have a header. Only rtnetlink
 *     says whether they have a protocol word, which would make them unreadable.
 * </ol>
 * Not thread safe; one instance per open.
 */
final class TunOpener
{
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_SETFD = 2;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int FD_CLOEXEC = 1;

    /** How to ask what a device is. */
    @FunctionalInterface
    interface Lookup
    {
        Optional<TunInfo> find(String name) throws TunException;
    }

    private final LibC libc;
    private final Lookup lookup;
    private final TunIoctl ioctl;

    TunOpener(final LibC libc, final Lookup lookup)
    {
        this.libc = libc;
        this.lookup = lookup;
        this.ioctl = new TunIoctl(libc);
    }

    TunDevice open(final TunConfig config) throws TunException
    {
        TunErrors.checkConfig(config);
        final Optional<TunInfo> found;
        try
        {
            found = lookup.find(config.name());
        }
        catch (final TunException e)
        {
            return attachAll(config, toTry(config), null);
        }
        final int[] candidates = found.isPresent() ? toMatch(config, found.get()) : toCreate(config);
        return attachAll(config, candidates, found.orElse(null));
    }

    TunDevice adopt(final int fd, final boolean offload, final int mtuBytes) throws TunException
    {
        if (ioctl.getIff(fd) < 0)
        {
            throw TunErrors.adopt(fd, Native.errno());
        }
        final String name = ioctl.name();
        if (mtuBytes != 0)
        {
            TunErrors.checkMtu(name, mtuBytes);
        }
        final int flags = checkedFlags(fd);
        if (libc.fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
            libc.fcntl(fd, F_SETFL, libc.fcntl(fd, F_GETFL, 0) | O_NONBLOCK) < 0)
        {
            throw TunErrors.adopt(fd, Native.errno());
        }
        return device(name, new int[]{ fd }, flags, offload, mtuBytes);
    }

    private int[] toMatch(final TunConfig config, final TunInfo info) throws TunException
    {
        if (!info.tun())
        {
            throw TunErrors.notTun(config.name());
        }
        if (config.queues() > 1 && !info.multiQueue())
        {
            throw TunErrors.singleQueue(config.name(), config.queues(), libc.geteuid());
        }
        final boolean claimed = config.claim() && !info.multiQueue();
        return new int[]{ flags(info.multiQueue(), config.offload() && (info.vnetHeader() || claimed)) };
    }

    private int[] toCreate(final TunConfig config) throws TunException
    {
        if (!config.create())
        {
            throw TunErrors.absent(config.name(), libc.geteuid());
        }
        final boolean multiQueue = config.queues() > 1;
        return config.offload() ?
            new int[]{ flags(multiQueue, true), flags(multiQueue, false) } :
            new int[]{ flags(multiQueue, false) };
    }

    private static int[] toTry(final TunConfig config)
    {
        return config.offload() ?
            new int[]{ flags(true, true), flags(false, true), flags(true, false), flags(false, false) } :
            new int[]{ flags(true, false), flags(false, false) };
    }

    private static int flags(final boolean multiQueue, final boolean vnetHeader)
    {
        return TunIoctl.IFF_TUN | TunIoctl.IFF_NO_PI |
            (multiQueue ? TunIoctl.IFF_MULTI_QUEUE : 0) | (vnetHeader ? TunIoctl.IFF_VNET_HDR : 0);
    }

    private TunDevice attachAll(final TunConfig config, final int[] candidates, final TunInfo info) throws TunException
    {
        final int[] fds = new int[config.queues()];
        int opened = 0;
        try
        {
            int flags = 0;
            while (opened < fds.length)
            {
                fds[opened] = openNode(config.node());
                opened++;
                attach(fds[opened - 1], config.name(), opened == 1 ? candidates : new int[]{ flags }, info);
                flags = checkedFlags(fds[opened - 1]);
            }
            return device(config.name(), fds, flags, config.offload(), config.mtuBytes());
        }
        catch (final TunException e)
        {
            for (int i = 0; i < opened; i++)
            {
                libc.close(fds[i]);
            }
            throw e;
        }
    }

    private int openNode(final String node) throws TunException
    {
        final byte[] bytes = node.getBytes(StandardCharsets.UTF_8);
        final UnsafeBuffer path = new UnsafeBuffer(BufferUtil.allocateDirectAligned(bytes.length + 1, 8));
        path.putBytes(0, bytes);
        final int fd = libc.open(path.addressOffset(), O_RDWR | O_NONBLOCK | O_CLOEXEC, 0);
        if (fd < 0)
        {
            throw TunErrors.openNode(node, Native.errno(), libc.geteuid());
        }
        return fd;
    }

    private void attach(final int fd, final String name, final int[] candidates, final TunInfo info) throws TunException
    {
        int errno = TunErrors.EINVAL;
        for (final int flags : candidates)
        {
            if (ioctl.setIff(fd, name, flags) >= 0)
            {
                return;
            }
            errno = Native.errno();
            if (errno != TunErrors.EINVAL)
            {
                break;
            }
        }
        throw TunErrors.attach(name, errno, info, libc.geteuid());
    }

    private int checkedFlags(final int fd) throws TunException
    {
        if (ioctl.getIff(fd) < 0)
        {
            throw TunErrors.adopt(fd, Native.errno());
        }
        final int flags = ioctl.flags();
        if ((flags & TunIoctl.IFF_TUN) == 0 || hasPacketInfo(ioctl.name()))
        {
            throw TunErrors.wrongMode(ioctl.name());
        }
        return flags;
    }

    /** TUNGETIFF cannot tell: its bit 0x1000 is set whenever there is no socket filter. False where the kernel does not say. */
    private boolean hasPacketInfo(final String name)
    {
        try
        {
            return lookup.find(name).map(TunInfo::packetInfo).orElse(false);
        }
        catch (final TunException e)
        {
            return false;
        }
    }

    private TunDevice device(
        final String name, final int[] fds, final int flags, final boolean offload, final int mtuBytes)
        throws TunException
    {
        final boolean vnetHeader = (flags & TunIoctl.IFF_VNET_HDR) != 0;
        int offloads = 0;
        if (vnetHeader)
        {
            if (ioctl.setVnetHeader(fds[0]) < 0)
            {
                throw TunErrors.set("TUNSETVNETHDRSZ", name, Native.errno());
            }
            offloads = ioctl.negotiateOffloads(fds[0], offload);
        }
        return new TunDevice(
            libc,
            name,
            fds,
            (flags & TunIoctl.IFF_MULTI_QUEUE) != 0,
            vnetHeader,
            offloads,
            mtuBytes != 0 ? mtuBytes : deviceMtu(ioctl, name));
    }

    /**
     * The device's own MTU.
     *
     * @param ioctl to ask with.
     * @param name  of the device.
     * @return in bytes.
     * @throws TunException when the device is not in this thread's network namespace, or its MTU is unfit for IP.
     */
    static int deviceMtu(final TunIoctl ioctl, final String name) throws TunException
    {
        final int mtuBytes = ioctl.mtuBytes(name);
        if (mtuBytes < 0)
        {
            throw new TunException("SIOCGIFMTU", name, Native.errno(),
                "the MTU cannot be read, as for a device in another network namespace",
                "give the MTU in the configuration");
        }
        TunErrors.checkMtu(name, mtuBytes);
        return mtuBytes;
    }
}
