package dev.baton.tests.socket;

import org.junit.jupiter.api.Test;

import static dev.baton.stack.socket.SocketConstants.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What poll(2) says in each state. */
abstract class PollSuite extends SocketSuite
{
    private static final int ALL = POLLIN | POLLOUT | POLLPRI | POLLRDHUP;

    @Test
    void shouldHangUpBeforeThereIsAConnection()
    {
        assertEquals(POLLOUT | POLLHUP, client.poll(tcp(client), ALL));
    }

    @Test
    void shouldBeReadableWhenThereIsSomebodyToAccept()
    {
        final int listener = listener(4);
        assertEquals(0, server.poll(listener, ALL));
        connectTo(listener);
        until("somebody", server, listener, POLLIN);
        assertEquals(POLLIN, server.poll(listener, ALL));
        accept(listener);
        assertEquals(0, server.poll(listener, ALL));
    }

    @Test
    void shouldBeWritableOnceConnected()
    {
        final Pair pair = pair();
        assertEquals(POLLOUT, client.poll(pair.client(), ALL));
        assertEquals(POLLOUT, server.poll(pair.server(), ALL));
    }

    @Test
    void shouldTellOnlyWhatIsAskedFor()
    {
        final Pair pair = pair();
        send(client, pair.client(), "x");
        until("data", server, pair.server(), POLLIN);
        assertEquals(POLLIN, server.poll(pair.server(), POLLIN));
        assertEquals(POLLOUT, server.poll(pair.server(), POLLOUT));
        assertEquals(0, server.poll(pair.server(), POLLPRI));
        assertEquals(0, server.poll(pair.server(), 0));
    }

    @Test
    void shouldBeReadableAtTheEndOfTheStream()
    {
        final Pair pair = pair();
        ok(client.shutdown(pair.client(), SHUT_WR));
        until("the end", server, pair.server(), POLLRDHUP);
        assertEquals(POLLIN | POLLOUT | POLLRDHUP, server.poll(pair.server(), ALL));
        assertEquals(POLLOUT, client.poll(pair.client(), ALL));
    }

    @Test
    void shouldTellTheEndWhileThereIsDataToRead()
    {
        final Pair pair = pair();
        send(client, pair.client(), "data");
        ok(client.shutdown(pair.client(), SHUT_WR));
        until("the end", server, pair.server(), POLLRDHUP);
        expect(server, pair.server(), "data");
    }

    @Test
    void shouldHangUpWhenBothHalvesAreShut()
    {
        final Pair pair = pair();
        ok(client.shutdown(pair.client(), SHUT_WR));
        until("the end", server, pair.server(), POLLRDHUP);
        ok(server.shutdown(pair.server(), SHUT_WR));
        assertTrue(transport.until(() ->
            server.poll(pair.server(), ALL) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP)));
        assertTrue(transport.until(() ->
            client.poll(pair.client(), ALL) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP)));
    }

    @Test
    void shouldTellItsOwnShutInputAsTheEnd()
    {
        final Pair pair = pair();
        ok(client.shutdown(pair.client(), SHUT_RD));
        assertEquals(POLLIN | POLLOUT | POLLRDHUP, client.poll(pair.client(), ALL));
    }

    @Test
    void shouldTellAnErrorAfterAReset()
    {
        final Pair pair = pair();
        linger(server, pair.server(), 1, 0);
        ok(server.close(pair.server()));
        untilFailed(client, pair.client());
        assertEquals(POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP, client.poll(pair.client(), ALL));
        client.getInt(pair.client(), SOL_SOCKET, SO_ERROR);
        assertEquals(POLLIN | POLLOUT | POLLRDHUP | POLLHUP, client.poll(pair.client(), ALL));
    }

    @Test
    void shouldTellAnErrorAfterARefusal()
    {
        final int closed = tcp(server);
        ok(server.bind(closed, serverAt(0)));
        final int fd = tcp(client);
        startConnect(fd, serverAt(port(server, closed)));
        untilFailed(client, fd);
        assertEquals(POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP, client.poll(fd, ALL));
        assertEquals(POLLERR | POLLHUP, client.poll(fd, 0));
    }

    @Test
    void shouldTellUrgentDataUntilItIsRead()
    {
        final Pair pair = pair();
        send(client, pair.client(), "!", MSG_OOB);
        until("urgent data", server, pair.server(), POLLPRI);
        transport.pass(5);
        assertEquals(1, server.recv(pair.server(), bytes, 0, 1, MSG_OOB));
        assertEquals(0, server.poll(pair.server(), POLLPRI) & POLLPRI);
    }

    @Test
    void shouldWaitForAsManyBytesAsAreWanted()
    {
        final Pair pair = pair();
        roundTrip(server, pair.server(), SOL_SOCKET, SO_RCVLOWAT, 4);
        send(client, pair.client(), "abc");
        assertTrue(transport.until(() -> server.ioctl(pair.server(), SIOCINQ) == 3));
        assertEquals(0, server.poll(pair.server(), POLLIN));
        send(client, pair.client(), "d");
        until("four bytes", server, pair.server(), POLLIN);
    }

    @Test
    void shouldAlwaysBeWritableWithUdp()
    {
        final int fd = udp(client);
        assertEquals(POLLOUT, client.poll(fd, ALL));
    }

    @Test
    void shouldBeReadableWithADatagram()
    {
        final int receiver = udp(server);
        ok(server.bind(receiver, serverAt(0)));
        final int sender = udp(client);
        ok(client.sendto(sender, bytes, 0, 0, 0, serverAt(port(server, receiver))));
        until("a datagram", server, receiver, POLLIN);
        assertEquals(0, server.recv(receiver, bytes, 0, 10, 0));
        assertEquals(POLLOUT, server.poll(receiver, ALL));
    }

    @Test
    void shouldTellAnErrorOfADatagram()
    {
        final int closed = udp(server);
        ok(server.bind(closed, serverAt(0)));
        final int port = port(server, closed);
        ok(server.close(closed));
        final int fd = udp(client);
        ok(client.connect(fd, serverAt(port)));
        ok(client.send(fd, bytes, 0, 1, 0));
        assertTrue(transport.until(() -> (client.poll(fd, 0) & POLLERR) != 0));
        assertEquals(POLLOUT | POLLERR, client.poll(fd, ALL));
        client.getInt(fd, SOL_SOCKET, SO_ERROR);
        assertEquals(POLLOUT, client.poll(fd, ALL));
    }
}
