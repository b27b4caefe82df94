package dev.baton.tests.socket;

import dev.baton.stack.socket.Errno;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.socket.SocketConstants.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** setsockopt(2) and getsockopt(2): defaults, what is taken and refused, and what an accepted connection begins with. */
abstract class OptionSuite extends SocketSuite
{
    private static final int STATE_ESTABLISHED = 1;
    private static final int STATE_CLOSE = 7;
    private static final int STATE_CLOSE_WAIT = 8;
    private static final int STATE_LISTEN = 10;

    private final UnsafeBuffer value = new UnsafeBuffer(new byte[256]);

    private int tcpOption(final int fd, final int name)
    {
        return client.getInt(fd, IPPROTO_TCP, name);
    }

    private void set(final int fd, final int level, final int name, final int value)
    {
        ok(client.setInt(fd, level, name, value));
    }

    private void refused(final int fd, final int level, final int name, final int value)
    {
        fails(Errno.EINVAL, client.setInt(fd, level, name, value));
    }

    @Test
    void shouldTellWhatItIs()
    {
        final int stream = tcp(client);
        assertEquals(SOCK_STREAM, client.getInt(stream, SOL_SOCKET, SO_TYPE));
        assertEquals(AF_INET, client.getInt(stream, SOL_SOCKET, SO_DOMAIN));
        assertEquals(IPPROTO_TCP, client.getInt(stream, SOL_SOCKET, SO_PROTOCOL));
        final int datagram = udp6(client);
        assertEquals(SOCK_DGRAM, client.getInt(datagram, SOL_SOCKET, SO_TYPE));
        assertEquals(AF_INET6, client.getInt(datagram, SOL_SOCKET, SO_DOMAIN));
        assertEquals(IPPROTO_UDP, client.getInt(datagram, SOL_SOCKET, SO_PROTOCOL));
        fails(Errno.ENOPROTOOPT, client.setInt(stream, SOL_SOCKET, SO_TYPE, 1));
        fails(Errno.ENOPROTOOPT, client.setInt(stream, SOL_SOCKET, SO_ERROR, 1));
    }

    @Test
    void shouldSwitchNagleOff()
    {
        final int fd = tcp(client);
        assertEquals(0, tcpOption(fd, TCP_NODELAY));
        roundTrip(client, fd, IPPROTO_TCP, TCP_NODELAY, 1);
        roundTrip(client, pair().client(), IPPROTO_TCP, TCP_NODELAY, 1);
    }

    @Test
    void shouldKeepSwitchesAsOneOrZero()
    {
        final int fd = tcp(client);
        set(fd, SOL_SOCKET, SO_KEEPALIVE, 77);
        assertEquals(1, client.getInt(fd, SOL_SOCKET, SO_KEEPALIVE));
        roundTrip(client, fd, SOL_SOCKET, SO_KEEPALIVE, 0);
        set(fd, SOL_SOCKET, SO_REUSEADDR, 5);
        assertEquals(1, client.getInt(fd, SOL_SOCKET, SO_REUSEADDR));
        roundTrip(client, fd, SOL_SOCKET, SO_REUSEPORT, 1);
        roundTrip(client, fd, SOL_SOCKET, SO_OOBINLINE, 1);
        roundTrip(client, fd, SOL_SOCKET, SO_BROADCAST, 1);
    }

