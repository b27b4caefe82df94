package dev.baton.tests.socket;

import dev.baton.stack.socket.Errno;
import dev.baton.stack.socket.SockAddr;
import dev.baton.stack.socket.Sockets;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.socket.SocketConstants.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** bind(2): who may have which address and port, SO_REUSEADDR, SO_REUSEPORT, and both families by one socket. */
abstract class BindSuite extends SocketSuite
{
    private int bound(final int fd, final SockAddr at)
    {
        ok(server.bind(fd, at));
        return fd;
    }

    private int reusing(final int option)
    {
        final int fd = tcp(server);
        ok(server.setInt(fd, SOL_SOCKET, option, 1));
        return fd;
    }

    @Test
    void shouldHaveNoNameBeforeItIsBound()
    {
        ok(client.getsockname(tcp(client), name));
        assertEquals(any(AF_INET, 0), name);
        ok(client.getsockname(tcp6(client), name));
        assertEquals(any(AF_INET6, 0), name);
    }

    @Test
    void shouldTakeAFreePortForPortZero()
    {
        final int first = bound(tcp(server), any(AF_INET, 0));
        final int second = bound(tcp(server), any(AF_INET, 0));
        assertNotEquals(0, port(server, first));
        assertNotEquals(port(server, first), port(server, second));
    }

    @Test
    void shouldBindOnlyOnce()
    {
        final int fd = bound(tcp(server), serverAt(0));
        fails(Errno.EINVAL, server.bind(fd, serverAt(0)));
    }

    @Test
    void shouldRefuseAnAddressThatIsNotOurs()
    {
        fails(Errno.EADDRNOTAVAIL, server.bind(tcp(server), SockAddr.of(IpAddress.parse("192.0.2.1"), 0)));
        fails(Errno.EADDRNOTAVAIL, server.bind(tcp6(server), SockAddr.of(IpAddress.parse("2001:db8::1"), 0)));
        fails(Errno.EADDRNOTAVAIL, server.bind(udp(server), SockAddr.of(IpAddress.parse("192.0.2.1"), 0)));
    }

    @Test
    void shouldRefuseAnAddressOfAnotherFamily()
    {
        fails(Errno.EAFNOSUPPORT, server.bind(tcp(server), SockAddr.of(transport.serverAddress(false), 0)));
        fails(Errno.EINVAL, server.bind(tcp6(server), serverAt(0)));
    }

    @Test
    void shouldRefuseAPortThatIsListenedOn()
    {
        final SockAddr at = serverAt(port(server, listener(1)));
        fails(Errno.EADDRINUSE, server.bind(tcp(server), at));
        fails(Errno.EADDRINUSE, server.bind(tcp(server), any(AF_INET, at.port())));
        fails(Errno.EADDRINUSE, server.bind(reusing(SO_REUSEADDR), at));
    }

    @Test
    void shouldRefuseAPortThatIsBoundOnly()
    {
        final int fd = bound(tcp(server), serverAt(0));
        fails(Errno.EADDRINUSE, server.bind(tcp(server), serverAt(port(server, fd))));
    }

    @Test
    void shouldFreeThePortOnClose()
    {
        final int fd = bound(tcp(server), serverAt(0));
        final SockAddr at = serverAt(port(server, fd));
        ok(server.close(fd));
        bound(tcp(server), at);
    }

    @Test
    void shouldLetOneOfTwoThatReuseTheAddressListen()
    {
        final int first = bound(reusing(SO_REUSEADDR), serverAt(0));
        final int second = bound(reusing(SO_REUSEADDR), serverAt(port(server, first)));
        ok(server.listen(first, 1));
        fails(Errno.EADDRINUSE, server.listen(second, 1));
    }

    @Test
    void shouldLetAListenerBackBesideItsConnectionsWithReuseAddress()
    {
        final int listener = reusing(SO_REUSEADDR);
        ok(server.bind(listener, serverAt(0)));
        ok(server.listen(listener, 4));
        final SockAddr at = serverAt(port(server, listener));
        connectTo(listener);
        final int accepted = accept(listener);
        ok(server.close(listener));
        fails(Errno.EADDRINUSE, server.bind(tcp(server), at));
        final int back = bound(reusing(SO_REUSEADDR), at);
        ok(server.listen(back, 4));
        connectTo(back);
        accept(back);
        ok(server.close(accepted));
    }

    @Test
    void shouldKeepAPortInTimeWaitUnlessTheAddressIsReused()
    {
        final int listener = bound(reusing(SO_REUSEADDR), serverAt(0));
        ok(server.listen(listener, 4));
        final SockAddr at = serverAt(port(server, listener));
        final int fd = connectTo(listener);
        ok(server.close(accept(listener)));
        expectEnd(client, fd);
        ok(client.close(fd));
        transport.pass(5);
        ok(server.close(listener));
        fails(Errno.EADDRINUSE, server.bind(tcp(server), at));
        bound(reusing(SO_REUSEADDR), at);
    }

