package dev.baton.stack.intercept;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A module jar, read once and whole: no descriptor stays open, and what happens to the file afterwards does not matter.
 * Versioned entries of a multi-release jar are not looked at.
 */
final class ModuleJar
{
    /** Greatest jar file in bytes. */
    static final int MAX_JAR_BYTES = 64 * 1024 * 1024;
    /** Greatest content of a jar in bytes, unpacked. */
    static final int MAX_CONTENT_BYTES = 256 * 1024 * 1024;
    /** Most entries of a jar. */
    static final int MAX_ENTRIES = 65_536;

    private static final String NOT_A_JAR = "not a jar file, or a damaged one";
    private static final String REBUILD = "build it again";
    private static final String SHRINK = "leave out of it what the node has already";

    private final Map<String, byte[]> entries;
    private final String sha256;

    private ModuleJar(final Map<String, byte[]> entries, final String sha256)
    {
        this.entries = entries;
        this.sha256 = sha256;
    }

    static ModuleJar read(final Path jar) throws ModuleLoadException
    {
        final byte[] file = readFile(jar);
        try
        {
            return new ModuleJar(unpack(jar, file), digest(file));
        }
        catch (final IOException | IllegalArgumentException ex)
        {
            throw new ModuleLoadException(jar, NOT_A_JAR + " (" + ex.getMessage() + ")", REBUILD, ex);
        }
    }

    /**
     * Content of an entry.
     *
     * @param name of it.
     * @return null when the jar has none of that name.
     */
    byte[] entry(final String name)
    {
        return entries.get(name);
    }

    String sha256()
    {
        return sha256;
    }

    private static byte[] readFile(final Path jar) throws ModuleLoadException
    {
        try (InputStream in = Files.newInputStream(jar))
        {
            final byte[] file = in.readNBytes(MAX_JAR_BYTES + 1);
            if (file.length > MAX_JAR_BYTES)
            {
                throw new ModuleLoadException(jar, "larger than " + MAX_JAR_BYTES + " bytes", SHRINK, null);
            }
            return file;
        }
        catch (final NoSuchFileException ex)
        {
            throw new ModuleLoadException(jar, "no such file", "give the path of a module jar", ex);
        }
        catch (final IOException ex)
        {
            throw new ModuleLoadException(
                jar, "cannot be read (" + ex.getMessage() + ")", "give a file that this user may read", ex);
        }
    }

    private static Map<String, byte[]> unpack(final Path jar, final byte[] file) throws IOException, ModuleLoadException
    {
        final Map<String, byte[]> entries = new HashMap<>();
        long total = 0;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file)))
        {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry())
            {
                final byte[] content = zip.readNBytes((int)(MAX_CONTENT_BYTES - total) + 1);
                total += content.length;
                if (total > MAX_CONTENT_BYTES || entries.size() >= MAX_ENTRIES)
                {
                    throw new ModuleLoadException(jar, "unpacks to more than " + MAX_CONTENT_BYTES + " bytes or " +
                        MAX_ENTRIES + " entries", SHRINK, null);
                }
                if (!entry.isDirectory())
                {
                    entries.put(entry.getName(), content);
                }
            }
        }
        if (entries.isEmpty())
        {
            throw new ModuleLoadException(jar, NOT_A_JAR, REBUILD, null);
        }
        return entries;
    }

    private static String digest(final byte[] file)
    {
        try
        {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        }
        catch (final NoSuchAlgorithmException ex)
        {
            throw new IllegalStateException("this Java runtime has no SHA-256", ex);
        }
    }
}
