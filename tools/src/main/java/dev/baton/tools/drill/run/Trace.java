package dev.baton.tools.drill.run;

import dev.baton.stack.trace.PcapngWriter;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Packets of a run in a file, when one is wanted. */
final class Trace
{
    private final PcapngWriter writer;
    private final int device;

    private Trace(final PcapngWriter writer, final int device)
    {
        this.writer = writer;
        this.device = device;
    }

    /** A trace into a file, or nowhere when that is null. */
    static Trace to(final Path file)
    {
        try
        {
            final PcapngWriter writer = file == null ? null : PcapngWriter.open(file);
            return new Trace(writer, writer == null ? 0 : writer.addInterface("drill"));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("the trace " + file + " cannot be written; choose another --trace directory", ex);
        }
    }

    void packet(final byte[] packet, final long us, final boolean inbound, final String comment)
    {
        if (writer == null)
        {
            return;
        }
        try
        {
            writer.write(device, us * 1000, inbound, new UnsafeBuffer(packet), 0, packet.length,
                comment.isEmpty() ? null : comment);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("the trace cannot be written; is the disk full?", ex);
        }
    }

    void close()
    {
        try
        {
            if (writer != null)
            {
                writer.close();
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("the trace cannot be written; is the disk full?", ex);
        }
    }
}