    @Test
    void shouldShareAPortAmongListenersThatReuseIt()
    {
        onlyKernel("a shard is one thread, so it has no use for several listeners on a port");
        final int first = bound(reusing(SO_REUSEPORT), serverAt(0));
        final int second = bound(reusing(SO_REUSEPORT), serverAt(port(server, first)));
        ok(server.listen(first, 64));
        ok(server.listen(second, 64));
        for (int i = 0; i < 40; i++)
        {
            connectTo(first);
        }
        transport.pass(20);
        int atFirst = 0;
        int atSecond = 0;
        while (server.accept(first, null) >= 0)
        {
            atFirst++;
        }
        while (server.accept(second, null) >= 0)
        {
            atSecond++;
        }
        assertEquals(40, atFirst + atSecond);
        assertTrue(atFirst > 0 && atSecond > 0, atFirst + " and " + atSecond);
        fails(Errno.EADDRINUSE, server.bind(tcp(server), serverAt(port(server, first))));
    }

    @Test
    void shouldKeepTcpAndUdpPortsApart()
    {
        final int stream = bound(tcp(server), serverAt(0));
        final int datagram = udp(server);
        ok(server.bind(datagram, serverAt(port(server, stream))));
    }

    @Test
    void shouldAcceptIp4AtAnIp6ListenerAsMapped()
    {
        final int listener = bound(tcp6(server), any(AF_INET6, 0));
        ok(server.listen(listener, 4));
        final int fd = tcp(client);
        startConnect(fd, serverAt(port(server, listener)));
        until("a connection", server, listener, POLLIN);
        final SockAddr peer = new SockAddr();
        final int accepted = ok(server.accept(listener, peer));
        assertTrue(peer.isMapped(), peer::toString);
        assertEquals(mapped(transport.clientAddress(true), port(client, fd)), peer);
        ok(server.getsockname(accepted, name));
        assertTrue(name.isMapped(), name::toString);
        send(server, accepted, "dual");
        expect(client, fd, "dual");
    }

    @Test
    void shouldAcceptIp6AtTheSameListener()
    {
        final int listener = bound(tcp6(server), any(AF_INET6, 0));
        ok(server.listen(listener, 4));
        final int fd = tcp6(client);
        startConnect(fd, SockAddr.of(transport.serverAddress(false), port(server, listener)));
        until("a connection", server, listener, POLLIN);
        final SockAddr peer = new SockAddr();
        final int accepted = ok(server.accept(listener, peer));
        assertEquals(SockAddr.of(transport.clientAddress(false), port(client, fd)), peer);
        send(client, fd, "six");
        expect(server, accepted, "six");
    }

    @Test
    void shouldKeepIp4AwayFromAnIp6OnlyListener()
    {
        final int listener = tcp6(server);
        roundTrip(server, listener, IPPROTO_IPV6, IPV6_V6ONLY, 1);
        ok(server.bind(listener, any(AF_INET6, 0)));
        ok(server.listen(listener, 4));
        final int fd = tcp(client);
        startConnect(fd, serverAt(port(server, listener)));
        untilFailed(client, fd);
        assertEquals(Errno.ECONNREFUSED.number(), client.getInt(fd, SOL_SOCKET, SO_ERROR));
    }

    @Test
    void shouldReachAnIp4ListenerByAMappedAddress()
    {
        final int listener = listener(4);
        final int fd = tcp6(client);
        final SockAddr to = mapped(transport.serverAddress(true), port(server, listener));
        startConnect(fd, to);
        final int accepted = accept(listener);
        ok(client.getpeername(fd, name));
        assertEquals(to, name);
        ok(client.getsockname(fd, name));
        assertEquals(mapped(transport.clientAddress(true), name.port()), name);
        send(client, fd, "mapped");
        expect(server, accepted, "mapped");
    }

    @Test
    void shouldNotReachIp4FromAnIp6OnlySocket()
    {
        final int fd = tcp6(client);
        ok(client.setInt(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1));
        fails(Errno.ENETUNREACH, client.connect(fd, mapped(transport.serverAddress(true), 1)));
    }

    @Test
    void shouldShareAPortBetweenTheFamiliesOnlyWhenIp6IsAlone()
    {
        final int four = bound(tcp(server), any(AF_INET, 0));
        final int port = port(server, four);
        fails(Errno.EADDRINUSE, server.bind(tcp6(server), any(AF_INET6, port)));
        final int six = tcp6(server);
        ok(server.setInt(six, IPPROTO_IPV6, IPV6_V6ONLY, 1));
        bound(six, any(AF_INET6, port));
    }

    @Test
    void shouldRefuseToChangeTheFamiliesOnceBound()
    {
        final int fd = bound(tcp6(server), any(AF_INET6, 0));
        fails(Errno.EINVAL, server.setInt(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1));
    }

    @Test
    void shouldConnectFromAPortOfTheEphemeralRange()
    {
        final Pair pair = pair();
        final int port = port(client, pair.client());
        assertTrue(port >= 1024 && port <= 65_535);
        assertNotEquals(port, secondPort(client, pair.listener()));
    }

    private int secondPort(final Sockets sockets, final int listener)
    {
        return port(sockets, connectTo(listener));
    }
}
