package dev.baton.tests.socket;

import dev.baton.stack.socket.Errno;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.socket.SocketConstants.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Reading and writing a connection, and the ways in which it ends. */
abstract class StreamSuite extends SocketSuite
{
    @Test
    void shouldCarryBytesBothWays()
    {
        final Pair pair = pair();
        send(client, pair.client(), "question");
        expect(server, pair.server(), "question");
        send(server, pair.server(), "answer");
        expect(client, pair.client(), "answer");
    }

    @Test
    void shouldSayAgainWhenThereIsNothingToRead()
    {
        fails(Errno.EAGAIN, client.recv(pair().client(), bytes, 0, 10, 0));
        fails(Errno.EAGAIN, client.recv(pair().client(), bytes, 0, 10, MSG_DONTWAIT));
    }

    @Test
    void shouldReadAndWriteNothingForLengthZero()
    {
        final Pair pair = pair();
        assertEquals(0, client.send(pair.client(), bytes, 0, 0, 0));
        send(client, pair.client(), "x");
        until("data", server, pair.server(), POLLIN);
        assertEquals(0, server.recv(pair.server(), bytes, 0, 0, 0));
        expect(server, pair.server(), "x");
    }

    @Test
    void shouldReadInPiecesOfAnyLength()
    {
        final Pair pair = pair();
        send(client, pair.client(), "abc");
        send(client, pair.client(), "def");
        transport.pass(5);
        expect(server, pair.server(), "abcd");
        expect(server, pair.server(), "ef");
    }

    @Test
    void shouldTellTheEndOfTheStreamAgainAndAgain()
    {
        final Pair pair = pair();
        ok(client.close(pair.client()));
        expectEnd(server, pair.server());
        expectEnd(server, pair.server());
    }

    @Test
    void shouldReadWhatWasSentBeforeTheEnd()
    {
        final Pair pair = pair();
        send(client, pair.client(), "last words");
        ok(client.close(pair.client()));
        transport.pass(5);
        expect(server, pair.server(), "last words");
        expectEnd(server, pair.server());
    }

    @Test
    void shouldReadOnAfterShuttingItsOutput()
    {
        final Pair pair = pair();
        ok(client.shutdown(pair.client(), SHUT_WR));
        expectEnd(server, pair.server());
        send(server, pair.server(), "late answer");
        expect(client, pair.client(), "late answer");
        ok(server.close(pair.server()));
        expectEnd(client, pair.client());
    }

    @Test
    void shouldBreakThePipeAfterShuttingItsOutput()
    {
        final Pair pair = pair();
        ok(client.shutdown(pair.client(), SHUT_WR));
        fails(Errno.EPIPE, client.send(pair.client(), bytes, 0, 1, MSG_NOSIGNAL));
    }

    @Test
    void shouldReadTheEndAfterShuttingItsInput()
    {
        final Pair pair = pair();
        ok(client.shutdown(pair.client(), SHUT_RD));
        assertEquals(0, client.recv(pair.client(), bytes, 0, 1, 0));
        send(client, pair.client(), "out");
        expect(server, pair.server(), "out");
    }

    @Test
    void shouldStillReadWhatWasThereBeforeShuttingItsInput()
    {
        final Pair pair = pair();
        send(server, pair.server(), "there");
        until("data", client, pair.client(), POLLIN);
        ok(client.shutdown(pair.client(), SHUT_RD));
        expect(client, pair.client(), "there");
        assertEquals(0, client.recv(pair.client(), bytes, 0, 1, 0));
    }

    @Test
    void shouldShutBothHalvesAtOnce()
    {
        final Pair pair = pair();
        ok(client.shutdown(pair.client(), SHUT_RDWR));
        assertEquals(0, client.recv(pair.client(), bytes, 0, 1, 0));
        fails(Errno.EPIPE, client.send(pair.client(), bytes, 0, 1, 0));
        expectEnd(server, pair.server());
    }

    @Test
    void shouldRefuseToShutWhatIsNotConnectedOrNoHalf()
    {
        fails(Errno.ENOTCONN, client.shutdown(tcp(client), SHUT_WR));
        fails(Errno.EINVAL, client.shutdown(pair().client(), 3));
        fails(Errno.EINVAL, client.shutdown(pair().client(), -1));
    }

    @Test
    void shouldResetWhoClosesWithDataUnread()
    {
        final Pair pair = pair();
        send(client, pair.client(), "unread");
        until("data", server, pair.server(), POLLIN);
        ok(server.close(pair.server()));
        untilFailed(client, pair.client());
        fails(Errno.ECONNRESET, client.recv(pair.client(), bytes, 0, 1, 0));
        assertEquals(0, client.recv(pair.client(), bytes, 0, 1, 0));
    }

    @Test
    void shouldResetOnCloseWithLingerOfZero()
    {
        final Pair pair = pair();
        linger(server, pair.server(), 1, 0);
        ok(server.close(pair.server()));
        untilFailed(client, pair.client());
        assertEquals(Errno.ECONNRESET.number(), client.getInt(pair.client(), SOL_SOCKET, SO_ERROR));
    }

