package dev.baton.tools.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the file of response headers that {@code curl -D} writes: one block for each response, in order.
 */
final class CurlHeaders
{
    private static final String SERVER = "server:";
    private static final String PRODUCT = "baton/";

    private CurlHeaders()
    {
    }

    /**
     * Who answered.
     *
     * @param lines of the file.
     * @return for each response the node named by its {@code Server} header; empty when it has none.
     */
    static List<String> servers(final List<String> lines)
    {
        final List<String> servers = new ArrayList<>();
        for (final String line : lines)
        {
            if (line.startsWith("HTTP/"))
            {
                servers.add("");
            }
            else if (!servers.isEmpty() && line.toLowerCase(Locale.ROOT).startsWith(SERVER))
            {
                final String value = line.substring(SERVER.length()).strip();
                servers.set(servers.size() - 1, value.startsWith(PRODUCT) ? value.substring(PRODUCT.length()) : value);
            }
        }
        return servers;
    }
}
