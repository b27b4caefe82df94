package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Cuts a datagram that is too large for its way into fragments (RFC 791, section 3.2; RFC 8200, section 4.5): IPv6 at
 * its source only, without extension headers; IPv4 when it is forwarded too, which may be a fragment already, and may
 * carry options. Of these, later fragments carry those that ask to be copied; no-operations stand in for the others.
 * <p>
 * One after the other: {@link #begin(Packet, int, int)}, then {@link #next(Packet)} until it says false. Not thread
 * safe; allocates nothing after construction.
 */
final class Fragmenter
{
    private static final int UNIT_MASK = ~7;
    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_COPIED = 0x80;

    private final UnsafeBuffer fragment =
        new UnsafeBuffer(ByteBuffer.allocateDirect(Packet.HEADROOM + Packet.MAX_LENGTH));
    private final Ip4Header ip4 = new Ip4Header();
    private final Ip6Header ip6 = new Ip6Header();
    private Packet whole;
    private int id;
    private int most;
    private int dataLength;
    private int position;

    /**
     * Start with a datagram.
     *
     * @param datagram with a complete checksum; of IPv6 its transport header right behind the fixed header.
     * @param mtu      of the way in bytes.
     * @param id       identification for IPv6; an IPv4 header has its own.
     */
    void begin(final Packet datagram, final int mtu, final int id)
    {
        whole = datagram;
        this.id = id;
        final int headers = datagram.version() == 4 ?
            datagram.l4Offset() - datagram.offset() : Ip6Header.LENGTH + Ip6Chain.UNIT;
        most = mtu - headers & UNIT_MASK;
        dataLength = datagram.l4Length();
        position = 0;
    }

    /**
     * Make the next fragment.
     *
     * @param packet to be pointed at it; valid until the next call.
     * @return false when there is none left.
     */
    boolean next(final Packet packet)
    {
        if (position >= dataLength)
        {
            return false;
        }
        final int size = Math.min(most, dataLength - position);
        final boolean more = position + size < dataLength;
        final int at = Packet.HEADROOM;
        final int headers = whole.version() == 4 ? header4(at, size, more) : header6(at, size, more);
        fragment.putBytes(at + headers, whole.buffer(), whole.l4Offset() + position, size);
        packet.wrap(fragment, at, headers + size, 0, Packet.CHECKSUM_COMPLETE)
            .l4(whole.version(), at + headers, whole.protocol());
        position += size;
        return true;
    }

    private int header4(final int at, final int size, final boolean more)
    {
        final int length = whole.l4Offset() - whole.offset();
        fragment.putBytes(at, whole.buffer(), whole.offset(), length);
        final int old = ip4.wrap(fragment, at).flagsAndFragment();
        final int flags = (more ? Ip4Header.MORE_FRAGMENTS : 0) | old + (position >>> 3);
        fragment.putShort(at + 6, (short)flags, ByteOrder.BIG_ENDIAN);
        if (position > 0)
        {
            dropFirstOnlyOptions(at + Ip4Header.LENGTH, at + length);
        }
        ip4.totalLength(length + size).computeChecksum();
        return length;
    }

    /** The options' lengths have been verified. */
    private void dropFirstOnlyOptions(final int from, final int end)
    {
        int at = from;
        while (at < end && fragment.getByte(at) != OPTION_END)
        {
            final int kind = fragment.getByte(at) & 0xFF;
            final int size = kind == OPTION_NOP ? 1 : Math.max(1, fragment.getByte(at + 1) & 0xFF);
            if ((kind & OPTION_COPIED) == 0)
            {
                fragment.setMemory(at, Math.min(size, end - at), (byte)OPTION_NOP);
            }
            at += size;
        }
    }

    private int header6(final int at, final int size, final boolean more)
    {
        fragment.putBytes(at, whole.buffer(), whole.offset(), Ip6Header.LENGTH);
        ip6.wrap(fragment, at).payloadLength(Ip6Chain.UNIT + size);
        fragment.putByte(at + 6, (byte)Ip6Chain.FRAGMENT);
        final int header = at + Ip6Header.LENGTH;
        fragment.putByte(header, (byte)whole.protocol());
        fragment.putByte(header + 1, (byte)0);
        fragment.putShort(header + 2, (short)(position | (more ? 1 : 0)), ByteOrder.BIG_ENDIAN);
        fragment.putInt(header + 4, id, ByteOrder.BIG_ENDIAN);
        return Ip6Header.LENGTH + Ip6Chain.UNIT;
    }
}
