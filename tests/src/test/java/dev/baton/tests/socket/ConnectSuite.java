package dev.baton.tests.socket;

import dev.baton.stack.socket.Errno;
import dev.baton.stack.socket.SockAddr;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.socket.SocketConstants.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** connect(2), listen(2), accept(2) and what becomes of connections that nobody takes. */
abstract class ConnectSuite extends SocketSuite
{
    @Test
    void shouldLetBothEndsSeeTheSameAddresses()
    {
        final int listener = listener(4);
        final int fd = connectTo(listener);
        until("a connection", server, listener, POLLIN);
        final SockAddr peer = new SockAddr();
        final int accepted = ok(server.accept(listener, peer));
        ok(client.getsockname(fd, name));
        assertEquals(name, peer);
        ok(server.getpeername(accepted, name));
        assertEquals(peer, name);
        ok(client.getpeername(fd, name));
        assertEquals(serverAt(port(server, listener)), new SockAddr(AF_INET, name.address(), name.port()));
        ok(server.getsockname(accepted, name));
        assertEquals(serverAt(port(server, listener)).address(), transport.serverAddress(true));
    }

    @Test
    void shouldAcceptInTheOrderOfConnecting()
    {
        final int listener = listener(8);
        final int[] fds = new int[3];
        for (int i = 0; i < fds.length; i++)
        {
            fds[i] = connectTo(listener);
            until("connected", client, fds[i], POLLOUT);
            transport.pass(2);
        }
        for (final int fd : fds)
        {
            final SockAddr peer = new SockAddr();
            ok(server.accept(listener, peer));
            assertEquals(port(client, fd), peer.port());
        }
    }

    @Test
    void shouldSayAgainWhenNobodyWaitsToBeAccepted()
    {
        fails(Errno.EAGAIN, server.accept(listener(4), null));
    }

    @Test
    void shouldConnectInTheBackground()
    {
        final int listener = listener(4);
        final int fd = tcp(client);
        fails(Errno.EINPROGRESS, client.connect(fd, serverAt(port(server, listener))));
        until("connected", client, fd, POLLOUT);
        assertEquals(0, client.getInt(fd, SOL_SOCKET, SO_ERROR));
    }

    @Test
    void shouldSayOnceThatItIsConnectedThenThatItWas()
    {
        final Pair pair = pair();
        final SockAddr to = serverAt(port(server, pair.listener()));
        assertEquals(0, client.connect(pair.client(), to));
        fails(Errno.EISCONN, client.connect(pair.client(), to));
    }

    @Test
    void shouldBeRefusedWhereNobodyListens()
    {
        final int closed = tcp(server);
        ok(server.bind(closed, serverAt(0)));
        final int fd = tcp(client);
        startConnect(fd, serverAt(port(server, closed)));
        untilFailed(client, fd);
        assertEquals(Errno.ECONNREFUSED.number(), client.getInt(fd, SOL_SOCKET, SO_ERROR));
        assertEquals(0, client.getInt(fd, SOL_SOCKET, SO_ERROR));
    }

    @Test
    void shouldTellARefusalByTheNextConnect()
    {
        final int closed = tcp(server);
        ok(server.bind(closed, serverAt(0)));
        final int fd = tcp(client);
        startConnect(fd, serverAt(port(server, closed)));
        untilFailed(client, fd);
        fails(Errno.ECONNREFUSED, client.connect(fd, serverAt(port(server, closed))));
    }

    @Test
    void shouldTellARefusalByTheNextRead()
    {
        final int closed = tcp(server);
        ok(server.bind(closed, serverAt(0)));
        final int fd = tcp(client);
        startConnect(fd, serverAt(port(server, closed)));
        untilFailed(client, fd);
        fails(Errno.ECONNREFUSED, client.recv(fd, bytes, 0, 1, 0));
        assertEquals(0, client.recv(fd, bytes, 0, 1, 0));
    }

