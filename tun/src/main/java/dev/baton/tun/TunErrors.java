package dev.baton.tun;

import java.nio.charset.StandardCharsets;

/** What each refusal means, and the command that mends it. */
final class TunErrors
{
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ENXIO = 6;
    static final int EBADF = 9;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int ENOTTY = 25;
    static final int ENAMETOOLONG = 36;
    static final int EBADFD = 77;

    private TunErrors()
    {
    }

    /**
     * The kernel would cut a long name silently, and refuse others with a bare EINVAL.
     *
     * @param name of a device.
     * @throws TunException when it cannot be one.
     */
    static void checkName(final String name) throws TunException
    {
        if (name.getBytes(StandardCharsets.UTF_8).length > TunIoctl.MAX_NAME_LENGTH)
        {
            throw new TunException("TUNSETIFF", name, ENAMETOOLONG, "a device's name has at most " +
                TunIoctl.MAX_NAME_LENGTH + " bytes", "choose a shorter name");
        }
        final boolean plain = name.chars().allMatch(c -> c > ' ' && c != '/' && c != ':' && c != '%' && c != 0x7F);
        if (name.isEmpty() || !plain || ".".equals(name) || "..".equals(name))
        {
            throw new TunException("TUNSETIFF", "'" + name + "'", EINVAL,
                "a device's name is not empty and has no space, '/', ':' or '%'", "choose another name");
        }
    }

    static void checkConfig(final TunConfig config) throws TunException
    {
        checkName(config.name());
        if (config.queues() < 1 || config.queues() > TunConfig.MAX_QUEUES)
        {
            throw new TunException("open", config.name(), EINVAL, config.queues() + " queues were asked for",
                "ask for 1 to " + TunConfig.MAX_QUEUES);
        }
        if (config.mtuBytes() != 0)
        {
            checkMtu(config.name(), config.mtuBytes());
        }
    }

    static void checkMtu(final String name, final int mtuBytes) throws TunException
    {
        if (mtuBytes < TunDevice.MIN_MTU_BYTES || mtuBytes > TunDevice.MAX_MTU_BYTES)
        {
            throw new TunException("open", name, EINVAL, "an MTU of " + mtuBytes + " is out of range",
                "use " + TunDevice.MIN_MTU_BYTES + " to " + TunDevice.MAX_MTU_BYTES);
        }
    }

    static TunException openNode(final String node, final int errno, final int euid)
    {
        return switch (errno)
        {
            case ENOENT, ENXIO, ENODEV -> new TunException("open", node, errno,
                "the TUN driver has no node there",
                "as root: modprobe tun; mkdir -p /dev/net; mknod -m 666 /dev/net/tun c 10 200");
            case EACCES, EPERM -> new TunException("open", node, errno,
                "user " + euid + " may not open it",
                "as root: chmod 666 " + node + " (who may use a device is checked again when attaching)," +
                " or hand this process an open descriptor");
            default -> new TunException("open", node, errno, "the TUN driver's node cannot be opened",
                "see whether 'ip tuntap add' works here");
        };
    }

    static TunException absent(final String name, final int euid)
    {
        return new TunException("TUNSETIFF", name, ENODEV, "there is no such device in this network namespace",
            "as root: " + creation(name, euid));
    }

    static TunException notTun(final String name)
    {
        return new TunException("TUNSETIFF", name, EINVAL, "the device is there, but it is not a TUN device",
            "name a TUN device: ip -details link show type tun");
    }

    static TunException singleQueue(final String name, final int queues, final int euid)
    {
        return new TunException("TUNSETIFF", name, EINVAL,
            queues + " queues were asked for, and the device has only one",
            "ask for one queue, or as root: ip tuntap del dev " + name + " mode tun; " + creation(name, euid));
    }