    @Test
    void shouldKeepTheTimesOfKeepalive()
    {
        for (final int fd : new int[]{tcp(client), pair().client()})
        {
            assertEquals(7200, tcpOption(fd, TCP_KEEPIDLE));
            assertEquals(75, tcpOption(fd, TCP_KEEPINTVL));
            assertEquals(9, tcpOption(fd, TCP_KEEPCNT));
            roundTrip(client, fd, IPPROTO_TCP, TCP_KEEPIDLE, 100);
            roundTrip(client, fd, IPPROTO_TCP, TCP_KEEPINTVL, 10);
            roundTrip(client, fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
            refused(fd, IPPROTO_TCP, TCP_KEEPIDLE, 0);
            refused(fd, IPPROTO_TCP, TCP_KEEPIDLE, 32_768);
            refused(fd, IPPROTO_TCP, TCP_KEEPINTVL, 0);
            refused(fd, IPPROTO_TCP, TCP_KEEPCNT, 128);
        }
    }

    @Test
    void shouldKeepWhatLingerSays()
    {
        final int fd = tcp(client);
        assertEquals(8, client.getsockopt(fd, SOL_SOCKET, SO_LINGER, value, 0, 8));
        assertEquals(0, value.getInt(0));
        linger(client, fd, 1, 30);
        assertEquals(8, client.getsockopt(fd, SOL_SOCKET, SO_LINGER, value, 0, 8));
        assertEquals(1, value.getInt(0));
        assertEquals(30, value.getInt(4));
        linger(client, fd, 0, 0);
        client.getsockopt(fd, SOL_SOCKET, SO_LINGER, value, 0, 8);
        assertEquals(0, value.getInt(0));
        fails(Errno.EINVAL, client.setsockopt(fd, SOL_SOCKET, SO_LINGER, value, 0, 4));
    }

    @Test
    void shouldReadBuffersAsTwiceWhatWasSet()
    {
        for (final int fd : new int[]{tcp(client), pair().client(), udp(client)})
        {
            set(fd, SOL_SOCKET, SO_SNDBUF, 20_000);
            assertEquals(40_000, client.getInt(fd, SOL_SOCKET, SO_SNDBUF));
            set(fd, SOL_SOCKET, SO_RCVBUF, 30_000);
            assertEquals(60_000, client.getInt(fd, SOL_SOCKET, SO_RCVBUF));
        }
    }

    @Test
    void shouldRaiseBuffersThatAreTooSmall()
    {
        final int fd = tcp(client);
        set(fd, SOL_SOCKET, SO_SNDBUF, 1);
        set(fd, SOL_SOCKET, SO_RCVBUF, 1);
        assertTrue(client.getInt(fd, SOL_SOCKET, SO_SNDBUF) >= 2048);
        assertTrue(client.getInt(fd, SOL_SOCKET, SO_RCVBUF) >= 2048);
    }

    @Test
    void shouldKeepUserTimeoutSynCountAndLinger2()
    {
        final int fd = tcp(client);
        assertEquals(0, tcpOption(fd, TCP_USER_TIMEOUT));
        roundTrip(client, fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 12_345);
        refused(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, -1);
        assertEquals(6, tcpOption(fd, TCP_SYNCNT));
        roundTrip(client, fd, IPPROTO_TCP, TCP_SYNCNT, 2);
        refused(fd, IPPROTO_TCP, TCP_SYNCNT, 0);
        refused(fd, IPPROTO_TCP, TCP_SYNCNT, 128);
        assertEquals(60, tcpOption(fd, TCP_LINGER2));
        roundTrip(client, fd, IPPROTO_TCP, TCP_LINGER2, 20);
    }

    @Test
    void shouldKeepTheMarkOfUnsentBytes()
    {
        final int fd = pair().client();
        roundTrip(client, fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 16_384);
        until("room", client, fd, POLLOUT);
    }

    @Test
    void shouldBoundSegments()
    {
        final int fd = tcp(client);
        refused(fd, IPPROTO_TCP, TCP_MAXSEG, 10);
        refused(fd, IPPROTO_TCP, TCP_MAXSEG, 40_000);
        set(fd, IPPROTO_TCP, TCP_MAXSEG, 1000);
        final int listener = listener(4);
        startConnect(fd, serverAt(port(server, listener)));
        until("connected", client, fd, POLLOUT);
        assertTrue(tcpOption(fd, TCP_MAXSEG) <= 1000, "MSS " + tcpOption(fd, TCP_MAXSEG));
        assertTrue(server.getInt(accept(listener), IPPROTO_TCP, TCP_MAXSEG) <= 1000);
    }

    @Test
    void shouldNameTheCongestionControl()
    {
        final int fd = tcp(client);
        for (final String name : new String[]{"reno", "cubic"})
        {
            value.setMemory(0, 16, (byte)0);
            value.putStringWithoutLengthAscii(0, name);
            ok(client.setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, value, 0, name.length()));
            final int length = ok(client.getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, value, 0, 16));
            assertTrue(value.getStringWithoutLengthAscii(0, length).startsWith(name + "\0"));
        }
        value.putStringWithoutLengthAscii(0, "nonsense");
        fails(Errno.ENOENT, client.setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, value, 0, 8));
    }

    private int info(final int fd)
    {
        value.setMemory(0, 256, (byte)0);
        return ok(client.getsockopt(fd, IPPROTO_TCP, TCP_INFO, value, 0, 232));
    }

    private int state(final int fd)
    {
        info(fd);
        return value.getByte(0);
    }

    @Test
    void shouldTellTheStateInTcpInfo()
    {
        final int fd = tcp(client);
        assertEquals(STATE_CLOSE, state(fd));
        ok(client.listen(fd, 1));
        assertEquals(STATE_LISTEN, state(fd));
        final Pair pair = pair();
        assertEquals(STATE_ESTABLISHED, state(pair.client()));
        ok(server.close(pair.server()));
        expectEnd(client, pair.client());
        assertEquals(STATE_CLOSE_WAIT, state(pair.client()));
    }

    @Test
    void shouldCountBytesAndSegmentsInTcpInfo()
    {
        final Pair pair = pair();
        send(client, pair.client(), "12345678");
        expect(server, pair.server(), "12345678");
        send(server, pair.server(), "abc");
        expect(client, pair.client(), "abc");
        assertTrue(transport.until(() -> client.ioctl(pair.client(), SIOCOUTQ) == 0));
        assertEquals(232, info(pair.client()));
        // The SYN takes a number, so Linux counts it as acknowledged.
        final long acked = value.getLong(120);
        assertTrue(acked == 8 || acked == 9, "acked " + acked);
        assertEquals(3, value.getLong(128));
        assertEquals(8, value.getLong(200));
        assertTrue(value.getInt(136) >= 3, "segments out");
        assertTrue(value.getInt(140) >= 2, "segments in");
        assertTrue(value.getInt(8) >= 200_000, "RTO of at least 200 ms");
        assertTrue(value.getInt(16) >= 536, "MSS");
        assertTrue(value.getInt(80) >= 2, "congestion window");
        assertEquals(0, value.getInt(100), "retransmissions");
    }

    @Test
    void shouldFillAsMuchOfTcpInfoAsThereIsRoomFor()
    {
        assertEquals(8, client.getsockopt(pair().client(), IPPROTO_TCP, TCP_INFO, value, 0, 8));
    }

    @Test
    void shouldGiveOptionsOfTheListenerToWhatItAccepts()
    {
        final int listener = tcp(server);
        ok(server.setInt(listener, IPPROTO_TCP, TCP_NODELAY, 1));
        ok(server.setInt(listener, SOL_SOCKET, SO_KEEPALIVE, 1));
        ok(server.setInt(listener, IPPROTO_TCP, TCP_KEEPIDLE, 55));
        ok(server.setInt(listener, IPPROTO_TCP, TCP_USER_TIMEOUT, 4321));
        linger(server, listener, 1, 9);
        ok(server.bind(listener, serverAt(0)));
        ok(server.listen(listener, 4));
        connectTo(listener);
        final int fd = accept(listener);
        assertEquals(1, server.getInt(fd, IPPROTO_TCP, TCP_NODELAY));
        assertEquals(1, server.getInt(fd, SOL_SOCKET, SO_KEEPALIVE));
        assertEquals(55, server.getInt(fd, IPPROTO_TCP, TCP_KEEPIDLE));
        assertEquals(4321, server.getInt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT));
        server.getsockopt(fd, SOL_SOCKET, SO_LINGER, value, 0, 8);
        assertEquals(9, value.getInt(4));
    }

    @Test
    void shouldKeepOptionsWhenItConnects()
    {
        final int fd = tcp(client);
        set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        set(fd, IPPROTO_TCP, TCP_KEEPCNT, 4);
        set(fd, IPPROTO_IP, IP_TTL, 44);
        startConnect(fd, serverAt(port(server, listener(4))));
        until("connected", client, fd, POLLOUT);
        assertEquals(1, tcpOption(fd, TCP_NODELAY));
        assertEquals(4, tcpOption(fd, TCP_KEEPCNT));
        assertEquals(44, client.getInt(fd, IPPROTO_IP, IP_TTL));
    }

    @Test
    void shouldSetTimeToLive()
    {
        for (final int fd : new int[]{tcp(client), udp(client)})
        {
            assertEquals(64, client.getInt(fd, IPPROTO_IP, IP_TTL));
            roundTrip(client, fd, IPPROTO_IP, IP_TTL, 5);
            refused(fd, IPPROTO_IP, IP_TTL, 0);
            refused(fd, IPPROTO_IP, IP_TTL, 256);
            set(fd, IPPROTO_IP, IP_TTL, -1);
            assertEquals(64, client.getInt(fd, IPPROTO_IP, IP_TTL));
        }
    }

    @Test
    void shouldSetTosWithoutTheBitsOfEcnForTcp()
    {
        final int fd = tcp(client);
        assertEquals(0, client.getInt(fd, IPPROTO_IP, IP_TOS));
        set(fd, IPPROTO_IP, IP_TOS, 0x13);
        assertEquals(0x10, client.getInt(fd, IPPROTO_IP, IP_TOS));
        roundTrip(client, udp(client), IPPROTO_IP, IP_TOS, 0xB8);
    }

    @Test
    void shouldSetHopLimitAndTrafficClass()
    {
        for (final int fd : new int[]{tcp6(client), udp6(client)})
        {
            assertEquals(64, client.getInt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS));
            roundTrip(client, fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 3);
            refused(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 256);
            roundTrip(client, fd, IPPROTO_IPV6, IPV6_TCLASS, 0x20);
            refused(fd, IPPROTO_IPV6, IPV6_TCLASS, 256);
        }
    }

    @Test
    void shouldKnowNoOptionThatThereIsNot()
    {
        final int fd = tcp(client);
        fails(Errno.ENOPROTOOPT, client.setInt(fd, SOL_SOCKET, 9999, 1));
        fails(Errno.ENOPROTOOPT, client.getInt(fd, SOL_SOCKET, 9999));
        fails(Errno.ENOPROTOOPT, client.setInt(fd, IPPROTO_TCP, 9999, 1));
        fails(Errno.ENOPROTOOPT, client.getInt(fd, IPPROTO_TCP, 9999));
        fails(Errno.ENOPROTOOPT, client.setInt(fd, IPPROTO_IP, 9999, 1));
        fails(Errno.ENOPROTOOPT, client.setInt(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1));
        fails(Errno.ENOPROTOOPT, client.setInt(udp(client), IPPROTO_TCP, TCP_NODELAY, 1));
        fails(Errno.EOPNOTSUPP, client.getInt(udp(client), IPPROTO_TCP, TCP_NODELAY));
    }

    @Test
    void shouldRefuseValuesThatAreTooShort()
    {
        final int fd = tcp(client);
        fails(Errno.EINVAL, client.setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, value, 0, 2));
        fails(Errno.EINVAL, client.setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, value, 0, 3));
    }

    @Test
    void shouldCutWhatIsReadToTheRoomThereIs()
    {
        final int fd = tcp(client);
        value.putInt(0, -1);
        assertEquals(2, client.getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, value, 0, 2));
        assertEquals(7200, value.getShort(0));
        assertEquals(-1, value.getShort(2));
    }

    @Test
    void shouldKeepTheFlagsOfTheDescriptor()
    {
        final int fd = tcp(client);
        set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
        ok(client.fcntl(fd, F_SETFL, O_NONBLOCK));
        assertEquals(O_NONBLOCK | O_RDWR, client.fcntl(fd, F_GETFL, 0) & (O_NONBLOCK | O_RDWR));
        ok(client.fcntl(fd, F_SETFL, 0));
        assertEquals(O_RDWR, client.fcntl(fd, F_GETFL, 0) & (O_NONBLOCK | O_RDWR));
    }

    @Test
    void shouldHaveNoErrorAtFirst()
    {
        assertEquals(0, client.getInt(tcp(client), SOL_SOCKET, SO_ERROR));
        assertEquals(0, client.getInt(udp(client), SOL_SOCKET, SO_ERROR));
        assertEquals(0, client.getInt(pair().client(), SOL_SOCKET, SO_ERROR));
    }

    @Test
    void shouldGiveUpAConnectionByItsUserTimeout()
    {
        onlyStack("a loopback peer of the kernel cannot be cut off without root");
        final Pair pair = pair();
        set(pair.client(), IPPROTO_TCP, TCP_USER_TIMEOUT, 1000);
        ((StackTransport)transport).cut();
        send(client, pair.client(), "nobody hears");
        assertTrue(transport.until(() -> (client.poll(pair.client(), 0) & POLLERR) != 0));
        fails(Errno.ETIMEDOUT, client.recv(pair.client(), bytes, 0, 1, 0));
    }
}
