package dev.baton.tools.service;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The files under one root, and the open ones among them. A path is resolved to its real name before anything is
 * opened, so no symbolic link leads out of the root. At most so many files are open; unused ones stay open until their
 * place is needed, the one used longest ago going first. Every look-up asks the disk whether the open file is still the
 * one of that name. Not thread safe.
 */
final class FileStore
{
    /** {@link #open(String)}: {@link #file()} is open. */
    static final int OK = 0;
    /** {@link #open(String)}: there is no such regular file. */
    static final int ABSENT = 1;
    /** {@link #open(String)}: it is outside the root, or may not be read. */
    static final int FORBIDDEN = 2;
    /** {@link #open(String)}: too many files are in use. */
    static final int EXHAUSTED = 3;

    private static final String INDEX = "index.html";

    private final Path root;
    private final int maxFiles;
    private final ChunkCache chunks;
    private final Map<Path, ServedFile> open = new LinkedHashMap<>(16, 0.75f, true);
    private ServedFile file;
    private int openCount;

    /**
     * Open a root.
     *
     * @param root      a directory.
     * @param maxFiles  most open files.
     * @param maxChunks most mapped pieces of {@link ChunkCache#CHUNK_BYTES}.
     * @throws IOException when the root is not a directory.
     */
    FileStore(final Path root, final int maxFiles, final int maxChunks) throws IOException
    {
        this.root = root.toRealPath();
        this.maxFiles = maxFiles;
        this.chunks = new ChunkCache(maxChunks);
        if (!Files.isDirectory(this.root))
        {
            throw new IOException(root + " is not a directory");
        }
    }

    /**
     * Look a file up and count its caller as a user of it.
     *
     * @param relative path below the root, as {@link TargetPath} makes it.
     * @return {@link #OK}, {@link #ABSENT}, {@link #FORBIDDEN} or {@link #EXHAUSTED}.
     */
    int open(final String relative)
    {
        file = null;
        try
        {
            Path path = root.resolve(relative).toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory())
            {
                path = path.resolve(INDEX).toRealPath();
                attributes = Files.readAttributes(path, BasicFileAttributes.class);
            }
            if (!path.startsWith(root))
            {
                return FORBIDDEN;
            }
            return attributes.isRegularFile() ? openRegular(path, attributes) : ABSENT;
        }
        catch (final AccessDeniedException ex)
        {
            return FORBIDDEN;
        }
        catch (final IOException | InvalidPathException ex)
        {
            return ABSENT;
        }
    }

    /**
     * What {@link #open(String)} found.
     *
     * @return to be given back to {@link #release(ServedFile)}.
     */
    ServedFile file()
    {
        return file;
    }

    /**
     * The mapped pieces of the open files.
     *
     * @return shared by all connections.
     */
    ChunkCache chunks()
    {
        return chunks;
    }

    /**
     * A user of a file is done with it.
     *
     * @param used that {@link #file()} returned.
     */
    void release(final ServedFile used)
    {
        used.removeUser();
        if (used.isUnused() && used.isStale())
        {
            close(used);
        }
    }

    /**
     * Files that are open now, stale ones included.
     *
     * @return up to the limit.
     */
    int openCount()
    {
        return openCount;
    }

    private int openRegular(final Path path, final BasicFileAttributes attributes) throws IOException
    {
        final Object key = Objects.requireNonNullElse(attributes.fileKey(), path);
        final long modifiedMs = attributes.lastModifiedTime().toMillis();
        final ServedFile cached = open.get(path);
        if (cached != null && cached.isSameOnDisk(key, attributes.size(), modifiedMs))
        {
            return use(cached);
        }
        if (cached != null)
        {
            open.remove(path);
            cached.markStale();
            if (cached.isUnused())
            {
                close(cached);
            }
        }
        if (openCount >= maxFiles && !closeUnused())
        {
            return EXHAUSTED;
        }
        final FileChannel channel =
            FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        openCount++;
        final String type = ContentTypes.of(path.getFileName().toString());
        final ServedFile fresh = new ServedFile(channel, key, type, attributes.size(), modifiedMs);
        open.put(path, fresh);
        return use(fresh);
    }

    private int use(final ServedFile found)
    {
        file = found;
        found.addUser();
        return OK;
    }

    private boolean closeUnused()
    {
        for (final Iterator<ServedFile> files = open.values().iterator(); files.hasNext(); )
        {
            final ServedFile candidate = files.next();
            if (candidate.isUnused())
            {
                files.remove();
                close(candidate);
                return true;
            }
        }
        return false;
    }

    private void close(final ServedFile unused)
    {
        chunks.forget(unused);
        unused.close();
        openCount--;
    }
}
