package dev.baton.tools.kernel;

import dev.baton.stack.socket.SockAddr;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

import static dev.baton.stack.socket.SocketConstants.AF_INET;
import static dev.baton.stack.socket.SocketConstants.AF_INET6;

/** {@code sockaddr_in} and {@code sockaddr_in6} as the kernel wants them: family in host order, the rest in network order. */
final class KernelAddresses
{
    /** Room that either form fits into. */
    static final int ROOM = 32;

    private static final int LENGTH_V4 = 16;
    private static final int LENGTH_V6 = 28;

    private KernelAddresses()
    {
    }

    /** Write an address; returns its length. */
    static int write(final SockAddr address, final UnsafeBuffer buffer, final int offset)
    {
        buffer.setMemory(offset, ROOM, (byte)0);
        buffer.putShort(offset, (short)address.family(), ByteOrder.nativeOrder());
        buffer.putShort(offset + 2, (short)address.port(), ByteOrder.BIG_ENDIAN);
        if (address.family() != AF_INET6)
        {
            buffer.putInt(offset + 4, (int)address.address().lo(), ByteOrder.BIG_ENDIAN);
            return LENGTH_V4;
        }
        buffer.putLong(offset + 8, address.address().hi(), ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + 16, address.address().lo(), ByteOrder.BIG_ENDIAN);
        return LENGTH_V6;
    }

    /** Read an address; false when the kernel gave none. */
    static boolean read(final UnsafeBuffer buffer, final int offset, final int length, final SockAddr address)
    {
        final int family = length < 2 ? 0 : buffer.getShort(offset, ByteOrder.nativeOrder()) & 0xFFFF;
        if (family != AF_INET && family != AF_INET6)
        {
            return false;
        }
        final int port = buffer.getShort(offset + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        if (family == AF_INET)
        {
            final int bits = buffer.getInt(offset + 4, ByteOrder.BIG_ENDIAN);
            address.set(AF_INET, bits == 0 ? IpAddress.ANY : IpAddress.v4(bits), port);
        }
        else
        {
            address.set(AF_INET6, new IpAddress(buffer.getLong(offset + 8, ByteOrder.BIG_ENDIAN),
                buffer.getLong(offset + 16, ByteOrder.BIG_ENDIAN)), port);
        }
        return true;
    }
}
