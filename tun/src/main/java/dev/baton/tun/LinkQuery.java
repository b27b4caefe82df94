package dev.baton.tun;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Asks rtnetlink(7) for one device by name: one request, one answer, no privilege.
 * <p>
 * Not sysfs, which shows the namespace it was mounted in: a socket belongs to the namespace of the thread that makes it, as a
 * TUN device does.
 * <pre>
 *   request:  nlmsghdr (16)  ifinfomsg (16)  attribute IFNAME
 *   answer:   nlmsghdr (16)  ifinfomsg (16)  attributes: MTU, LINKINFO { KIND "tun", DATA { OWNER, TYPE, VNET_HDR, ... } }, ...
 *         or  nlmsghdr (16)  negative errno (4) ...
 * </pre>
 * Not thread safe.
 */
final class LinkQuery
{
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC_NONBLOCK = 3 | 0x80000 | 0x800;
    private static final int NLMSG_ERROR = 2;
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int NLM_F_REQUEST = 1;
    private static final int ENODEV = 19;
    private static final int EBADMSG = 74;

    private static final int TYPE_OFFSET = 4;
    private static final int FLAGS_OFFSET = 6;
    private static final int NLMSGHDR_LENGTH = 16;
    private static final int IFI_FLAGS_OFFSET = NLMSGHDR_LENGTH + 8;
    private static final int ATTRIBUTES_OFFSET = NLMSGHDR_LENGTH + 16;
    private static final int ATTRIBUTE_HEADER = 4;
    private static final int ATTRIBUTE_TYPE_MASK = 0x3FFF;
    private static final int IFF_UP = 1;

    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_TUN_OWNER = 1;
    private static final int IFLA_TUN_TYPE = 3;
    private static final int IFLA_TUN_PI = 4;
    private static final int IFLA_TUN_VNET_HDR = 5;
    private static final int IFLA_TUN_PERSIST = 6;
    private static final int IFLA_TUN_MULTI_QUEUE = 7;

    /** An answer has some 2 KB; the kernel never makes one longer than this. */
    private static final int BUFFER_LENGTH = 32 * 1024;

    private final LibC libc;
    private final UnsafeBuffer message = new UnsafeBuffer(BufferUtil.allocateDirectAligned(BUFFER_LENGTH, 8));

    LinkQuery(final LibC libc)
    {
        this.libc = libc;
    }