    @Test
    void shouldConnectAgainAfterARefusal()
    {
        final int closed = tcp(server);
        ok(server.bind(closed, serverAt(0)));
        final int fd = tcp(client);
        startConnect(fd, serverAt(port(server, closed)));
        untilFailed(client, fd);
        fails(Errno.ECONNREFUSED, client.connect(fd, serverAt(port(server, closed))));
        ok(server.listen(closed, 4));
        startConnect(fd, serverAt(port(server, closed)));
        until("connected", client, fd, POLLOUT);
        accept(closed);
    }

    @Test
    void shouldAcceptAConnectionWhosePeerHasClosedAlready()
    {
        final int listener = listener(4);
        final int fd = connectTo(listener);
        until("connected", client, fd, POLLOUT);
        send(client, fd, "bye");
        ok(client.close(fd));
        transport.pass(5);
        final int accepted = accept(listener);
        expect(server, accepted, "bye");
        expectEnd(server, accepted);
    }

    @Test
    void shouldKeepWhatWasSentBeforeAccept()
    {
        final int listener = listener(4);
        final int fd = connectTo(listener);
        until("connected", client, fd, POLLOUT);
        send(client, fd, "early");
        transport.pass(5);
        expect(server, accept(listener), "early");
    }

    @Test
    void shouldLetOneMoreThanTheBacklogWait()
    {
        final int listener = listener(1);
        for (int i = 0; i < 4; i++)
        {
            connectTo(listener);
        }
        transport.pass(50);
        int waiting = 0;
        while (server.accept(listener, null) >= 0)
        {
            waiting++;
        }
        assertEquals(2, waiting);
    }

    @Test
    void shouldLetOneWaitWithoutABacklog()
    {
        final int listener = listener(0);
        connectTo(listener);
        connectTo(listener);
        transport.pass(50);
        ok(server.accept(listener, null));
        fails(Errno.EAGAIN, server.accept(listener, null));
    }

    @Test
    void shouldResetConnectionsThatWaitWhenTheListenerCloses()
    {
        final int listener = listener(4);
        final int fd = connectTo(listener);
        until("a connection", server, listener, POLLIN);
        ok(server.close(listener));
        untilFailed(client, fd);
        fails(Errno.ECONNRESET, client.recv(fd, bytes, 0, 1, 0));
    }

    @Test
    void shouldKeepAcceptedConnectionsWhenTheListenerCloses()
    {
        final Pair pair = pair();
        ok(server.close(pair.listener()));
        send(client, pair.client(), "still");
        expect(server, pair.server(), "still");
    }

    @Test
    void shouldStopListeningByShutdown()
    {
        final int listener = listener(4);
        final SockAddr at = serverAt(port(server, listener));
        ok(server.shutdown(listener, SHUT_RD));
        fails(Errno.EINVAL, server.accept(listener, null));
        final int fd = tcp(client);
        startConnect(fd, at);
        untilFailed(client, fd);
        assertEquals(Errno.ECONNREFUSED.number(), client.getInt(fd, SOL_SOCKET, SO_ERROR));
    }

    @Test
    void shouldListenOnAFreePortWithoutBind()
    {
        final int fd = tcp(server);
        ok(server.listen(fd, 4));
        assertNotEquals(0, port(server, fd));
        final int peer = tcp(client);
        startConnect(peer, serverAt(port(server, fd)));
        accept(fd);
    }

    @Test
    void shouldChangeTheBacklogByListeningAgain()
    {
        final int listener = listener(0);
        ok(server.listen(listener, 8));
        for (int i = 0; i < 3; i++)
        {
            connectTo(listener);
        }
        transport.pass(50);
        for (int i = 0; i < 3; i++)
        {
            ok(server.accept(listener, null));
        }
    }

    @Test
    void shouldRefuseToAcceptWhatDoesNotListen()
    {
        fails(Errno.EINVAL, server.accept(tcp(server), null));
        fails(Errno.EINVAL, client.accept(pair().client(), null));
        fails(Errno.EOPNOTSUPP, server.accept(udp(server), null));
    }

    @Test
    void shouldRefuseToListenWhenConnectedOrWithoutConnections()
    {
        fails(Errno.EINVAL, client.listen(pair().client(), 4));
        fails(Errno.EOPNOTSUPP, server.listen(udp(server), 4));
    }