    @Test
    void shouldCloseInOrderWithLingerAboveZero()
    {
        final Pair pair = pair();
        linger(server, pair.server(), 1, 5);
        send(server, pair.server(), "delivered");
        ok(server.close(pair.server()));
        expect(client, pair.client(), "delivered");
        expectEnd(client, pair.client());
    }

    @Test
    void shouldTellAResetOnceThenABrokenPipe()
    {
        final Pair pair = pair();
        linger(server, pair.server(), 1, 0);
        ok(server.close(pair.server()));
        untilFailed(client, pair.client());
        fails(Errno.ECONNRESET, client.send(pair.client(), bytes, 0, 1, 0));
        fails(Errno.EPIPE, client.send(pair.client(), bytes, 0, 1, 0));
    }

    @Test
    void shouldBreakThePipeWhenWritingToAPeerThatHasClosed()
    {
        final Pair pair = pair();
        ok(server.close(pair.server()));
        expectEnd(client, pair.client());
        send(client, pair.client(), "too late");
        untilFailed(client, pair.client());
        fails(Errno.EPIPE, client.send(pair.client(), bytes, 0, 1, 0));
        assertEquals(0, client.recv(pair.client(), bytes, 0, 1, 0));
    }

    @Test
    void shouldNeitherReadNorWriteWithoutAConnection()
    {
        final int fd = tcp(client);
        fails(Errno.ENOTCONN, client.recv(fd, bytes, 0, 1, 0));
        fails(Errno.EPIPE, client.send(fd, bytes, 0, 1, 0));
        final int listener = listener(1);
        fails(Errno.ENOTCONN, server.recv(listener, bytes, 0, 1, 0));
        fails(Errno.EPIPE, server.send(listener, bytes, 0, 1, 0));
    }

    @Test
    void shouldPeekWithoutTaking()
    {
        final Pair pair = pair();
        send(client, pair.client(), "peeked");
        assertEquals("peeked", receive(server, pair.server(), MSG_PEEK));
        assertEquals(3, server.recv(pair.server(), bytes, 0, 3, MSG_PEEK));
        expect(server, pair.server(), "peeked");
        fails(Errno.EAGAIN, server.recv(pair.server(), bytes, 0, 1, MSG_PEEK));
    }

    @Test
    void shouldThrowBytesAwayUnread()
    {
        final Pair pair = pair();
        send(client, pair.client(), "skipped!kept");
        until("data", server, pair.server(), POLLIN);
        assertEquals(8, server.recv(pair.server(), bytes, 0, 8, MSG_TRUNC));
        expect(server, pair.server(), "kept");
    }

    @Test
    void shouldCountBytesToBeReadAndToBeAcknowledged()
    {
        final Pair pair = pair();
        assertEquals(0, server.ioctl(pair.server(), SIOCINQ));
        send(client, pair.client(), "12345");
        assertTrue(transport.until(() -> server.ioctl(pair.server(), SIOCINQ) == 5));
        assertTrue(transport.until(() -> client.ioctl(pair.client(), SIOCOUTQ) == 0));
        assertEquals(0, client.ioctl(pair.client(), SIOCOUTQNSD));
        expect(server, pair.server(), "123");
        assertEquals(2, server.ioctl(pair.server(), SIOCINQ));
        fails(Errno.EINVAL, server.ioctl(pair.listener(), SIOCINQ));
    }

    @Test
    void shouldSayAgainWhenTheBuffersAreFullAndGoOnWhenTheyAreRead()
    {
        final Pair pair = pair();
        long sent = 0;
        int count = client.send(pair.client(), bytes, 0, 65_536, 0);
        while (count > 0 && sent < 64 << 20)
        {
            sent += count;
            transport.pass(1);
            count = client.send(pair.client(), bytes, 0, 65_536, 0);
        }
        fails(Errno.EAGAIN, count);
        assertEquals(0, client.poll(pair.client(), POLLOUT) & POLLOUT);
        final long expected = sent;
        final long[] got = new long[1];
        assertTrue(transport.until(() ->
        {
            final int read = server.recv(pair.server(), bytes, 0, bytes.capacity(), 0);
            got[0] += Math.max(0, read);
            return got[0] == expected;
        }), () -> "read " + got[0] + " of " + expected);
        until("room", client, pair.client(), POLLOUT);
    }

    @Test
    void shouldCarryAMegabyteUnharmed()
    {
        final Pair pair = pair();
        final int total = 1_000_000;
        final int[] done = new int[2];
        assertTrue(transport.until(() ->
        {
            final int want = Math.min(20_000, total - done[0]);
            for (int i = 0; i < want; i++)
            {
                bytes.putByte(i, (byte)((done[0] + i) * 7 + (done[0] + i >> 8)));
            }
            done[0] += want == 0 ? 0 : Math.max(0, client.send(pair.client(), bytes, 0, want, 0));
            final int read = server.recv(pair.server(), bytes, 0, 50_000, 0);
            for (int i = 0; i < read; i++)
            {
                assertEquals((byte)((done[1] + i) * 7 + (done[1] + i >> 8)), bytes.getByte(i));
            }
            done[1] += Math.max(0, read);
            return done[1] == total;
        }), () -> "got " + done[1]);
    }

