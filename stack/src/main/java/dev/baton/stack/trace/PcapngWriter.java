package dev.baton.stack.trace;

import org.agrona.DirectBuffer;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes captures of raw IP packets in the pcapng format (draft-ietf-opsawg-pcapng): one section, an interface block
 * per interface (link type 101, time stamps in nanoseconds), an enhanced packet block per packet with its direction
 * and, where there is one, a comment.
 * <p>
 * Not thread safe.
 */
public final class PcapngWriter implements Closeable
{
    /** The most bytes of a comment or name, in UTF-8; the rest is cut off. */
    public static final int MAX_TEXT_BYTES = 1024;

    private static final int SECTION_HEADER = 0x0A0D0D0A;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;
    private static final short LINKTYPE_RAW = 101;
    private static final short OPT_END = 0;
    private static final short OPT_COMMENT = 1;
    private static final short SHB_USERAPPL = 4;
    private static final short IF_NAME = 2;
    private static final short IF_TSRESOL = 9;
    private static final short EPB_FLAGS = 2;
    private static final byte NANOSECONDS = 9;
    private static final int FLAG_INBOUND = 1;
    private static final int FLAG_OUTBOUND = 2;
    /** Greatest IP packet, two texts, and the fixed fields with room to spare. */
    private static final int BLOCK_BYTES = 65535 + 40 + 2 * MAX_TEXT_BYTES + 256;

    private final OutputStream out;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int interfaces;
    private long packets;

    /**
     * Start a capture.
     *
     * @param out to write to; closed with the writer.
     * @throws IOException when it cannot be written.
     */
    public PcapngWriter(final OutputStream out) throws IOException
    {
        this.out = out;
        begin(SECTION_HEADER);
        block.putInt(BYTE_ORDER_MAGIC).putShort((short)1).putShort((short)0).putLong(-1);
        option(SHB_USERAPPL, "baton");
        end();
    }

    /**
     * Start a capture in a file.
     *
     * @param file to be written; what was in it is lost.
     * @return the writer.
     * @throws IOException when the file cannot be written.
     */
    public static PcapngWriter open(final Path file) throws IOException
    {
        return new PcapngWriter(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    }

    /**
     * Name an interface.
     *
     * @param name that readers show.
     * @return its number, for {@link #write}.
     * @throws IOException when it cannot be written.
     */
    public int addInterface(final String name) throws IOException
    {
        begin(INTERFACE_DESCRIPTION);
        block.putShort(LINKTYPE_RAW).putShort((short)0).putInt(0);
        option(IF_NAME, name);
        block.putShort(IF_TSRESOL).putShort((short)1).put(NANOSECONDS);
        pad();
        end();
        return interfaces++;
    }

    /**
     * Write a packet.
     *
     * @param interfaceId from {@link #addInterface(String)}.
     * @param timeNs      since the epoch, or since whatever the capture's time is measured from.
     * @param inbound     true when the interface received it, false when it sent it.
     * @param buffer      that holds the packet.
     * @param offset      of its IP header.
     * @param length      of the packet in bytes, at most 65575.
     * @param comment     that readers show with it; null for none.
     * @throws IOException              when it cannot be written.
     * @throws IllegalArgumentException when there is no such interface, or the packet is too long.
     */
    public void write(
        final int interfaceId,
        final long timeNs,
        final boolean inbound,
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final String comment) throws IOException
    {
        if (interfaceId < 0 || interfaceId >= interfaces || length < 0 || length > 65535 + 40)
        {
            throw new IllegalArgumentException("cannot capture a packet of " + length + " bytes on interface " +
                interfaceId + ": there are " + interfaces + " interfaces, and packets have up to 65575 bytes");
        }
        begin(ENHANCED_PACKET);
        block.putInt(interfaceId).putInt((int)(timeNs >>> 32)).putInt((int)timeNs).putInt(length).putInt(length);
        buffer.getBytes(offset, block, length);
        pad();
        block.putShort(EPB_FLAGS).putShort((short)4).putInt(inbound ? FLAG_INBOUND : FLAG_OUTBOUND);
        if (comment != null)
        {
            option(OPT_COMMENT, comment);
        }
        end();
        packets++;
    }

    /**
     * Packets written.
     *
     * @return how many.
     */
    public long packets()
    {
        return packets;
    }

    /**
     * Hand everything on to the stream below.
     *
     * @throws IOException when it cannot be written.
     */
    public void flush() throws IOException
    {
        out.flush();
    }

    @Override
    public void close() throws IOException
    {
        out.close();
    }

    private void begin(final int type)
    {
        block.clear();
        block.putInt(type).putInt(0);
    }

    private void end() throws IOException
    {
        block.putShort(OPT_END).putShort((short)0);
        final int total = block.position() + 4;
        block.putInt(total);
        block.putInt(4, total);
        out.write(block.array(), 0, total);
    }

    private void option(final short code, final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final int length = cut(bytes);
        block.putShort(code).putShort((short)length).put(bytes, 0, length);
        pad();
    }

    private void pad()
    {
        while ((block.position() & 3) != 0)
        {
            block.put((byte)0);
        }
    }

    /** Length of a text that fits, without a torn character at its end. */
    private static int cut(final byte[] utf8)
    {
        int length = Math.min(utf8.length, MAX_TEXT_BYTES);
        while (length < utf8.length && length > 0 && (utf8[length] & 0xC0) == 0x80)
        {
            length--;
        }
        return length;
    }
}
