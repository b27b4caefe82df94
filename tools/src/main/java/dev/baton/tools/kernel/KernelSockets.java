package dev.baton.tools.kernel;

import dev.baton.stack.socket.Errno;
import dev.baton.stack.socket.MessageInfo;
import dev.baton.stack.socket.SockAddr;
import dev.baton.stack.socket.Sockets;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

import static dev.baton.stack.socket.SocketConstants.AF_INET6;
import static dev.baton.stack.socket.SocketConstants.MSG_NOSIGNAL;
import static dev.baton.stack.socket.SocketConstants.MSG_TRUNC;
import static dev.baton.stack.socket.SocketConstants.POLLNVAL;
import static dev.baton.stack.socket.SocketConstants.SOCK_CLOEXEC;
import static dev.baton.stack.socket.SocketConstants.SOCK_NONBLOCK;

/**
 * {@link Sockets} by Linux's system calls on x86-64 and aarch64. Every descriptor is non-blocking, and SIGPIPE is never
 * asked for. {@link #close()} closes what was left open.
 */
public final class KernelSockets implements Sockets, AutoCloseable
{
    private static final int SCRATCH = 4096;
    private static final int LENGTH = 2048;
    private static final int NO_FAMILY = -1;

    private final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(SCRATCH));
    private final KernelMessage message = new KernelMessage();
    private final Int2IntHashMap familyByDescriptor = new Int2IntHashMap(NO_FAMILY);

    /**
     * Sockets of this process.
     *
     * @throws IllegalStateException when this is not Linux, or the native half of jffi cannot be loaded.
     */
    public KernelSockets()
    {
        final String system = System.getProperty("os.name");
        if (!"Linux".equals(system))
        {
            throw new IllegalStateException("kernel sockets are called with Linux's numbers, and this is " + system +
                "; run it on Linux");
        }
        try
        {
            Holder.RUNTIME.getLastError();
        }
        catch (final LinkageError ex)
        {
            throw new IllegalStateException("the native library of jffi cannot be loaded (" + ex +
                "); give -Djffi.extract.dir=DIR with a directory that allows execution", ex);
        }
    }

    @Override
    public int socket(final int domain, final int type, final int protocol)
    {
        final int fd = result(Holder.CALLS.socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
        if (fd >= 0)
        {
            familyByDescriptor.put(fd, domain);
        }
        return fd;
    }

    @Override
    public int bind(final int fd, final SockAddr address)
    {
        final int length = KernelAddresses.write(address, scratch, 0);
        return result(Holder.CALLS.bind(fd, scratch.addressOffset(), length));
    }

    @Override
    public int listen(final int fd, final int backlog)
    {
        return result(Holder.CALLS.listen(fd, backlog));
    }

    @Override
    public int accept(final int fd, final SockAddr peer)
    {
        scratch.putInt(LENGTH, KernelAddresses.ROOM);
        final int accepted = result(Holder.CALLS.accept4(
            fd, scratch.addressOffset(), scratch.addressOffset() + LENGTH, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (accepted >= 0)
        {
            familyByDescriptor.put(accepted, familyByDescriptor.get(fd));
            if (peer != null)
            {
                KernelAddresses.read(scratch, 0, scratch.getInt(LENGTH), peer);
            }
        }
        return accepted;
    }

    @Override
    public int connect(final int fd, final SockAddr address)
    {
        final int length = KernelAddresses.write(address, scratch, 0);
        return result(Holder.CALLS.connect(fd, scratch.addressOffset(), length));
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
        final int count = receive(fd, dst, offset, length, flags);
        if (count >= 0 && from != null)
        {
            message.readName(from);
        }
        return count;
    }

    @Override
    public int recvmsg(
        final int fd,
        final MutableDirectBuffer dst,
        final int offset,
        final int length,
        final int flags,
        final MessageInfo info)
    {
        final int count = receive(fd, dst, offset, length, flags);
        if (count >= 0)
        {
            message.read(info);
        }
        return count;
    }

    private int receive(
        final int fd, final MutableDirectBuffer dst, final int offset, final int length, final int flags)
    {
        final int most = Math.min(length, KernelMessage.MOST_BYTES);
        message.prepareReceive(most);
        final int count = result(Holder.CALLS.recvmsg(fd, message.address(), flags));
        final int filled = (flags & MSG_TRUNC) == 0 ? count : Math.min(count, most);
        if (filled > 0)
        {
            dst.putBytes(offset, message.data, 0, filled);
        }
        return count;
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
        return transmit(fd, src, offset, length, flags, to, null);
    }

    @Override
    public int sendmsg(
        final int fd,
        final DirectBuffer src,
        final int offset,
        final int length,
        final int flags,
        final MessageInfo info)
    {
        return transmit(fd, src, offset, length, flags, info.hasName ? info.name : null, info);
    }

    private int transmit(
        final int fd,
        final DirectBuffer src,
        final int offset,
        final int length,
        final int flags,
        final SockAddr to,
        final MessageInfo info)
    {
        final int most = Math.min(length, KernelMessage.MOST_BYTES);
        message.data.putBytes(0, src, offset, most);
        message.prepareSend(most, to, info, familyByDescriptor.get(fd) == AF_INET6);
        return result(Holder.CALLS.sendmsg(fd, message.address(), flags | MSG_NOSIGNAL));
    }

    @Override
    public int shutdown(final int fd, final int how)
    {
        return result(Holder.CALLS.shutdown(fd, how));
    }

    @Override
    public int close(final int fd)
    {
        familyByDescriptor.remove(fd);
        return result(Holder.CALLS.close(fd));
    }

    @Override
    public void close()
    {
        familyByDescriptor.keySet().forEach((final Integer fd) -> Holder.CALLS.close(fd));
        familyByDescriptor.clear();
    }

    @Override
    public int setsockopt(
        final int fd, final int level, final int name, final DirectBuffer value, final int offset, final int length)
    {
        if (length > LENGTH)
        {
            return Errno.EINVAL.result();
        }
        scratch.putBytes(0, value, offset, length);
        return result(Holder.CALLS.setsockopt(fd, level, name, scratch.addressOffset(), length));
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
        scratch.putInt(LENGTH, Math.min(length, LENGTH));
        final int outcome = result(Holder.CALLS.getsockopt(
            fd, level, name, scratch.addressOffset(), scratch.addressOffset() + LENGTH));
        if (outcome < 0)
        {
            return outcome;
        }
        final int filled = scratch.getInt(LENGTH);
        value.putBytes(offset, scratch, 0, filled);
        return filled;
    }

    @Override
    public int setInt(final int fd, final int level, final int name, final int value)
    {
        scratch.putInt(0, value);
        return result(Holder.CALLS.setsockopt(fd, level, name, scratch.addressOffset(), Integer.BYTES));
    }

    @Override
    public int getInt(final int fd, final int level, final int name)
    {
        scratch.putInt(LENGTH, Integer.BYTES);
        final int outcome = result(Holder.CALLS.getsockopt(
            fd, level, name, scratch.addressOffset(), scratch.addressOffset() + LENGTH));
        return outcome < 0 ? outcome : scratch.getInt(0);
    }

    @Override
    public int getsockname(final int fd, final SockAddr local)
    {
        scratch.putInt(LENGTH, KernelAddresses.ROOM);
        final int outcome = result(Holder.CALLS.getsockname(
            fd, scratch.addressOffset(), scratch.addressOffset() + LENGTH));
        return filled(outcome, local);
    }

    @Override
    public int getpeername(final int fd, final SockAddr peer)
    {
        scratch.putInt(LENGTH, KernelAddresses.ROOM);
        final int outcome = result(Holder.CALLS.getpeername(
            fd, scratch.addressOffset(), scratch.addressOffset() + LENGTH));
        return filled(outcome, peer);
    }

    private int filled(final int outcome, final SockAddr address)
    {
        if (outcome == 0)
        {
            KernelAddresses.read(scratch, 0, scratch.getInt(LENGTH), address);
        }
        return outcome;
    }

    @Override
    public int fcntl(final int fd, final int command, final int argument)
    {
        return result(Holder.CALLS.fcntl(fd, command, argument));
    }

    @Override
    public int ioctl(final int fd, final int request)
    {
        scratch.putInt(0, 0);
        final int outcome = result(Holder.CALLS.ioctl(fd, request, scratch.addressOffset()));
        return outcome < 0 ? outcome : scratch.getInt(0);
    }

    @Override
    public int poll(final int fd, final int events)
    {
        return poll(fd, events, 0);
    }

    /**
     * poll(2) of one descriptor.
     *
     * @param fd        descriptor.
     * @param events    POLL* of interest.
     * @param timeoutMs milliseconds to wait at most.
     * @return POLL* that hold; 0 when none did in time.
     */
    public int poll(final int fd, final int events, final int timeoutMs)
    {
        scratch.putInt(0, fd);
        scratch.putShort(4, (short)events);
        scratch.putShort(6, (short)0);
        final int outcome = result(Holder.CALLS.poll(scratch.addressOffset(), 1, timeoutMs));
        if (outcome < 0)
        {
            return outcome;
        }
        return fd < 0 ? POLLNVAL : scratch.getShort(6) & 0xFFFF;
    }

    private static int result(final long outcome)
    {
        return outcome < 0 ? -Holder.RUNTIME.getLastError() : (int)outcome;
    }

    private static final class Holder
    {
        private static final SocketCalls CALLS = LibraryLoader.create(SocketCalls.class).failImmediately().load("c");
        private static final Runtime RUNTIME = Runtime.getRuntime(CALLS);
    }
}
