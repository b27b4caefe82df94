package dev.baton.stack.sim;

import dev.baton.stack.Packet;
import dev.baton.stack.trace.PcapngWriter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/**
 * Writes what passes the links of a network to a capture, an interface per link. Same seed, same bytes.
 */
public final class PcapngTap implements Tap
{
    private static final int NONE = -1;

    private final PcapngWriter writer;
    private int[] interfaces = new int[0];
    private String comment;

    /**
     * A tap.
     *
     * @param writer to write to; the caller closes it.
     */
    public PcapngTap(final PcapngWriter writer)
    {
        this.writer = writer;
    }

    /**
     * Remark on the next packet; several remarks become one comment.
     *
     * @param comment what a reader of the capture is to see with it.
     */
    public void comment(final String comment)
    {
        this.comment = this.comment == null ? comment : this.comment + "; " + comment;
    }

    @Override
    public void onPacket(final SimLink link, final boolean sent, final Packet packet, final long nowNs)
    {
        try
        {
            final int number = number(link);
            writer.write(number, nowNs, !sent, packet.buffer(), packet.offset(), packet.length(), comment);
            comment = null;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(
                "cannot write a packet of " + link.name() + " to the capture: " + ex.getMessage(), ex);
        }
    }

    private int number(final SimLink link) throws IOException
    {
        if (link.id() >= interfaces.length)
        {
            final int known = interfaces.length;
            interfaces = Arrays.copyOf(interfaces, link.id() + 1);
            Arrays.fill(interfaces, known, interfaces.length, NONE);
        }
        if (interfaces[link.id()] == NONE)
        {
            interfaces[link.id()] = writer.addInterface(link.name());
        }
        return interfaces[link.id()];
    }
}
