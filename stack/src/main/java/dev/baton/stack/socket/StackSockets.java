package dev.baton.stack.socket;

import dev.baton.stack.NetStack;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.function.LongSupplier;

import static dev.baton.stack.socket.SocketConstants.*;

/**
 * {@link Sockets} over a shard. Calls belong to the shard's thread, between or within its polls; what they cause on the
 * wire follows with the next poll, except for datagrams, which are sent at once.
 * <p>
 * What Linux has and this does not: an address of the shard cannot be reached from itself; SO_REUSEPORT spreads
 * datagrams, but not connections over listeners, since a shard is one thread; the error queue carries no payload;
 * multicast and broadcast are refused; data that was received but not read is lost when a RST follows it.
 * <p>
 * Binding a port looks at all connections of the shard; nothing else here depends on their number. Not thread safe.
 */
public final class StackSockets implements Sockets
{
    /** Most descriptors when nothing else is said ({@code RLIMIT_NOFILE}, hard limit of most distributions). */
    public static final int DEFAULT_MAX_DESCRIPTORS = 1 << 20;

    private static final int TYPE_MASK = 0xF;
    private static final int HIGHEST_TYPE = 10;

    final NetStack stack;
    final StreamPorts streamPorts;
    final StreamEvents streamEvents;
    private final LongSupplier nowNs;
    private final DescriptorTable files;
    private final UnsafeBuffer value = new UnsafeBuffer(new byte[Integer.BYTES]);
    private ReadinessListener readiness;

    /**
     * Sockets of a shard.
     *
     * @param stack of which.
     * @param nowNs time of the shard's thread: that of the poll it is in, or was in last.
     */
    public StackSockets(final NetStack stack, final LongSupplier nowNs)
    {
        this(stack, nowNs, DEFAULT_MAX_DESCRIPTORS);
    }

    /**
     * Sockets of a shard.
     *
     * @param stack          of which.
     * @param nowNs          time of the shard's thread.
     * @param maxDescriptors limit of open sockets, above 0.
     */
    public StackSockets(final NetStack stack, final LongSupplier nowNs, final int maxDescriptors)
    {
        this.stack = stack;
        this.nowNs = nowNs;
        files = new DescriptorTable(maxDescriptors);
        streamPorts = new StreamPorts(stack);
        streamEvents = new StreamEvents(this);
    }

    /**
     * Who is told that a descriptor may be ready.
     *
     * @param readiness null for nobody.
     */
    public void readinessListener(final ReadinessListener readiness)
    {
        this.readiness = readiness;
    }

    /** {@return open descriptors} */
    public int openCount()
    {
        return files.count();
    }

    long nowNs()
    {
        return nowNs.getAsLong();
    }

    void changed(final SocketFile file)
    {
        if (readiness != null && file.fd >= 0)
        {
            readiness.onReady(file.fd);
        }
    }

    boolean isFull()
    {
        return files.isFull();
    }

    int add(final SocketFile file)
    {
        return files.add(file);
    }

    @Override
    public int socket(final int domain, final int type, final int protocol)
    {
        final int kind = type & TYPE_MASK;
        final int bad = check(domain, type, kind, protocol);
        if (bad != 0)
        {
            return bad;
        }
        if (files.isFull())
        {
            return Errno.EMFILE.result();
        }
        if (kind == SOCK_DGRAM && stack.udp().socketCount() >= stack.context().maxUdpSockets())
        {
            return Errno.ENFILE.result();
        }
        final SocketFile file = kind == SOCK_STREAM ?
            new StreamSocket(this, domain) : new DatagramSocket(this, domain);
        file.flags |= type & SOCK_NONBLOCK;
        return files.add(file);
    }

