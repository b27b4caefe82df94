package dev.baton.tun;

/** The real calls, for a test to override one of. */
class DelegatingLibC implements LibC
{
    private final LibC real = Native.libc();

    @Override
    public int open(final long path, final int flags, final int mode)
    {
        return real.open(path, flags, mode);
    }

    @Override
    public int close(final int fd)
    {
        return real.close(fd);
    }

    @Override
    public long read(final int fd, final long address, final long length)
    {
        return real.read(fd, address, length);
    }

    @Override
    public long write(final int fd, final long address, final long length)
    {
        return real.write(fd, address, length);
    }

    @Override
    public int ioctl(final int fd, final long request, final long argument)
    {
        return real.ioctl(fd, request, argument);
    }

    @Override
    public int fcntl(final int fd, final int command, final long argument)
    {
        return real.fcntl(fd, command, argument);
    }

    @Override
    public int ppoll(final long fds, final long count, final long timespec, final long sigmask)
    {
        return real.ppoll(fds, count, timespec, sigmask);
    }

    @Override
    public int eventfd(final int initial, final int flags)
    {
        return real.eventfd(initial, flags);
    }

    @Override
    public int socket(final int domain, final int type, final int protocol)
    {
        return real.socket(domain, type, protocol);
    }

    @Override
    public int geteuid()
    {
        return real.geteuid();
    }
}
