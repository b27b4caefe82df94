package dev.baton.tests.lab;

import dev.baton.handoff.early.EarlyHandoff;
import dev.baton.stack.intercept.ModuleLoader;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * Packs the handoff module that is on the class path into a module jar, so that tests do not depend on what was
 * packaged before.
 */
final class EarlyModuleJar
{
    private static final String PACKAGE = "dev/baton/handoff/early";

    private EarlyModuleJar()
    {
    }

    static Path make(final Path file) throws IOException
    {
        final Path place = place();
        try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out))
        {
            if (Files.isDirectory(place))
            {
                addAll(jar, place);
            }
            else
            {
                try (FileSystem inside = FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of()))
                {
                    addAll(jar, inside.getPath("/"));
                }
            }
            add(jar, ModuleLoader.PROVIDER_FILE, EarlyHandoff.class.getName().getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static void addAll(final JarOutputStream jar, final Path root) throws IOException
    {
        final List<Path> classes;
        try (Stream<Path> files = Files.list(root.resolve(PACKAGE)))
        {
            classes = files.sorted().toList();
        }
        for (final Path code : classes)
        {
            add(jar, PACKAGE + "/" + code.getFileName(), Files.readAllBytes(code));
        }
    }

    private static void add(final JarOutputStream jar, final String name, final byte[] bytes) throws IOException
    {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(bytes);
        jar.closeEntry();
    }

    private static Path place()
    {
        try
        {
            return Path.of(EarlyHandoff.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        }
        catch (final URISyntaxException ex)
        {
            throw new IllegalStateException(ex);
        }
    }
}