    @Test
    void shouldKeepUrgentDataApart()
    {
        final Pair pair = pair();
        send(client, pair.client(), "ab!", MSG_OOB);
        until("urgent data", server, pair.server(), POLLPRI);
        transport.pass(5);
        assertEquals(1, server.recv(pair.server(), bytes, 0, 1, MSG_OOB));
        assertEquals('!', bytes.getByte(0));
        expect(server, pair.server(), "ab");
        fails(Errno.EINVAL, server.recv(pair.server(), bytes, 0, 1, MSG_OOB));
    }

    @Test
    void shouldStopReadingAtTheUrgentMark()
    {
        final Pair pair = pair();
        send(client, pair.client(), "ab!", MSG_OOB);
        send(client, pair.client(), "cd");
        assertTrue(transport.until(() -> server.poll(pair.server(), POLLPRI) == POLLPRI));
        transport.pass(5);
        assertEquals(0, server.ioctl(pair.server(), SIOCATMARK));
        assertEquals(2, server.recv(pair.server(), bytes, 0, 100, 0));
        assertEquals(1, server.ioctl(pair.server(), SIOCATMARK));
        expect(server, pair.server(), "cd");
        assertEquals(0, server.ioctl(pair.server(), SIOCATMARK));
    }

    @Test
    void shouldLeaveUrgentDataInTheStreamWhenAsked()
    {
        final Pair pair = pair();
        ok(server.setInt(pair.server(), SOL_SOCKET, SO_OOBINLINE, 1));
        send(client, pair.client(), "a!", MSG_OOB);
        until("urgent data", server, pair.server(), POLLIN);
        transport.pass(5);
        fails(Errno.EINVAL, server.recv(pair.server(), bytes, 0, 1, MSG_OOB));
        expect(server, pair.server(), "a");
        expect(server, pair.server(), "!");
    }

    @Test
    void shouldKnowNoUrgentDataWhenThereIsNone()
    {
        final Pair pair = pair();
        fails(Errno.EINVAL, server.recv(pair.server(), bytes, 0, 1, MSG_OOB));
        assertEquals(0, server.ioctl(pair.server(), SIOCATMARK));
    }

    @Test
    void shouldHoldBackWhatIsToBeFollowedByMore()
    {
        final Pair pair = pair();
        send(client, pair.client(), "held ", MSG_MORE);
        transport.pass(20);
        fails(Errno.EAGAIN, server.recv(pair.server(), bytes, 0, 100, 0));
        send(client, pair.client(), "together");
        until("data", server, pair.server(), POLLIN);
        assertEquals("held together", receive(server, pair.server()));
    }

    @Test
    void shouldHoldBackWhileCorked()
    {
        final Pair pair = pair();
        ok(client.setInt(pair.client(), IPPROTO_TCP, TCP_CORK, 1));
        send(client, pair.client(), "one ");
        send(client, pair.client(), "two");
        transport.pass(20);
        fails(Errno.EAGAIN, server.recv(pair.server(), bytes, 0, 100, 0));
        ok(client.setInt(pair.client(), IPPROTO_TCP, TCP_CORK, 0));
        until("data", server, pair.server(), POLLIN);
        assertEquals("one two", receive(server, pair.server()));
    }

    @Test
    void shouldSendWhatIsCorkedAfterTwoHundredMilliseconds()
    {
        final Pair pair = pair();
        ok(client.setInt(pair.client(), IPPROTO_TCP, TCP_CORK, 1));
        send(client, pair.client(), "late");
        expect(server, pair.server(), "late");
    }

    @Test
    void shouldLetWhoIsUnconnectedShutNothing()
    {
        final int fd = tcp(client);
        ok(client.bind(fd, clientAt(0)));
        fails(Errno.ENOTCONN, client.shutdown(fd, SHUT_RDWR));
    }

    @Test
    void shouldCloseACrossingOfFins()
    {
        final Pair pair = pair();
        ok(client.shutdown(pair.client(), SHUT_WR));
        ok(server.shutdown(pair.server(), SHUT_WR));
        expectEnd(client, pair.client());
        expectEnd(server, pair.server());
        ok(client.close(pair.client()));
        ok(server.close(pair.server()));
    }

    @Test
    void shouldKeepOtherConnectionsWhenOneIsReset()
    {
        final int listener = listener(4);
        final int first = connectTo(listener);
        final int second = connectTo(listener);
        until("connected", client, second, POLLOUT);
        final int acceptedFirst = accept(listener);
        final int acceptedSecond = accept(listener);
        linger(client, first, 1, 0);
        ok(client.close(first));
        untilFailed(server, acceptedFirst);
        send(client, second, "alive");
        expect(server, acceptedSecond, "alive");
    }
}