    /**
     * The device could not be attached to.
     *
     * @param name  of the device.
     * @param errno of TUNSETIFF.
     * @param info  what is known of the device; null when it is absent or unknown.
     * @param euid  who tried.
     * @return the error.
     */
    static TunException attach(final String name, final int errno, final TunInfo info, final int euid)
    {
        return switch (errno)
        {
            case EPERM -> info == null ?
                new TunException("TUNSETIFF", name, errno,
                    "user " + euid + " may not make a device here: that takes CAP_NET_ADMIN in this network namespace",
                    "run as root, or let root create it: " + creation(name, euid)) :
                new TunException("TUNSETIFF", name, errno,
                    "the device belongs to " + ownerText(info) + ", not to user " + euid,
                    "run as its owner, or as root: ip tuntap del dev " + name + " mode tun " +
                    (info.multiQueue() ? "multi_queue" : "") + "; " + creation(name, euid));
            case EBUSY -> new TunException("TUNSETIFF", name, errno,
                "another process has the device's only queue, or the name is taken by another kind of device",
                "end that process (grep -l 'iff:.*" + name + "' /proc/*/fdinfo/* names it), or make the device multi_queue");
            case EINVAL -> new TunException("TUNSETIFF", name, errno,
                "the kernel refused the flags; the device is " + flagsText(info),
                "as root: ip tuntap del dev " + name + " mode tun; " + creation(name, euid));
            case ENOTTY -> new TunException("TUNSETIFF", name, errno, "the node that was opened is not the TUN driver's",
                "use " + TunConfig.DEFAULT_NODE + ", or as root: mknod -m 666 NODE c 10 200");
            default -> new TunException("TUNSETIFF", name, errno, "the device cannot be attached to",
                "see whether 'ip tuntap add' works here");
        };
    }

    static TunException adopt(final int fd, final int errno)
    {
        final String what = "descriptor " + fd;
        return switch (errno)
        {
            case EBADF -> new TunException("TUNGETIFF", what, errno, "no such descriptor is open in this process",
                "start the process so that it inherits the descriptor, like: baton ... " + fd + "<>/dev/net/tun");
            case ENOTTY, EINVAL -> new TunException("TUNGETIFF", what, errno, "the descriptor is not one of /dev/net/tun",
                "pass the descriptor that TUNSETIFF was called on");
            case EBADFD -> new TunException("TUNGETIFF", what, errno,
                "the descriptor is not attached to a device, or the device has been deleted",
                "call TUNSETIFF on it before passing it");
            default -> new TunException("TUNGETIFF", what, errno, "the descriptor cannot be adopted",
                "pass a descriptor that is attached to a TUN device");
        };
    }

    static TunException wrongMode(final String name)
    {
        return new TunException("TUNGETIFF", name, EINVAL,
            "the device is a TAP, or has a protocol word in front of each packet, because its first descriptor was attached so",
            "attach it with IFF_TUN | IFF_NO_PI, and make it without 'pi'");
    }

    static TunException down(final String name)
    {
        return new TunException("write", name, 5, "the device is down, so nothing passes",
            "as root: ip link set dev " + name + " up");
    }

    static TunException lost(final String name, final int errno)
    {
        return new TunException("read", name, errno, "the device was deleted while it was open",
            "make the device again and restart this process: " + creation(name, Native.libc().geteuid()));
    }

    static TunException set(final String call, final String name, final int errno)
    {
        return new TunException(call, name, errno, "the kernel refused the setting",
            errno == EPERM ? "run as the device's owner, or as root" : "see the kernel's log: dmesg | tail");
    }

    static String creation(final String name, final int euid)
    {
        return "ip tuntap add dev " + name + " mode tun multi_queue vnet_hdr user " + euid;
    }

    private static String ownerText(final TunInfo info)
    {
        return info.ownerUid() < 0 ? "a group or nobody" : "user " + info.ownerUid();
    }

    private static String flagsText(final TunInfo info)
    {
        return info == null ? "not known" :
            (info.multiQueue() ? "multi_queue" : "single-queue") + (info.vnetHeader() ? " with vnet_hdr" : " without vnet_hdr");
    }
}
