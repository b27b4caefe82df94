package dev.baton.tests.socket;

import dev.baton.stack.socket.Errno;
import dev.baton.stack.socket.SockAddr;
import dev.baton.stack.socket.Sockets;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

import java.nio.charset.StandardCharsets;

import static dev.baton.stack.socket.SocketConstants.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What all parts of the socket suite share. Each part is a class of behaviours of the application's interface; it runs
 * over the kernel's sockets and over ours, and both must pass.
 */
abstract class SocketSuite
{
    final UnsafeBuffer bytes = new UnsafeBuffer(new byte[1 << 20]);
    final SockAddr name = new SockAddr();
    SocketTransport transport;
    Sockets client;
    Sockets server;

    /** A connection as both ends see it, and the listener that it came through. */
    record Pair(int client, int server, int listener)
    {
    }

    abstract SocketTransport open();

    @BeforeEach
    void openTransport()
    {
        transport = open();
        client = transport.client();
        server = transport.server();
    }

    @AfterEach
    void closeTransport()
    {
        transport.close();
    }

    /** What Linux does here cannot be done, and why. */
    final void onlyKernel(final String why)
    {
        Assumptions.assumeTrue(transport.isKernel(), "not on our stack: " + why);
    }

    /** What cannot be arranged over the kernel, and why. */
    final void onlyStack(final String why)
    {
        Assumptions.assumeTrue(!transport.isKernel(), "not over the kernel: " + why);
    }

    static int ok(final int result)
    {
        assertTrue(result >= 0, () -> "failed: " + Errno.describe(result));
        return result;
    }

    static void fails(final Errno expected, final int result)
    {
        assertEquals(expected.name(), result < 0 && Errno.of(result) != null ? Errno.of(result).name() :
            Integer.toString(result));
    }

    static int tcp(final Sockets sockets)
    {
        return ok(sockets.socket(AF_INET, SOCK_STREAM, 0));
    }

    static int tcp6(final Sockets sockets)
    {
        return ok(sockets.socket(AF_INET6, SOCK_STREAM, 0));
    }

    static int udp(final Sockets sockets)
    {
        return ok(sockets.socket(AF_INET, SOCK_DGRAM, 0));
    }

    static int udp6(final Sockets sockets)
    {
        return ok(sockets.socket(AF_INET6, SOCK_DGRAM, 0));
    }

    /** The wildcard of a family. */
    static SockAddr any(final int family, final int port)
    {
        return new SockAddr(family, IpAddress.ANY, port);
    }

    final SockAddr serverAt(final int port)
    {
        return SockAddr.of(transport.serverAddress(true), port);
    }

    final SockAddr clientAt(final int port)
    {
        return SockAddr.of(transport.clientAddress(true), port);
    }

    /** An IPv4 address as an IPv6 socket uses it. */
    static SockAddr mapped(final IpAddress address, final int port)
    {
        return new SockAddr(AF_INET6, address, port);
    }

    final int port(final Sockets sockets, final int fd)
    {
        ok(sockets.getsockname(fd, name));
        return name.port();
    }

    /** A listener on a free port of the server's IPv4 address. */
    final int listener(final int backlog)
    {
        final int fd = tcp(server);
        ok(server.bind(fd, serverAt(0)));
        ok(server.listen(fd, backlog));
        return fd;
    }

    final int connectTo(final int listener)
    {
        final int fd = tcp(client);
        startConnect(fd, serverAt(port(server, listener)));
        return fd;
    }

    final void startConnect(final int fd, final SockAddr address)
    {
        final int result = client.connect(fd, address);
        assertTrue(result == 0 || result == Errno.EINPROGRESS.result(), () -> Errno.describe(result));
    }

    final int accept(final int listener)
    {
        until("a connection to accept", server, listener, POLLIN);
        return ok(server.accept(listener, null));
    }

    final Pair pair()
    {
        final int listener = listener(16);
        final int fd = connectTo(listener);
        final int accepted = accept(listener);
        until("connected", client, fd, POLLOUT);
        return new Pair(fd, accepted, listener);
    }

    final void until(final String what, final Sockets sockets, final int fd, final int events)
    {
        assertTrue(transport.until(() -> (sockets.poll(fd, events) & events) == events),
            () -> "never: " + what + "; poll says 0x" + Integer.toHexString(sockets.poll(fd, -1 & 0x7FFF)));
    }

    final UnsafeBuffer text(final String text)
    {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    final void send(final Sockets sockets, final int fd, final String text)
    {
        send(sockets, fd, text, 0);
    }

    final void send(final Sockets sockets, final int fd, final String text, final int flags)
    {
        assertEquals(text.length(), sockets.send(fd, text(text), 0, text.length(), flags),
            () -> "send of '" + text + "'");
    }

    /** Wait for something to read, and take it. */
    final String receive(final Sockets sockets, final int fd, final int flags)
    {
        assertTrue(transport.until(() -> (sockets.poll(fd, POLLIN) & (POLLIN | POLLHUP | POLLERR)) != 0),
            "nothing to read");
        final int count = ok(sockets.recv(fd, bytes, 0, bytes.capacity(), flags));
        return bytes.getStringWithoutLengthAscii(0, count);
    }

    final String receive(final Sockets sockets, final int fd)
    {
        return receive(sockets, fd, 0);
    }

    /** Take exactly so much as is expected. */
    final void expect(final Sockets sockets, final int fd, final String expected)
    {
        final StringBuilder got = new StringBuilder();
        transport.until(() ->
        {
            final int count = sockets.recv(fd, bytes, 0, expected.length() - got.length(), 0);
            if (count > 0)
            {
                got.append(bytes.getStringWithoutLengthAscii(0, count));
            }
            return got.length() >= expected.length();
        });
        assertEquals(expected, got.toString());
    }

    final void expectEnd(final Sockets sockets, final int fd)
    {
        until("the end of the stream", sockets, fd, POLLIN);
        assertEquals(0, sockets.recv(fd, bytes, 0, 16, 0));
    }

    /** Wait until a connection has failed; poll(2) tells it by POLLERR or POLLHUP. */
    final void untilFailed(final Sockets sockets, final int fd)
    {
        assertTrue(transport.until(() -> (sockets.poll(fd, 0) & (POLLERR | POLLHUP)) != 0), "no error came");
    }

    static void roundTrip(final Sockets sockets, final int fd, final int level, final int option, final int value)
    {
        ok(sockets.setInt(fd, level, option, value));
        assertEquals(value, sockets.getInt(fd, level, option));
    }

    final void linger(final Sockets sockets, final int fd, final int on, final int seconds)
    {
        final UnsafeBuffer value = new UnsafeBuffer(new byte[8]);
        value.putInt(0, on);
        value.putInt(4, seconds);
        ok(sockets.setsockopt(fd, SOL_SOCKET, SO_LINGER, value, 0, 8));
    }
}