    private static int check(final int domain, final int type, final int kind, final int protocol)
    {
        if ((type & ~TYPE_MASK & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0 || kind > HIGHEST_TYPE)
        {
            return Errno.EINVAL.result();
        }
        if (domain != AF_INET && domain != AF_INET6)
        {
            return Errno.EAFNOSUPPORT.result();
        }
        if (kind != SOCK_STREAM && kind != SOCK_DGRAM)
        {
            return Errno.ESOCKTNOSUPPORT.result();
        }
        final int own = kind == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
        return protocol == 0 || protocol == own ? 0 : Errno.EPROTONOSUPPORT.result();
    }

    @Override
    public int bind(final int fd, final SockAddr address)
    {
        final SocketFile file = files.get(fd);
        if (file == null)
        {
            return Errno.EBADF.result();
        }
        final int bad = file.checkName(address);
        return bad != 0 ? bad : file.bind(address);
    }

    @Override
    public int listen(final int fd, final int backlog)
    {
        final SocketFile file = files.get(fd);
        return file == null ? Errno.EBADF.result() : file.listen(backlog);
    }

    @Override
    public int accept(final int fd, final SockAddr peer)
    {
        final SocketFile file = files.get(fd);
        return file == null ? Errno.EBADF.result() : file.accept(peer);
    }

    @Override
    public int connect(final int fd, final SockAddr address)
    {
        final SocketFile file = files.get(fd);
        return file == null ? Errno.EBADF.result() : file.connect(address);
    }

    @Override
    public int recvfrom(
        final int fd,
        final MutableDirectBuffer dst,
        final int offset,
        final int length,
        final int flags,
        final SockAddr from)
    {
        final SocketFile file = files.get(fd);
        return file == null ? Errno.EBADF.result() : file.receive(dst, offset, length, flags, from, null);
    }

    @Override
    public int recvmsg(
        final int fd,
        final MutableDirectBuffer dst,
        final int offset,
        final int length,
        final int flags,
        final MessageInfo message)
    {
        final SocketFile file = files.get(fd);
        message.clear();
        return file == null ? Errno.EBADF.result() : file.receive(dst, offset, length, flags, null, message);
    }

    @Override
    public int sendto(
        final int fd,
        final DirectBuffer src,
        final int offset,
        final int length,
        final int flags,
        final SockAddr to)
    {
        final SocketFile file = files.get(fd);
        return file == null ? Errno.EBADF.result() : file.send(src, offset, length, flags, to, null);
    }

    @Override
    public int sendmsg(
        final int fd,
        final DirectBuffer src,
        final int offset,
        final int length,
        final int flags,
        final MessageInfo message)
    {
        final SocketFile file = files.get(fd);
        return file == null ? Errno.EBADF.result() :
            file.send(src, offset, length, flags, message.hasName ? message.name : null, message);
    }

    @Override
    public int shutdown(final int fd, final int how)
    {
        final SocketFile file = files.get(fd);
        if (file == null)
        {
            return Errno.EBADF.result();
        }
        return how < SHUT_RD || how > SHUT_RDWR ? Errno.EINVAL.result() : file.shutdown(how);
    }

    @Override
    public int close(final int fd)
    {
        final SocketFile file = files.remove(fd);
        if (file == null)
        {
            return Errno.EBADF.result();
        }
        file.close();
        return 0;
    }

    @Override
    public int setsockopt(
        final int fd, final int level, final int name, final DirectBuffer value, final int offset, final int length)
    {
        final SocketFile file = files.get(fd);
        if (file == null)
        {
            return Errno.EBADF.result();
        }
        if (file instanceof StreamSocket stream && level == IPPROTO_TCP && name == TCP_CONGESTION)
        {
            return stream.congestionControl(value, offset, length);
        }
        if (length < Integer.BYTES)
        {
            return Errno.EINVAL.result();
        }
        if (level == SOL_SOCKET && name == SO_LINGER)
        {
            return length < 2 * Integer.BYTES ? Errno.EINVAL.result() : file.setOption(level, name,
                value.getInt(offset) == 0 ? -1 : Math.max(0, value.getInt(offset + Integer.BYTES)));
        }
        return CommonOptions.set(file, level, name, value.getInt(offset, ByteOrder.nativeOrder()));
    }

    @Override
    public int getsockopt(
        final int fd,
        final int level,
        final int name,
        final MutableDirectBuffer value,
        final int offset,
        final int length)
    {
        final SocketFile file = files.get(fd);
        if (file == null)
        {
            return Errno.EBADF.result();
        }
        if (file instanceof StreamSocket stream && level == IPPROTO_TCP && name == TCP_CONGESTION)
        {
            return stream.congestionControlName(value, offset, length);
        }
        if (file instanceof StreamSocket stream && level == IPPROTO_TCP && name == TCP_INFO)
        {
            return stream.info(value, offset, length);
        }
        if (level == SOL_SOCKET && name == SO_LINGER && length >= 2 * Integer.BYTES)
        {
            final int seconds = file.getOption(level, name);
            value.putInt(offset, seconds < 0 ? 0 : 1);
            value.putInt(offset + Integer.BYTES, Math.max(0, seconds));
            return 2 * Integer.BYTES;
        }
        return CommonOptions.get(file, level, name, value, offset, length);
    }

    @Override
    public int setInt(final int fd, final int level, final int name, final int value)
    {
        this.value.putInt(0, value, ByteOrder.nativeOrder());
        return setsockopt(fd, level, name, this.value, 0, Integer.BYTES);
    }

    @Override
    public int getInt(final int fd, final int level, final int name)
    {
        final int outcome = getsockopt(fd, level, name, value, 0, Integer.BYTES);
        return outcome < 0 ? outcome : value.getInt(0, ByteOrder.nativeOrder());
    }

    @Override
    public int getsockname(final int fd, final SockAddr local)
    {
        final SocketFile file = files.get(fd);
        return file == null ? Errno.EBADF.result() : file.localName(local);
    }

    @Override
    public int getpeername(final int fd, final SockAddr peer)
    {
        final SocketFile file = files.get(fd);
        return file == null ? Errno.EBADF.result() : file.peerName(peer);
    }

    @Override
    public int fcntl(final int fd, final int command, final int argument)
    {
        final SocketFile file = files.get(fd);
        if (file == null)
        {
            return Errno.EBADF.result();
        }
        switch (command)
        {
            case F_GETFL:
                return file.flags;
            case F_SETFL:
                file.flags = O_RDWR | argument & O_NONBLOCK;
                return 0;
            default:
                return Errno.EINVAL.result();
        }
    }

    @Override
    public int ioctl(final int fd, final int request)
    {
        final SocketFile file = files.get(fd);
        return file == null ? Errno.EBADF.result() : file.ioctl(request);
    }

    @Override
    public int poll(final int fd, final int events)
    {
        final SocketFile file = files.get(fd);
        return file == null ? POLLNVAL : file.ready() & (events | POLLERR | POLLHUP);
    }
}
