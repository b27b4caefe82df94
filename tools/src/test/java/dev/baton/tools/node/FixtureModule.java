package dev.baton.tools.node;

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
 * A module for tests, steered by its settings: {@code live} entries; {@code open=fail}, {@code import=fail}, {@code
 * poll=fail}, {@code census=fail} make that call throw; {@code service} names a class to ask the node for.
 */
public final class FixtureModule implements InterceptorModule, BtcpInterceptor
{
    private ModuleContext context;
    private long polls;

    /** For the loader. */
    public FixtureModule()
    {
    }

    static Path jar(final Path file) throws IOException
    {
        final String name = FixtureModule.class.getName();
        final String entry = name.replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(file);
            JarOutputStream jar = new JarOutputStream(out);
            InputStream bytes = FixtureModule.class.getClassLoader().getResourceAsStream(entry))
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

    private void failIfAsked(final String call)
    {
        if ("fail".equals(context.settings().get(call)))
        {
            throw new IllegalArgumentException(call + " fails as asked");
        }
    }

    @Override
    public String name()
    {
        return "fixture";
    }

    @Override
    public void open(final ModuleContext given)
    {
        context = given;
        failIfAsked("open");
        context.log("open");
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
    public int poll(final long nowNs)
    {
        polls++;
        failIfAsked("poll");
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
        return Integer.parseInt(context.settings().getOrDefault("live", "0"));
    }

    @Override
    public int exportState(final MutableDirectBuffer buffer, final int offset, final long nowNs)
    {
        buffer.putLong(offset, polls);
        return Long.BYTES;
    }

    @Override
    public void importState(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
    {
        failIfAsked("import");
        polls = buffer.getLong(offset);
    }

    @Override
    public String census(final long nowNs)
    {
        return "fail".equals(context.settings().get("census")) ? "no JSON" : "{\"polls\":" + polls + "}";
    }

    @Override
    public void close()
    {
        context.log("close");
    }

    @Override
    public int onIngress(final Packet packet, final long nowNs)
    {
        return PASS;
    }

    @Override
    public int onEgress(final Packet packet, final long nowNs)
    {
        return PASS;
    }
}