    Optional<TunInfo> find(final String name) throws TunException
    {
        final int fd = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC_NONBLOCK, 0);
        if (fd < 0)
        {
            throw refused(name, Native.errno());
        }
        try
        {
            final int length = writeRequest(name);
            if (libc.write(fd, message.addressOffset(), length) != length)
            {
                throw refused(name, Native.errno());
            }
            final int received = (int)libc.read(fd, message.addressOffset(), BUFFER_LENGTH);
            if (received < 0)
            {
                throw refused(name, Native.errno());
            }
            return parse(name, received);
        }
        finally
        {
            libc.close(fd);
        }
    }

    private int writeRequest(final String name)
    {
        final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        final int attribute = ATTRIBUTE_HEADER + bytes.length + 1;
        final int length = ATTRIBUTES_OFFSET + align(attribute);
        message.setMemory(0, length, (byte)0);
        putInt(0, length);
        putShort(TYPE_OFFSET, RTM_GETLINK);
        putShort(FLAGS_OFFSET, NLM_F_REQUEST);
        putShort(ATTRIBUTES_OFFSET, attribute);
        putShort(ATTRIBUTES_OFFSET + 2, IFLA_IFNAME);
        message.putBytes(ATTRIBUTES_OFFSET + ATTRIBUTE_HEADER, bytes);
        return length;
    }

    private Optional<TunInfo> parse(final String name, final int received) throws TunException
    {
        final int type = received < NLMSGHDR_LENGTH + 4 ? 0 : getShort(TYPE_OFFSET);
        if (type == NLMSG_ERROR)
        {
            final int errno = -getInt(NLMSGHDR_LENGTH);
            if (errno == ENODEV)
            {
                return Optional.empty();
            }
            throw refused(name, errno);
        }
        final int end = Math.min(received, getInt(0));
        if (type != RTM_NEWLINK || end < ATTRIBUTES_OFFSET)
        {
            throw refused(name, EBADMSG);
        }
        return Optional.of(toInfo(name, end));
    }

    private TunInfo toInfo(final String name, final int end)
    {
        final boolean up = (getInt(IFI_FLAGS_OFFSET) & IFF_UP) != 0;
        final int mtuAt = attribute(ATTRIBUTES_OFFSET, end, IFLA_MTU);
        final int mtuBytes = mtuAt < 0 ? 0 : getInt(mtuAt + ATTRIBUTE_HEADER);
        final int infoAt = attribute(ATTRIBUTES_OFFSET, end, IFLA_LINKINFO);
        final int infoEnd = infoAt < 0 ? 0 : infoAt + getShort(infoAt);
        final int kindAt = infoAt < 0 ? -1 : attribute(infoAt + ATTRIBUTE_HEADER, infoEnd, IFLA_INFO_KIND);
        final int dataAt = infoAt < 0 ? -1 : attribute(infoAt + ATTRIBUTE_HEADER, infoEnd, IFLA_INFO_DATA);
        if (kindAt < 0 || dataAt < 0 || !"tun".equals(text(kindAt)))
        {
            return new TunInfo(name, false, up, mtuBytes, false, false, false, false, -1);
        }
        final int from = dataAt + ATTRIBUTE_HEADER;
        final int to = dataAt + getShort(dataAt);
        final int ownerAt = attribute(from, to, IFLA_TUN_OWNER);
        return new TunInfo(
            name,
            octet(from, to, IFLA_TUN_TYPE) == TunIoctl.IFF_TUN,
            up,
            mtuBytes,
            octet(from, to, IFLA_TUN_MULTI_QUEUE) == 1,
            octet(from, to, IFLA_TUN_VNET_HDR) == 1,
            octet(from, to, IFLA_TUN_PI) == 1,
            octet(from, to, IFLA_TUN_PERSIST) == 1,
            ownerAt < 0 ? -1 : getInt(ownerAt + ATTRIBUTE_HEADER));
    }

    /** Offset of the first attribute of a type between two offsets, or -1; what is cut short counts as absent. */
    private int attribute(final int from, final int end, final int type)
    {
        int at = from;
        while (at + ATTRIBUTE_HEADER <= end)
        {
            final int length = getShort(at);
            if (length < ATTRIBUTE_HEADER || at + length > end)
            {
                return -1;
            }
            if ((getShort(at + 2) & ATTRIBUTE_TYPE_MASK) == type)
            {
                return at;
            }
            at += align(length);
        }
        return -1;
    }

    private int octet(final int from, final int end, final int type)
    {
        final int at = attribute(from, end, type);
        return at < 0 || getShort(at) <= ATTRIBUTE_HEADER ? -1 : message.getByte(at + ATTRIBUTE_HEADER) & 0xFF;
    }

    private String text(final int at)
    {
        final int length = getShort(at) - ATTRIBUTE_HEADER - 1;
        return length <= 0 ? "" : message.getStringWithoutLengthUtf8(at + ATTRIBUTE_HEADER, length);
    }

    private static TunException refused(final String name, final int errno)
    {
        return new TunException("rtnetlink", name, errno, "the kernel does not say what this device is",
            "allow AF_NETLINK sockets in the sandbox that runs this process");
    }

    private static int align(final int length)
    {
        return length + 3 & ~3;
    }

    private int getInt(final int at)
    {
        return message.getInt(at, ByteOrder.nativeOrder());
    }

    private void putInt(final int at, final int value)
    {
        message.putInt(at, value, ByteOrder.nativeOrder());
    }

    private int getShort(final int at)
    {
        return message.getShort(at, ByteOrder.nativeOrder()) & 0xFFFF;
    }

    private void putShort(final int at, final int value)
    {
        message.putShort(at, (short)value, ByteOrder.nativeOrder());
    }
}
