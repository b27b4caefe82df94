package dev.baton.tools.service;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;

/**
 * An open file as it was when it was opened: its length and time do not change here, whatever happens on the disk.
 * Several connections share one; the {@link FileStore} closes it when the last lets go. Not thread safe.
 */
final class ServedFile
{
    private final FileChannel channel;
    private final Object diskKey;
    private final String contentType;
    private final long length;
    private final long modifiedMs;
    private int users;
    private boolean stale;

    ServedFile(
        final FileChannel channel,
        final Object diskKey,
        final String contentType,
        final long length,
        final long modifiedMs)
    {
        this.channel = channel;
        this.diskKey = diskKey;
        this.contentType = contentType;
        this.length = length;
        this.modifiedMs = modifiedMs;
    }

    String contentType()
    {
        return contentType;
    }

    /**
     * Length when the file was opened.
     *
     * @return in bytes.
     */
    long length()
    {
        return length;
    }

    /**
     * Time of the last modification when the file was opened.
     *
     * @return milliseconds since the epoch.
     */
    long modifiedMs()
    {
        return modifiedMs;
    }

    /**
     * Are all bytes of the opened file still there? The call enters and leaves native code, so a fault of an access to
     * a mapping that went before surfaces here at the latest.
     *
     * @return false when it has been truncated.
     */
    boolean isWhole()
    {
        try
        {
            return channel.size() >= length;
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    MappedByteBuffer map(final long position, final long mapLength) throws IOException
    {
        return channel.map(FileChannel.MapMode.READ_ONLY, position, mapLength);
    }

    boolean isSameOnDisk(final Object key, final long nowLength, final long nowModifiedMs)
    {
        return key.equals(diskKey) && nowLength == length && nowModifiedMs == modifiedMs;
    }

    void addUser()
    {
        users++;
    }

    void removeUser()
    {
        users--;
    }

    boolean isUnused()
    {
        return users == 0;
    }

    /** No new user may have it: the file on disk is another by now. */
    void markStale()
    {
        stale = true;
    }

    boolean isStale()
    {
        return stale;
    }

    void close()
    {
        try
        {
            channel.close();
        }
        catch (final IOException ex)
        {
            stale = true;
        }
    }
}
