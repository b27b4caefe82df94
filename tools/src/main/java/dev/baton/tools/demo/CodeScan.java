package dev.baton.tools.demo;

import dev.baton.stack.NetStack;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Looks into compiled classes: does the stack that the nodes run mention the handoff anywhere, and does the module's
 * jar bring classes that are not its own? The name of every class that a class refers to is in its constant pool as
 * plain text (JVMS, section 4.4.7).
 */
final class CodeScan
{
    private static final String STACK = "dev/baton/stack/";
    private static final byte[] HANDOFF = "dev/baton/handoff".getBytes(StandardCharsets.US_ASCII);
    private static final String MODULE_PACKAGE = "dev/baton/handoff/early/";

    private int stackClasses;
    private int stackMentions;
    private int moduleClasses;
    private int moduleForeigners;

    private CodeScan()
    {
    }

    /**
     * Look.
     *
     * @param moduleJar of the handoff module.
     * @return what was found.
     * @throws IOException when a jar cannot be read.
     */
    static CodeFacts of(final Path moduleJar) throws IOException
    {
        final CodeScan scan = new CodeScan();
        scan.stack(location());
        scan.module(moduleJar);
        return new CodeFacts(scan.stackClasses, scan.stackMentions, scan.moduleClasses, scan.moduleForeigners);
    }

    private static Path location() throws IOException
    {
        try
        {
            return Path.of(NetStack.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        }
        catch (final URISyntaxException ex)
        {
            throw new IOException("the place of the stack's classes is not a path", ex);
        }
    }

    private void stack(final Path place) throws IOException
    {
        if (Files.isDirectory(place))
        {
            try (Stream<Path> files = Files.walk(place.resolve(STACK)))
            {
                for (final Path file : files.filter(f -> f.toString().endsWith(".class")).toList())
                {
                    count(Files.readAllBytes(file));
                }
            }
            return;
        }
        try (JarFile jar = new JarFile(place.toFile()))
        {
            final Enumeration<JarEntry> entries = jar.entries();
            while (entries.hasMoreElements())
            {
                final JarEntry entry = entries.nextElement();
                if (entry.getName().startsWith(STACK) && entry.getName().endsWith(".class"))
                {
                    try (InputStream in = jar.getInputStream(entry))
                    {
                        count(in.readAllBytes());
                    }
                }
            }
        }
    }

    private void count(final byte[] code)
    {
        stackClasses++;
        for (int i = 0; i + HANDOFF.length <= code.length; i++)
        {
            int n = 0;
            while (n < HANDOFF.length && code[i + n] == HANDOFF[n])
            {
                n++;
            }
            if (n == HANDOFF.length)
            {
                stackMentions++;
                return;
            }
        }
    }

    private void module(final Path file) throws IOException
    {
        try (JarFile jar = new JarFile(file.toFile()))
        {
            final Enumeration<JarEntry> entries = jar.entries();
            while (entries.hasMoreElements())
            {
                final String name = entries.nextElement().getName();
                if (name.endsWith(".class"))
                {
                    moduleClasses++;
                    moduleForeigners += name.startsWith(MODULE_PACKAGE) ? 0 : 1;
                }
            }
        }
    }
}