    @Test
    void shouldRefuseToConnectAListener()
    {
        final int listener = listener(4);
        fails(Errno.EISCONN, server.connect(listener, clientAt(9)));
    }

    @Test
    void shouldTellWhetherASocketListens()
    {
        final int fd = tcp(server);
        assertEquals(0, server.getInt(fd, SOL_SOCKET, SO_ACCEPTCONN));
        ok(server.listen(fd, 1));
        assertEquals(1, server.getInt(fd, SOL_SOCKET, SO_ACCEPTCONN));
    }

    @Test
    void shouldHaveNoPeerBeforeItIsConnected()
    {
        fails(Errno.ENOTCONN, client.getpeername(tcp(client), name));
        fails(Errno.ENOTCONN, server.getpeername(listener(1), name));
        fails(Errno.ENOTCONN, client.getpeername(udp(client), name));
    }

    @Test
    void shouldConnectFromThePortThatItIsBoundTo()
    {
        final int listener = listener(4);
        final int fd = tcp(client);
        ok(client.bind(fd, clientAt(0)));
        final int port = port(client, fd);
        startConnect(fd, serverAt(port(server, listener)));
        until("a connection", server, listener, POLLIN);
        final SockAddr peer = new SockAddr();
        ok(server.accept(listener, peer));
        assertEquals(port, peer.port());
    }

    @Test
    void shouldCarryManyConnectionsAtOnce()
    {
        final int listener = listener(64);
        final int[] fds = new int[32];
        for (int i = 0; i < fds.length; i++)
        {
            fds[i] = connectTo(listener);
        }
        for (int i = 0; i < fds.length; i++)
        {
            until("connected", client, fds[i], POLLOUT);
            send(client, fds[i], "n" + i);
        }
        int sum = 0;
        for (int i = 0; i < fds.length; i++)
        {
            sum += Integer.parseInt(receive(server, accept(listener)).substring(1));
        }
        assertEquals(31 * 32 / 2, sum);
    }

    @Test
    void shouldKnowNoDescriptorThatIsNotOpen()
    {
        final int closed = tcp(client);
        ok(client.close(closed));
        for (final int fd : new int[]{closed, -1, 1 << 20})
        {
            fails(Errno.EBADF, client.close(fd));
            fails(Errno.EBADF, client.bind(fd, clientAt(0)));
            fails(Errno.EBADF, client.listen(fd, 1));
            fails(Errno.EBADF, client.accept(fd, null));
            fails(Errno.EBADF, client.connect(fd, serverAt(1)));
            fails(Errno.EBADF, client.recv(fd, bytes, 0, 1, 0));
            fails(Errno.EBADF, client.send(fd, bytes, 0, 1, 0));
            fails(Errno.EBADF, client.shutdown(fd, SHUT_RDWR));
            fails(Errno.EBADF, client.getInt(fd, SOL_SOCKET, SO_ERROR));
            fails(Errno.EBADF, client.setInt(fd, SOL_SOCKET, SO_KEEPALIVE, 1));
            fails(Errno.EBADF, client.getsockname(fd, name));
            fails(Errno.EBADF, client.fcntl(fd, F_GETFL, 0));
            fails(Errno.EBADF, client.ioctl(fd, SIOCINQ));
            assertEquals(POLLNVAL, client.poll(fd, POLLIN));
        }
    }

    @Test
    void shouldGiveTheLowestFreeDescriptor()
    {
        final int first = tcp(client);
        final int second = tcp(client);
        assertTrue(second > first);
        ok(client.close(first));
        assertEquals(first, tcp(client));
    }

    @Test
    void shouldRefuseFamiliesTypesAndProtocolsThatThereAreNot()
    {
        fails(Errno.EAFNOSUPPORT, client.socket(99, SOCK_STREAM, 0));
        fails(Errno.EINVAL, client.socket(AF_INET, 15, 0));
        fails(Errno.ESOCKTNOSUPPORT, client.socket(AF_INET, 4, 0));
        fails(Errno.EPROTONOSUPPORT, client.socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
        fails(Errno.EPROTONOSUPPORT, client.socket(AF_INET6, SOCK_DGRAM, IPPROTO_TCP));
    }
}
