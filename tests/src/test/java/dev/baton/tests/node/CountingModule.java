package dev.baton.tests.node;

import dev.baton.stack.Packet;
import dev.baton.stack.intercept.BtcpInterceptor;
import dev.baton.stack.intercept.InterceptorModule;
import dev.baton.stack.intercept.ModuleContext;
import dev.baton.stack.intercept.ModuleLoader;
import dev.baton.stack.intercept.UtcpInterceptor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * A module that lets everything pass and counts it; the count goes to the module that replaces it. The setting {@code
 * live} makes it claim connections that depend on it.
 */
public final class CountingModule implements InterceptorModule, BtcpInterceptor
{
    private long segments;
    private int live;

    /** For the loader. */
    public CountingModule()
    {
    }

    /** Pack this class into a module jar. */
    static Path jar(final Path file) throws IOException
    {
        final String name = CountingModule.class.getName();
        final String entry = name.replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(file);
            JarOutputStream jar = new JarOutputStream(out);
            InputStream bytes = CountingModule.class.getClassLoader().getResourceAsStream(entry))
        {
            jar.putNextEntry(new ZipEntry(entry));
            bytes.transferTo(jar);
            jar.closeEntry();
            jar.putNextEntry(new ZipEntry(ModuleLoader.PROVIDER_FILE));
            jar.write(name.getBytes(StandardCharsets.UTF_8));
            jar.closeEntry();
        }
        return file;
    }

    @Override
    public String name()
    {
        return "counting";
    }

    @Override
    public void open(final ModuleContext context)
    {
        live = Integer.parseInt(context.settings().getOrDefault("live", "0"));
    }

    @Override
    public BtcpInterceptor btcp()
    {
        return this;
    }

    @Override
    public UtcpInterceptor utcp()
    {
        return null;
    }

    @Override
    public int onIngress(final Packet packet, final long nowNs)
    {
        segments++;
        return PASS;
    }

    @Override
    public int onEgress(final Packet packet, final long nowNs)
    {
        segments++;
        return PASS;
    }

    @Override
    public int poll(final long nowNs)
    {
        return 0;
    }

    @Override
    public long nextDeadlineNs()
    {
        return Long.MAX_VALUE;
    }

    @Override
    public int liveEntries()
    {
        return live;
    }

    @Override
    public int exportState(final MutableDirectBuffer buffer, final int offset, final long nowNs)
    {
        buffer.putLong(offset, segments);
        return Long.BYTES;
    }

    @Override
    public void importState(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
    {
        segments = buffer.getLong(offset);
    }

    @Override
    public String census(final long nowNs)
    {
        return "{\"segments\":" + segments + "}";
    }

    @Override
    public void close()
    {
        live = 0;
    }
}
