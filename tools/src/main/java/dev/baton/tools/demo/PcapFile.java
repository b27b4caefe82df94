package dev.baton.tools.demo;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A cursor over a classic pcap file, as tcpdump writes it: microsecond or nanosecond times, either byte order, link
 * types Ethernet, raw IP, and Linux "cooked" versions 1 and 2. Only IPv4 and IPv6 packets are shown; others are
 * counted. A last record that is cut off, as of a capture that still runs, ends the file.
 * <p>
 * Use: {@link #next()}, then the accessors. Not thread safe.
 */
final class PcapFile
{
    /** Link type: Ethernet. */
    static final int ETHERNET = 1;
    /** Link type: raw IP, as BSD numbers it. */
    static final int RAW_BSD = 12;
    /** Link type: raw IP. */
    static final int RAW = 101;
    /** Link type: Linux cooked capture. */
    static final int LINUX_SLL = 113;
    /** Link type: Linux cooked capture version 2, which names the interface. */
    static final int LINUX_SLL2 = 276;

    private static final int FILE_HEADER_BYTES = 24;
    private static final int RECORD_HEADER_BYTES = 16;
    private static final int MAGIC_MICROS = 0xA1B2C3D4;
    private static final int MAGIC_NANOS = 0xA1B23C4D;
    private static final int MAX_RECORD_BYTES = 1 << 18;
    private static final int ETHERTYPE_IP4 = 0x0800;
    private static final int ETHERTYPE_IP6 = 0x86DD;
    private static final int ETHERTYPE_VLAN = 0x8100;
    private static final int PACKET_OUTGOING = 4;

    private final UnsafeBuffer buffer;
    private final ByteOrder order;
    private final long nanosPerUnit;
    private final int linkType;
    private final String name;
    private int at = FILE_HEADER_BYTES;
    private long timeNs;
    private int interfaceIndex;
    private boolean outgoing;
    private int offset;
    private int capturedBytes;
    private int wireBytes;
    private long otherPackets;
    private boolean cutOff;

    /**
     * Begin to read.
     *
     * @param bytes the whole file.
     * @param name  of it, for errors.
     * @throws IOException when it is not a pcap file, or of a link type that is not known.
     */
    PcapFile(final byte[] bytes, final String name) throws IOException
    {
        this.buffer = new UnsafeBuffer(bytes);
        this.name = name;
        if (bytes.length < FILE_HEADER_BYTES)
        {
            throw new IOException(name + ": " + bytes.length +
                " bytes are too few for a capture: the capture never began");
        }
        final int magic = buffer.getInt(0, ByteOrder.BIG_ENDIAN);
        final int reversed = Integer.reverseBytes(magic);
        final boolean big = magic == MAGIC_MICROS || magic == MAGIC_NANOS;
        if (!big && reversed != MAGIC_MICROS && reversed != MAGIC_NANOS)
        {
            throw new IOException(name + ": not a pcap file: it begins with " + Integer.toHexString(magic));
        }
        order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        nanosPerUnit = magic == MAGIC_NANOS || reversed == MAGIC_NANOS ? 1 : 1000;
        linkType = buffer.getInt(20, order) & 0x0FFF_FFFF;
        switch (linkType)
        {
            case ETHERNET, RAW_BSD, RAW, LINUX_SLL, LINUX_SLL2 ->
            {
            }
            default -> throw new IOException(name + ": link type " + linkType + " is not one that is read here");
        }
    }

    /**
     * Begin to read a file.
     *
     * @param file to read.
     * @return before its first packet.
     * @throws IOException when it cannot be read, or is no pcap file.
     */
    static PcapFile open(final Path file) throws IOException
    {
        return new PcapFile(Files.readAllBytes(file), file.toString());
    }

    /**
     * Go to the next IP packet.
     *
     * @return false at the end.
     * @throws IOException when a record is damaged.
     */
    boolean next() throws IOException
    {
        while (at + RECORD_HEADER_BYTES <= buffer.capacity())
        {
            final int length = buffer.getInt(at + 8, order);
            if (length < 0 || length > MAX_RECORD_BYTES)
            {
                throw new IOException(name + ": record at byte " + at + " claims " + length + " bytes");
            }
            final int begin = at + RECORD_HEADER_BYTES;
            if (begin + length > buffer.capacity())
            {
                break;
            }
            timeNs = (buffer.getInt(at, order) & 0xFFFF_FFFFL) * 1_000_000_000L +
                (buffer.getInt(at + 4, order) & 0xFFFF_FFFFL) * nanosPerUnit;
            final int wire = buffer.getInt(at + 12, order);
            at = begin + length;
            if (locate(begin, length, wire))
            {
                return true;
            }
            otherPackets++;
        }
        cutOff = at < buffer.capacity();
        return false;
    }

    private boolean locate(final int begin, final int length, final int wire)
    {
        interfaceIndex = 0;
        outgoing = false;
        int header = 0;
        int type = 0;
        switch (linkType)
        {
            case ETHERNET ->
            {
                header = 14;
                type = length >= 14 ? u16(begin + 12) : 0;
                if (type == ETHERTYPE_VLAN && length >= 18)
                {
                    header = 18;
                    type = u16(begin + 16);
                }
            }
            case LINUX_SLL ->
            {
                header = 16;
                type = length >= header ? u16(begin + 14) : 0;
                outgoing = length >= header && u16(begin) == PACKET_OUTGOING;
            }
            case LINUX_SLL2 ->
            {
                header = 20;
                type = length >= header ? u16(begin) : 0;
                interfaceIndex = length >= header ? buffer.getInt(begin + 4, ByteOrder.BIG_ENDIAN) : 0;
                outgoing = length >= header && buffer.getByte(begin + 10) == PACKET_OUTGOING;
            }
            default -> type = length == 0 ? 0 : buffer.getByte(begin) >>> 4 == 4 ? ETHERTYPE_IP4 : ETHERTYPE_IP6;
        }
        offset = begin + header;
        capturedBytes = length - header;
        wireBytes = wire - header;
        return capturedBytes > 0 && (type == ETHERTYPE_IP4 || type == ETHERTYPE_IP6);
    }

    /**
     * When it was seen.
     *
     * @return nanoseconds since 1970.
     */
    long timeNs()
    {
        return timeNs;
    }

    /**
     * Where it was seen.
     *
     * @return the kernel's number of the interface; 0 when the link type does not tell.
     */
    int interfaceIndex()
    {
        return interfaceIndex;
    }

    /**
     * Did the kernel send it?
     *
     * @return false when it received it, or when the link type does not tell.
     */
    boolean outgoing()
    {
        return outgoing;
    }

    /**
     * The bytes of the file.
     *
     * @return all of them.
     */
    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /**
     * Where the IP header begins.
     *
     * @return offset in {@link #buffer()}.
     */
    int offset()
    {
        return offset;
    }

    /**
     * How much of the IP packet was captured.
     *
     * @return in bytes.
     */
    int capturedBytes()
    {
        return capturedBytes;
    }

    /**
     * How long the IP packet was, link padding included.
     *
     * @return in bytes.
     */
    int wireBytes()
    {
        return wireBytes;
    }

    /**
     * Packets passed over so far because they are not IP.
     *
     * @return how many.
     */
    long otherPackets()
    {
        return otherPackets;
    }

    /**
     * Does the file end in the middle of a record?
     *
     * @return known after {@link #next()} said false.
     */
    boolean isCutOff()
    {
        return cutOff;
    }

    private int u16(final int index)
    {
        return buffer.getShort(index, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }
}
