package dev.baton.tools.service;

import java.nio.file.Path;

/**
 * What a file server is told.
 *
 * @param root           directory whose files are served.
 * @param nodeName       shown to clients in the Server field, so that they see who answered.
 * @param idleNs         longest time without progress, in nanoseconds: no request, no rest of one, no byte taken by the
 *                       peer.
 * @param maxRequests    most requests on one connection; the last answer says that the connection closes.
 * @param maxOpenFiles   most files that are open at a time; a request beyond is answered with 503.
 * @param maxMappedPieces most pieces of 8 MiB of those files that are mapped at a time.
 */
public record HttpFileSettings(
    Path root, String nodeName, long idleNs, int maxRequests, int maxOpenFiles, int maxMappedPieces)
{
    private static final long DEFAULT_IDLE_NS = 60_000_000_000L;
    private static final int DEFAULT_REQUESTS = 10_000;
    private static final int DEFAULT_OPEN_FILES = 256;
    private static final int DEFAULT_MAPPED_PIECES = 64;

    /**
     * Check the limits.
     *
     * @throws IllegalArgumentException when one is not positive, or the name is not printable ASCII.
     */
    public HttpFileSettings
    {
        if (idleNs <= 0 || maxRequests <= 0 || maxOpenFiles <= 0 || maxMappedPieces <= 0)
        {
            throw new IllegalArgumentException("limits of the file server must be positive");
        }
        if (!nodeName.matches("[A-Za-z0-9._-]{1,255}"))
        {
            throw new IllegalArgumentException("not a node name: '" + nodeName + "'");
        }
    }

    /**
     * Settings with the defaults: 60 s idle, 10 000 requests, 256 files, 64 pieces.
     *
     * @param root     directory whose files are served.
     * @param nodeName shown to clients.
     */
    public HttpFileSettings(final Path root, final String nodeName)
    {
        this(root, nodeName, DEFAULT_IDLE_NS, DEFAULT_REQUESTS, DEFAULT_OPEN_FILES, DEFAULT_MAPPED_PIECES);
    }

    /**
     * The same with another idle time.
     *
     * @param otherIdleNs in nanoseconds.
     * @return new settings.
     */
    public HttpFileSettings withIdleNs(final long otherIdleNs)
    {
        return new HttpFileSettings(root, nodeName, otherIdleNs, maxRequests, maxOpenFiles, maxMappedPieces);
    }

    /**
     * The same with another limit of requests.
     *
     * @param otherMaxRequests on one connection.
     * @return new settings.
     */
    public HttpFileSettings withMaxRequests(final int otherMaxRequests)
    {
        return new HttpFileSettings(root, nodeName, idleNs, otherMaxRequests, maxOpenFiles, maxMappedPieces);
    }

    /**
     * The same with other limits of files.
     *
     * @param otherMaxOpenFiles    open at a time.
     * @param otherMaxMappedPieces mapped at a time.
     * @return new settings.
     */
    public HttpFileSettings withFileLimits(final int otherMaxOpenFiles, final int otherMaxMappedPieces)
    {
        return new HttpFileSettings(root, nodeName, idleNs, maxRequests, otherMaxOpenFiles, otherMaxMappedPieces);
    }
}
