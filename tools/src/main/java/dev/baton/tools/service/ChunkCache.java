package dev.baton.tools.service;

import org.agrona.DirectBuffer;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.MappedByteBuffer;

/**
 * The mapped pieces of served files: at most so many at a time, the one that was used longest ago making room. A piece
 * is valid until the next call, since connections keep positions and not pieces. Not thread safe.
 */
final class ChunkCache
{
    /** Length of a piece as a power of two. */
    static final int CHUNK_BITS = 23;
    /** Length of a piece in bytes; the last of a file is shorter. */
    static final int CHUNK_BYTES = 1 << CHUNK_BITS;

    private final ServedFile[] files;
    private final long[] indexes;
    private final long[] lastUse;
    private final MappedByteBuffer[] mapped;
    private final UnsafeBuffer[] views;
    private long uses;
    private long maps;

    ChunkCache(final int capacity)
    {
        files = new ServedFile[capacity];
        indexes = new long[capacity];
        lastUse = new long[capacity];
        mapped = new MappedByteBuffer[capacity];
        views = new UnsafeBuffer[capacity];
        for (int i = 0; i < capacity; i++)
        {
            views[i] = new UnsafeBuffer(0, 0);
        }
    }

    /**
     * The piece of a file that holds a position.
     *
     * @param file     to read.
     * @param position in it, below its length.
     * @return the piece: its byte 0 is the file's byte {@code position & -CHUNK_BYTES}.
     * @throws IOException when the file has become shorter or cannot be mapped.
     */
    DirectBuffer chunk(final ServedFile file, final long position) throws IOException
    {
        final long index = position >>> CHUNK_BITS;
        int slot = 0;
        for (int i = 0; i < files.length; i++)
        {
            if (files[i] == file && indexes[i] == index)
            {
                lastUse[i] = ++uses;
                return views[i];
            }
            if (files[slot] != null && (files[i] == null || lastUse[i] < lastUse[slot]))
            {
                slot = i;
            }
        }
        unmap(slot);
        final long start = index << CHUNK_BITS;
        mapped[slot] = file.map(start, Math.min(CHUNK_BYTES, file.length() - start));
        views[slot].wrap(mapped[slot]);
        files[slot] = file;
        indexes[slot] = index;
        lastUse[slot] = ++uses;
        maps++;
        return views[slot];
    }

    /**
     * Unmap all pieces of a file.
     *
     * @param file that is about to be closed.
     */
    void forget(final ServedFile file)
    {
        for (int i = 0; i < files.length; i++)
        {
            if (files[i] == file)
            {
                unmap(i);
            }
        }
    }

    /**
     * How many pieces are mapped now.
     *
     * @return up to the capacity.
     */
    int mappedCount()
    {
        int count = 0;
        for (final ServedFile file : files)
        {
            count += file == null ? 0 : 1;
        }
        return count;
    }

    /**
     * How often a piece had to be mapped.
     *
     * @return since the start.
     */
    long maps()
    {
        return maps;
    }

    private void unmap(final int slot)
    {
        if (mapped[slot] != null)
        {
            views[slot].wrap(0, 0);
            IoUtil.unmap(mapped[slot]);
            mapped[slot] = null;
            files[slot] = null;
        }
    }
}
