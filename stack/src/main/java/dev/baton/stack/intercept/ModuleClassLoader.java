package dev.baton.stack.intercept;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Classes of one module jar. What the jar contains is taken from the jar, everything else from the parent; the
 * exception is the interception API itself and the buffers in its signatures, of which there can be only one copy.
 * Provider files come from the jar alone, so that a module never finds the providers of its host.
 */
final class ModuleClassLoader extends ClassLoader implements AutoCloseable
{
    private static final String SERVICES = "META-INF/services/";
    private static final String API_PREFIX = "dev.baton.stack.";
    private static final String BUFFERS_PREFIX = "org.agrona.";

    static
    {
        registerAsParallelCapable();
    }

    private volatile ModuleJar jar;

    ModuleClassLoader(final String name, final ModuleJar jar, final ClassLoader parent)
    {
        super(name, parent);
        this.jar = jar;
    }

    @Override
    public void close()
    {
        jar = null;
    }

    @Override
    protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException
    {
        synchronized (getClassLoadingLock(name))
        {
            final Class<?> loaded = findLoadedClass(name);
            if (loaded != null)
            {
                return loaded;
            }
            final boolean shared = name.startsWith(API_PREFIX) || name.startsWith(BUFFERS_PREFIX);
            final byte[] bytes = shared ? null : content(entryName(name));
            return bytes != null ? defineClass(name, bytes, 0, bytes.length) : super.loadClass(name, resolve);
        }
    }

    @Override
    public URL getResource(final String name)
    {
        final URL own = findResource(name);
        return own != null || name.startsWith(SERVICES) ? own : super.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(final String name) throws IOException
    {
        return name.startsWith(SERVICES) ? findResources(name) : super.getResources(name);
    }

    @Override
    protected URL findResource(final String name)
    {
        final byte[] bytes = content(name);
        return bytes == null ? null : url(name, bytes);
    }

    @Override
    protected Enumeration<URL> findResources(final String name)
    {
        final URL own = findResource(name);
        return Collections.enumeration(own == null ? List.of() : List.of(own));
    }

    static String entryName(final String className)
    {
        return className.replace('.', '/') + ".class";
    }

    private byte[] content(final String entry)
    {
        final ModuleJar now = jar;
        return now == null ? null : now.entry(entry);
    }

    private static URL url(final String name, final byte[] bytes)
    {
        try
        {
            return new URL("baton-module", null, -1, "/" + name, new BytesHandler(bytes));
        }
        catch (final MalformedURLException ex)
        {
            throw new IllegalArgumentException("not the name of a resource: '" + name + "'", ex);
        }
    }

    /** Opens the bytes that it was made with. */
    private static final class BytesHandler extends URLStreamHandler
    {
        private final byte[] bytes;

        BytesHandler(final byte[] bytes)
        {
            this.bytes = bytes;
        }

        @Override
        protected URLConnection openConnection(final URL url)
        {
            return new URLConnection(url)
            {
                @Override
                public void connect()
                {
                    connected = true;
                }

                @Override
                public InputStream getInputStream()
                {
                    return new ByteArrayInputStream(bytes);
                }

                @Override
                public long getContentLengthLong()
                {
                    return bytes.length;
                }
            };
        }
    }
}
