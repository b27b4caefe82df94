package dev.baton.tools.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * User and capabilities of this process, from {@code /proc/self/status}.
 *
 * @param uid          effective user id.
 * @param capabilities effective set, bit n is capability n of capabilities(7).
 */
public record Rights(int uid, long capabilities)
{
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_SYS_ADMIN = 21;

    /**
     * Rights of this process.
     *
     * @return those of the moment.
     * @throws IllegalStateException when /proc is not mounted.
     */
    public static Rights current()
    {
        try
        {
            int uid = -1;
            long capabilities = 0;
            for (final String line : Files.readAllLines(Path.of("/proc/self/status")))
            {
                final String[] words = line.split("\\s+");
                switch (words[0])
                {
                    case "Uid:" -> uid = Integer.parseInt(words[2]);
                    case "CapEff:" -> capabilities = Long.parseUnsignedLong(words[1], 16);
                    default ->
                    {
                    }
                }
            }
            return new Rights(uid, capabilities);
        }
        catch (final IOException ex)
        {
            throw new IllegalStateException("/proc/self/status: cannot be read: mount /proc", ex);
        }
    }

    /**
     * May it make network namespaces and devices in this machine's own namespaces?
     *
     * @return true with CAP_NET_ADMIN and CAP_SYS_ADMIN.
     */
    public boolean canMakeNamespaces()
    {
        return has(CAP_NET_ADMIN) && has(CAP_SYS_ADMIN);
    }

    /**
     * May it configure network devices?
     *
     * @return true with CAP_NET_ADMIN.
     */
    public boolean isNetAdmin()
    {
        return has(CAP_NET_ADMIN);
    }

    private boolean has(final int capability)
    {
        return (capabilities >>> capability & 1) == 1;
    }
}
