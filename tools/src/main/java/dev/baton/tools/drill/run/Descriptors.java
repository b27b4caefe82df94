package dev.baton.tools.drill.run;

import dev.baton.stack.socket.Errno;

import java.util.HashMap;
import java.util.Map;

/**
 * Descriptors are symbolic: what the script calls 3 is whatever the call has returned. Files that are no sockets
 * live here too.
 */
final class Descriptors
{
    /** Descriptors of files begin here, far from those of sockets. */
    private static final int FIRST_FILE = 1 << 24;

    private final Map<Long, Integer> live = new HashMap<>();
    private final Map<Integer, Object> files = new HashMap<>();
    private int nextFile = FIRST_FILE;

    /** A call has returned a descriptor that the script gives a number. */
    void map(final long script, final int descriptor)
    {
        live.put(script, descriptor);
    }

    /** The descriptor behind a number of the script; one that is not open when there is none. */
    int live(final long script)
    {
        return live.getOrDefault(script, script < 0 ? (int)script : Integer.MAX_VALUE);
    }

    /** The number in the script of a descriptor; -1 when it has none. */
    long script(final int descriptor)
    {
        for (final Map.Entry<Long, Integer> entry : live.entrySet())
        {
            if (entry.getValue() == descriptor)
            {
                return entry.getKey();
            }
        }
        return -1;
    }

    int open(final Object file)
    {
        files.put(nextFile, file);
        return nextFile++;
    }

    /** The file of a descriptor, when it is of that kind; else null. */
    <T> T file(final int descriptor, final Class<T> kind)
    {
        final Object file = files.get(descriptor);
        return kind.isInstance(file) ? kind.cast(file) : null;
    }

    static boolean isFile(final int descriptor)
    {
        return descriptor >= FIRST_FILE && descriptor != Integer.MAX_VALUE;
    }

    int close(final int descriptor)
    {
        return files.remove(descriptor) == null ? Errno.EBADF.result() : 0;
    }
}
