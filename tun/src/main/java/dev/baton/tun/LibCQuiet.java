package dev.baton.tun;

import jnr.ffi.annotations.IgnoreError;

/**
 * The calls of the packet path without saving errno, which is half of a stub's cost. A failure shows only as -1: repeat the call
 * through {@link LibC} to learn the reason. Public only because the generated class lives in another class loader.
 */
public interface LibCQuiet
{
    /**
     * read(2).
     *
     * @param fd      descriptor.
     * @param address where to.
     * @param length  at most, in bytes.
     * @return bytes read, or -1.
     */
    @IgnoreError
    long read(int fd, long address, long length);

    /**
     * write(2).
     *
     * @param fd      descriptor.
     * @param address where from.
     * @param length  in bytes.
     * @return bytes written, or -1.
     */
    @IgnoreError
    long write(int fd, long address, long length);

    /**
     * poll(2).
     *
     * @param fds       address of an array of {@code struct pollfd}.
     * @param count     of its entries.
     * @param timeoutMs in milliseconds; 0 looks and returns.
     * @return entries with events, 0 on time-out, or -1.
     */
    @IgnoreError
    int poll(long fds, long count, int timeoutMs);
}
