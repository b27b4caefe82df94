package dev.baton.tun;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The ioctls of linux/if_tun.h and the {@code struct ifreq} that some of them take. Numbers are those of x86, ARM, RISC-V and
 * LoongArch.
 * <pre>
 *   struct ifreq, 40 bytes:   0 name, at most 15 bytes and NUL   16 flags, 16 bits, or MTU, 32 bits   20 unused
 * </pre>
 * Not thread safe; one instance per open.
 */
final class TunIoctl
{
    static final long TUNSETIFF = 0x400454caL;
    static final long TUNSETPERSIST = 0x400454cbL;
    static final long TUNSETOWNER = 0x400454ccL;
    static final long TUNSETOFFLOAD = 0x400454d0L;
    static final long TUNGETIFF = 0x800454d2L;
    static final long TUNGETVNETHDRSZ = 0x800454d7L;
    static final long TUNSETVNETHDRSZ = 0x400454d8L;
    static final long SIOCGIFMTU = 0x8921L;

    /** A device of IP packets, not of Ethernet frames. */
    static final int IFF_TUN = 0x0001;
    /** More than one descriptor may be attached. */
    static final int IFF_MULTI_QUEUE = 0x0100;
    /** The device outlives its descriptors; read only. */
    static final int IFF_PERSIST = 0x0800;
    /** No protocol word in front of each packet; not readable by TUNGETIFF, where the bit means something else. */
    static final int IFF_NO_PI = 0x1000;
    /** A virtio header in front of each packet. */
    static final int IFF_VNET_HDR = 0x4000;

    /** Greatest length of a device's name, without NUL. */
    static final int MAX_NAME_LENGTH = 15;

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int IFREQ_LENGTH = 40;
    private static final int FLAGS_OFFSET = 16;

    private final LibC libc;
    private final UnsafeBuffer request = new UnsafeBuffer(BufferUtil.allocateDirectAligned(IFREQ_LENGTH, 8));

    TunIoctl(final LibC libc)
    {
        this.libc = libc;
    }

    /**
     * Attach a descriptor to a device, making the device if there is none.
     *
     * @param fd    of /dev/net/tun, not yet attached.
     * @param name  of the device.
     * @param flags IFF_*.
     * @return 0, or -1 with errno.
     */
    int setIff(final int fd, final String name, final int flags)
    {
        putName(name);
        request.putShort(FLAGS_OFFSET, (short)flags, ByteOrder.nativeOrder());
        return libc.ioctl(fd, TUNSETIFF, request.addressOffset());
    }

    /**
     * Ask what a descriptor is attached to; then see {@link #name()} and {@link #flags()}.
     *
     * @param fd attached.
     * @return 0, or -1 with errno.
     */
    int getIff(final int fd)
    {
        request.setMemory(0, IFREQ_LENGTH, (byte)0);
        return libc.ioctl(fd, TUNGETIFF, request.addressOffset());
    }

    /**
     * Name that the last {@link #setIff} or {@link #getIff} left.
     *
     * @return of the device.
     */
    String name()
    {
        int length = 0;
        while (length < FLAGS_OFFSET && request.getByte(length) != 0)
        {
            length++;
        }
        return request.getStringWithoutLengthUtf8(0, length);
    }

    /**
     * Flags that the last {@link #getIff} left.
     *
     * @return IFF_*.
     */
    int flags()
    {
        return request.getShort(FLAGS_OFFSET, ByteOrder.nativeOrder()) & 0xFFFF;
    }

    /**
     * Make the virtio header 10 bytes long. A kernel that cannot change the length may still have the right one.
     *
     * @param fd attached with IFF_VNET_HDR.
     * @return 0, or -1 with errno.
     */
    int setVnetHeader(final int fd)
    {
        request.putInt(0, VnetHeader.LENGTH, ByteOrder.nativeOrder());
        if (libc.ioctl(fd, TUNSETVNETHDRSZ, request.addressOffset()) == 0)
        {
            return 0;
        }
        final int result = libc.ioctl(fd, TUNGETVNETHDRSZ, request.addressOffset());
        return result == 0 && request.getInt(0, ByteOrder.nativeOrder()) == VnetHeader.LENGTH ? 0 : -1;
    }

    /**
     * Agree on offloads: offer rich to poor and take the first that the kernel accepts.
     *
     * @param fd     attached with IFF_VNET_HDR.
     * @param wanted false to want every packet plain and whole.
     * @return TUN_F_* bits of {@link Offloads}.
     */
    int negotiateOffloads(final int fd, final boolean wanted)
    {
        for (final int offer : Offloads.OFFERS)
        {
            if ((wanted || offer == 0) && libc.ioctl(fd, TUNSETOFFLOAD, offer) >= 0)
            {
                return offer;
            }
        }
        return 0;
    }

    /**
     * Ask for a device's MTU, in the calling thread's network namespace. Needs no privilege.
     *
     * @param name of the device.
     * @return in bytes, or -1 with errno.
     */
    int mtuBytes(final String name)
    {
        final int fd = libc.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
        if (fd < 0)
        {
            return -1;
        }
        putName(name);
        final int result = libc.ioctl(fd, SIOCGIFMTU, request.addressOffset());
        final int mtuBytes = result < 0 ? -1 : request.getInt(FLAGS_OFFSET, ByteOrder.nativeOrder());
        // A close that succeeds leaves the saved errno alone.
        libc.close(fd);
        return mtuBytes;
    }

    private void putName(final String name)
    {
        request.setMemory(0, IFREQ_LENGTH, (byte)0);
        request.putBytes(0, name.getBytes(StandardCharsets.UTF_8));
    }
}
