package dev.baton.stack.socket;

import java.util.Arrays;

/** Descriptors: the lowest free one is given (open(2)). Bounded. Not thread safe. */
final class DescriptorTable
{
    private static final int FIRST = 3;
    private static final int INITIAL = 16;

    private final int limit;
    private SocketFile[] files = new SocketFile[INITIAL];
    private int lowestFree = FIRST;
    private int count;

    /** A table of at most so many descriptors ({@code RLIMIT_NOFILE}). */
    DescriptorTable(final int limit)
    {
        this.limit = limit;
    }

    boolean isFull()
    {
        return count == limit;
    }

    int add(final SocketFile file)
    {
        final int fd = lowestFree;
        if (fd >= files.length)
        {
            files = Arrays.copyOf(files, 2 * files.length);
        }
        files[fd] = file;
        file.fd = fd;
        count++;
        do
        {
            lowestFree++;
        }
        while (lowestFree < files.length && files[lowestFree] != null);
        return fd;
    }

    SocketFile get(final int fd)
    {
        return fd >= 0 && fd < files.length ? files[fd] : null;
    }

    SocketFile remove(final int fd)
    {
        final SocketFile file = get(fd);
        if (file != null)
        {
            files[fd] = null;
            file.fd = -1;
            count--;
            lowestFree = Math.min(lowestFree, fd);
        }
        return file;
    }

    int count()
    {
        return count;
    }
}
