package dev.baton.tools.kernel;

import dev.baton.stack.socket.MessageInfo;
import dev.baton.stack.socket.SockAddr;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import static dev.baton.stack.socket.SocketConstants.*;

/**
 * A {@code struct msghdr} with one piece, a name and control messages, in direct memory (cmsg(3); 64-bit layout):
 * <pre>
 *    0 msg_name, 8 msg_namelen, 16 msg_iov, 24 msg_iovlen, 32 msg_control, 40 msg_controllen, 48 msg_flags
 * </pre>
 */
final class KernelMessage
{
    /** Most bytes of one message. */
    static final int MOST_BYTES = 1 << 20;

    private static final int IOVEC = 64;
    private static final int NAME = 96;
    private static final int CONTROL = NAME + KernelAddresses.ROOM;
    private static final int CONTROL_ROOM = 512;
    private static final int CMSG_HEADER = 16;
    private static final int EXTENDED_ERR = 16;

    /** Data of the message. */
    final UnsafeBuffer data = new UnsafeBuffer(ByteBuffer.allocateDirect(MOST_BYTES));
    private final UnsafeBuffer header = new UnsafeBuffer(ByteBuffer.allocateDirect(CONTROL + CONTROL_ROOM));
    private final SockAddr scratch = new SockAddr();

    /** Address of the header. */
    long address()
    {
        return header.addressOffset();
    }

    /** Set up for a call; the data are in {@link #data} already when it sends. */
    void prepare(final int length, final int nameLength, final int controlLength)
    {
        header.putLong(0, nameLength == 0 ? 0 : header.addressOffset() + NAME);
        header.putInt(8, nameLength);
        header.putLong(16, header.addressOffset() + IOVEC);
        header.putLong(24, 1);
        header.putLong(32, controlLength == 0 ? 0 : header.addressOffset() + CONTROL);
        header.putLong(40, controlLength);
        header.putInt(48, 0);
        header.putLong(IOVEC, data.addressOffset());
        header.putLong(IOVEC + 8, length);
    }

    void prepareReceive(final int length)
    {
        prepare(length, KernelAddresses.ROOM, CONTROL_ROOM);
    }

    void prepareSend(final int length, final SockAddr to, final MessageInfo message, final boolean v6)
    {
        final int nameLength = to == null ? 0 : KernelAddresses.write(to, header, NAME);
        int control = 0;
        if (message != null && message.ttl != MessageInfo.NONE)
        {
            control = putInt(control, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_HOPLIMIT : IP_TTL, message.ttl);
        }
        if (message != null && message.tos != MessageInfo.NONE)
        {
            control = putInt(control, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_TCLASS : IP_TOS, message.tos);
        }
        prepare(length, nameLength, control);
    }

    private static final int IPV6_HOPLIMIT = 52;
    private static final int IPV6_PKTINFO = 50;

    private int putInt(final int at, final int level, final int type, final int value)
    {
        header.putLong(CONTROL + at, CMSG_HEADER + Integer.BYTES);
        header.putInt(CONTROL + at + 8, level);
        header.putInt(CONTROL + at + 12, type);
        header.putInt(CONTROL + at + CMSG_HEADER, value);
        return at + CMSG_HEADER + 8;
    }

    boolean readName(final SockAddr from)
    {
        return KernelAddresses.read(header, NAME, header.getInt(8), from);
    }

    /** Read what recvmsg(2) has filled. */
    void read(final MessageInfo message)
    {
        message.clear();
        message.hasName = readName(message.name);
        message.flags = header.getInt(48);
        final int end = (int)header.getLong(40);
        int at = 0;
        while (at + CMSG_HEADER <= end)
        {
            final int length = (int)header.getLong(CONTROL + at);
            if (length < CMSG_HEADER)
            {
                return;
            }
            control(message, CONTROL + at, header.getInt(CONTROL + at + 8), header.getInt(CONTROL + at + 12), length);
            at += length + 7 & ~7;
        }
    }

    private void control(
        final MessageInfo message, final int at, final int level, final int type, final int length)
    {
        final int value = at + CMSG_HEADER;
        if (level == IPPROTO_IP && type == IP_TTL || level == IPPROTO_IPV6 && type == IPV6_HOPLIMIT)
        {
            message.ttl = header.getInt(value);
        }
        else if (level == IPPROTO_IP && type == IP_TOS)
        {
            message.tos = header.getByte(value) & 0xFF;
        }
        else if (level == IPPROTO_IPV6 && type == IPV6_TCLASS)
        {
            message.tos = header.getInt(value);
        }
        else if (level == IPPROTO_IP && type == IP_PKTINFO)
        {
            message.destination = IpAddress.v4(header.getInt(value + 8, ByteOrder.BIG_ENDIAN));
        }
        else if (level == IPPROTO_IPV6 && type == IPV6_PKTINFO)
        {
            message.destination = new IpAddress(
                header.getLong(value, ByteOrder.BIG_ENDIAN), header.getLong(value + 8, ByteOrder.BIG_ENDIAN));
        }
        else if (level == IPPROTO_IP && type == IP_RECVERR || level == IPPROTO_IPV6 && type == IPV6_RECVERR)
        {
            error(message, value, length - CMSG_HEADER);
        }
    }

    /** {@code struct sock_extended_err}, and the offender's address behind it. */
    private void error(final MessageInfo message, final int at, final int length)
    {
        message.errorNumber = header.getInt(at);
        message.errorOrigin = header.getByte(at + 4);
        message.errorType = header.getByte(at + 5) & 0xFF;
        message.errorCode = header.getByte(at + 6) & 0xFF;
        message.errorInfo = header.getInt(at + 8);
        message.offender = KernelAddresses.read(header, at + EXTENDED_ERR, length - EXTENDED_ERR, scratch) ?
            scratch.address() : null;
    }
}
