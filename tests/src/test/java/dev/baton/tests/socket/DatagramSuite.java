package dev.baton.tests.socket;

import dev.baton.stack.socket.Errno;
import dev.baton.stack.socket.MessageInfo;
import dev.baton.stack.socket.SockAddr;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import static dev.baton.stack.socket.SocketConstants.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** UDP: with and without a peer, its errors, and what comes with a datagram. */
abstract class DatagramSuite extends SocketSuite
{
    private final MessageInfo message = new MessageInfo();

    private int bound()
    {
        final int fd = udp(server);
        ok(server.bind(fd, serverAt(0)));
        return fd;
    }

    private void sendTo(final int fd, final String text, final int receiver)
    {
        assertEquals(text.length(), client.sendto(fd, text(text), 0, text.length(), 0,
            serverAt(port(server, receiver))));
    }

    /** A port of the server that nobody has. */
    private SockAddr closedPort()
    {
        final int fd = bound();
        final SockAddr at = serverAt(port(server, fd));
        ok(server.close(fd));
        return at;
    }

    @Test
    void shouldAnswerTheSender()
    {
        final int receiver = bound();
        final int sender = udp(client);
        sendTo(sender, "question", receiver);
        until("a datagram", server, receiver, POLLIN);
        final SockAddr from = new SockAddr();
        assertEquals(8, server.recvfrom(receiver, bytes, 0, 100, 0, from));
        assertEquals(clientAt(port(client, sender)), from);
        assertEquals(6, server.sendto(receiver, text("answer"), 0, 6, 0, from));
        assertEquals("answer", receive(client, sender));
    }

    @Test
    void shouldHaveAPortOnceItHasSent()
    {
        final int sender = udp(client);
        assertEquals(0, port(client, sender));
        sendTo(sender, "x", bound());
        assertNotEquals(0, port(client, sender));
    }

    @Test
    void shouldKeepTheBoundariesOfDatagrams()
    {
        final int receiver = bound();
        final int sender = udp(client);
        sendTo(sender, "one", receiver);
        sendTo(sender, "", receiver);
        sendTo(sender, "three", receiver);
        assertEquals("one", receive(server, receiver));
        assertEquals("", receive(server, receiver));
        assertEquals("three", receive(server, receiver));
        fails(Errno.EAGAIN, server.recv(receiver, bytes, 0, 10, 0));
    }

    @Test
    void shouldCutADatagramAndSaySo()
    {
        final int receiver = bound();
        final int sender = udp(client);
        sendTo(sender, "truncated", receiver);
        until("a datagram", server, receiver, POLLIN);
        assertEquals(4, server.recvmsg(receiver, bytes, 0, 4, 0, message));
        assertEquals(MSG_TRUNC, message.flags & MSG_TRUNC);
        fails(Errno.EAGAIN, server.recv(receiver, bytes, 0, 10, 0));
        sendTo(sender, "whole", receiver);
        until("a datagram", server, receiver, POLLIN);
        assertEquals(5, server.recvmsg(receiver, bytes, 0, 10, 0, message));
        assertEquals(0, message.flags & MSG_TRUNC);
    }

    @Test
    void shouldTellTheRealLengthWhenAsked()
    {
        final int receiver = bound();
        sendTo(udp(client), "long one", receiver);
        until("a datagram", server, receiver, POLLIN);
        assertEquals(8, server.recv(receiver, bytes, 0, 2, MSG_TRUNC | MSG_PEEK));
        assertEquals(8, server.ioctl(receiver, SIOCINQ));
        assertEquals("long one", receive(server, receiver));
        assertEquals(0, server.ioctl(receiver, SIOCINQ));
    }

    @Test
    void shouldPeekWithoutTaking()
    {
        final int receiver = bound();
        sendTo(udp(client), "seen", receiver);
        assertEquals("seen", receive(server, receiver, MSG_PEEK));
        assertEquals("seen", receive(server, receiver));
    }

    @Test
    void shouldNeedADestination()
    {
        fails(Errno.EDESTADDRREQ, client.send(udp(client), bytes, 0, 1, 0));
        fails(Errno.EINVAL, client.sendto(udp(client), bytes, 0, 1, 0, serverAt(0)));
        fails(Errno.EAFNOSUPPORT,
            client.sendto(udp(client), bytes, 0, 1, 0, SockAddr.of(transport.serverAddress(false), 9)));
    }

    @Test
    void shouldSendToItsPeerOnceConnected()
    {
        final int receiver = bound();
        final int sender = udp(client);
        ok(client.connect(sender, serverAt(port(server, receiver))));
        ok(client.getpeername(sender, name));
        assertEquals(serverAt(port(server, receiver)), name);
        ok(client.getsockname(sender, name));
        assertEquals(transport.clientAddress(true), name.address());
        send(client, sender, "to my peer");
        assertEquals("to my peer", receive(server, receiver));
    }

    @Test
    void shouldReceiveFromItsPeerAlone()
    {
        final int receiver = bound();
        final int friend = udp(client);
        ok(client.bind(friend, clientAt(0)));
        ok(server.connect(receiver, clientAt(port(client, friend))));
        sendTo(udp(client), "stranger", receiver);
        sendTo(friend, "friend", receiver);
        assertEquals("friend", receive(server, receiver));
        fails(Errno.EAGAIN, server.recv(receiver, bytes, 0, 10, 0));
    }

    @Test
    void shouldSendElsewhereThoughConnected()
    {
        final int first = bound();
        final int second = bound();
        final int sender = udp(client);
        ok(client.connect(sender, serverAt(port(server, first))));
        sendTo(sender, "elsewhere", second);
        assertEquals("elsewhere", receive(server, second));
        send(client, sender, "home");
        assertEquals("home", receive(server, first));
    }

    @Test
    void shouldChangeItsPeer()
    {
        final int first = bound();
        final int second = bound();
        final int sender = udp(client);
        ok(client.connect(sender, serverAt(port(server, first))));
        ok(client.connect(sender, serverAt(port(server, second))));
        send(client, sender, "second");
        assertEquals("second", receive(server, second));
    }

    @Test
    void shouldLetGoOfItsPeer()
    {
        final int sender = udp(client);
        ok(client.connect(sender, serverAt(port(server, bound()))));
        ok(client.connect(sender, new SockAddr().set(AF_UNSPEC, IpAddress.ANY, 0)));
        fails(Errno.ENOTCONN, client.getpeername(sender, name));
        fails(Errno.EDESTADDRREQ, client.send(sender, bytes, 0, 1, 0));
    }

    @Test
    void shouldTellItsPeerRefused()
    {
        final int fd = udp(client);
        ok(client.connect(fd, closedPort()));
        ok(client.send(fd, bytes, 0, 1, 0));
        assertTrue(transport.until(() -> (client.poll(fd, 0) & POLLERR) != 0));
        fails(Errno.ECONNREFUSED, client.recv(fd, bytes, 0, 1, 0));
        fails(Errno.EAGAIN, client.recv(fd, bytes, 0, 1, 0));
        ok(client.send(fd, bytes, 0, 1, 0));
        assertTrue(transport.until(() -> (client.poll(fd, 0) & POLLERR) != 0));
        fails(Errno.ECONNREFUSED, client.send(fd, bytes, 0, 1, 0));
        ok(client.send(fd, bytes, 0, 1, 0));
    }

    @Test
    void shouldNotTellARefusalWithoutAPeer()
    {
        final int fd = udp(client);
        ok(client.sendto(fd, bytes, 0, 1, 0, closedPort()));
        transport.pass(5);
        assertEquals(0, client.getInt(fd, SOL_SOCKET, SO_ERROR));
        ok(client.sendto(fd, bytes, 0, 1, 0, closedPort()));
    }

    @Test
    void shouldQueueErrorsWhenAsked()
    {
        final int fd = udp(client);
        roundTrip(client, fd, IPPROTO_IP, IP_RECVERR, 1);
        fails(Errno.EAGAIN, client.recvmsg(fd, bytes, 0, 10, MSG_ERRQUEUE, message));
        final SockAddr to = closedPort();
        ok(client.sendto(fd, text("lost"), 0, 4, 0, to));
        assertTrue(transport.until(() -> (client.poll(fd, 0) & POLLERR) != 0));
        ok(client.recvmsg(fd, bytes, 0, 10, MSG_ERRQUEUE, message));
        assertEquals(MSG_ERRQUEUE, message.flags & MSG_ERRQUEUE);
        assertEquals(Errno.ECONNREFUSED.number(), message.errorNumber);
        assertEquals(MessageInfo.SO_EE_ORIGIN_ICMP, message.errorOrigin);
        assertEquals(3, message.errorType);
        assertEquals(3, message.errorCode);
        assertEquals(to, message.name);
    }

    @Test
    void shouldRefuseADatagramThatIsTooLong()
    {
        fails(Errno.EMSGSIZE, client.sendto(udp(client), bytes, 0, 65_508, 0, serverAt(port(server, bound()))));
    }

    @Test
    void shouldCarryALongDatagramUnharmed()
    {
        final int receiver = bound();
        for (int i = 0; i < 20_000; i++)
        {
            bytes.putByte(i, (byte)(i * 13 + (i >> 8)));
        }
        assertEquals(20_000, client.sendto(udp(client), bytes, 0, 20_000, 0, serverAt(port(server, receiver))));
        bytes.setMemory(0, 20_000, (byte)0);
        until("a datagram", server, receiver, POLLIN);
        assertEquals(20_000, server.recv(receiver, bytes, 0, 30_000, 0));
        for (int i = 0; i < 20_000; i++)
        {
            assertEquals((byte)(i * 13 + (i >> 8)), bytes.getByte(i));
        }
    }

    @Test
    void shouldReportTimeToLiveAndTosWhenAsked()
    {
        final int receiver = bound();
        roundTrip(server, receiver, IPPROTO_IP, IP_RECVTTL, 1);
        roundTrip(server, receiver, IPPROTO_IP, IP_RECVTOS, 1);
        final int sender = udp(client);
        roundTrip(client, sender, IPPROTO_IP, IP_TTL, 7);
        roundTrip(client, sender, IPPROTO_IP, IP_TOS, 0x10);
        sendTo(sender, "x", receiver);
        until("a datagram", server, receiver, POLLIN);
        ok(server.recvmsg(receiver, bytes, 0, 10, 0, message));
        assertEquals(7, message.ttl);
        assertEquals(0x10, message.tos);
    }

    @Test
    void shouldReportNothingUnasked()
    {
        final int receiver = bound();
        sendTo(udp(client), "x", receiver);
        until("a datagram", server, receiver, POLLIN);
        ok(server.recvmsg(receiver, bytes, 0, 10, 0, message));
        assertEquals(MessageInfo.NONE, message.ttl);
        assertEquals(MessageInfo.NONE, message.tos);
        assertEquals(null, message.destination);
    }

    @Test
    void shouldSendOneDatagramWithATimeToLiveOfItsOwn()
    {
        final int receiver = bound();
        ok(server.setInt(receiver, IPPROTO_IP, IP_RECVTTL, 1));
        final int sender = udp(client);
        message.clear().to(serverAt(port(server, receiver)));
        message.ttl = 33;
        assertEquals(1, client.sendmsg(sender, text("x"), 0, 1, 0, message));
        until("a datagram", server, receiver, POLLIN);
        ok(server.recvmsg(receiver, bytes, 0, 10, 0, message));
        assertEquals(33, message.ttl);
        assertEquals(clientAt(port(client, sender)), message.name);
    }

    @Test
    void shouldReportTheAddressThatADatagramWasSentTo()
    {
        final int receiver = udp(server);
        ok(server.bind(receiver, any(AF_INET, 0)));
        ok(server.setInt(receiver, IPPROTO_IP, IP_PKTINFO, 1));
        sendTo(udp(client), "x", receiver);
        until("a datagram", server, receiver, POLLIN);
        ok(server.recvmsg(receiver, bytes, 0, 10, 0, message));
        assertEquals(transport.serverAddress(true), message.destination);
    }

    @Test
    void shouldReportHopLimitAndTrafficClass()
    {
        final int receiver = udp6(server);
        ok(server.bind(receiver, SockAddr.of(transport.serverAddress(false), 0)));
        roundTrip(server, receiver, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
        roundTrip(server, receiver, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
        final int sender = udp6(client);
        roundTrip(client, sender, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9);
        roundTrip(client, sender, IPPROTO_IPV6, IPV6_TCLASS, 0x20);
        ok(client.sendto(sender, bytes, 0, 1, 0,
            SockAddr.of(transport.serverAddress(false), port(server, receiver))));
        until("a datagram", server, receiver, POLLIN);
        ok(server.recvmsg(receiver, bytes, 0, 10, 0, message));
        assertEquals(9, message.ttl);
        assertEquals(0x20, message.tos);
    }

    @Test
    void shouldDealWithBothFamiliesByOneSocket()
    {
        final int receiver = udp6(server);
        ok(server.bind(receiver, any(AF_INET6, 0)));
        final int port = port(server, receiver);
        final SockAddr from = new SockAddr();
        final int four = udp(client);
        ok(client.sendto(four, bytes, 0, 1, 0, serverAt(port)));
        until("a datagram", server, receiver, POLLIN);
        ok(server.recvfrom(receiver, bytes, 0, 10, 0, from));
        assertEquals(mapped(transport.clientAddress(true), port(client, four)), from);
        assertEquals(2, server.sendto(receiver, bytes, 0, 2, 0, from));
        assertEquals(2, receive(client, four).length());
        final int six = udp6(client);
        ok(client.sendto(six, bytes, 0, 1, 0, SockAddr.of(transport.serverAddress(false), port)));
        until("a datagram", server, receiver, POLLIN);
        ok(server.recvfrom(receiver, bytes, 0, 10, 0, from));
        assertEquals(SockAddr.of(transport.clientAddress(false), port(client, six)), from);
    }

    @Test
    void shouldKeepIp4AwayFromAnIp6OnlySocket()
    {
        final int receiver = udp6(server);
        ok(server.setInt(receiver, IPPROTO_IPV6, IPV6_V6ONLY, 1));
        ok(server.bind(receiver, any(AF_INET6, 0)));
        final int fd = udp(client);
        ok(client.connect(fd, serverAt(port(server, receiver))));
        ok(client.send(fd, bytes, 0, 1, 0));
        assertTrue(transport.until(() -> (client.poll(fd, 0) & POLLERR) != 0));
        fails(Errno.ENETUNREACH, server.sendto(receiver, bytes, 0, 1, 0, mapped(transport.clientAddress(true), 9)));
    }

    @Test
    void shouldShareAPortOnlyWhenBothReuseTheAddress()
    {
        final int first = bound();
        final SockAddr at = serverAt(port(server, first));
        fails(Errno.EADDRINUSE, server.bind(udp(server), at));
        final int second = udp(server);
        ok(server.setInt(second, SOL_SOCKET, SO_REUSEADDR, 1));
        fails(Errno.EADDRINUSE, server.bind(second, at));
        ok(server.setInt(first, SOL_SOCKET, SO_REUSEADDR, 1));
        ok(server.bind(second, at));
    }

    @Test
    void shouldPreferASpecificAddressToTheWildcard()
    {
        final int specific = udp(server);
        final int any = udp(server);
        for (final int fd : new int[]{specific, any})
        {
            ok(server.setInt(fd, SOL_SOCKET, SO_REUSEADDR, 1));
        }
        ok(server.bind(specific, serverAt(0)));
        ok(server.bind(any, any(AF_INET, port(server, specific))));
        sendTo(udp(client), "x", specific);
        assertEquals("x", receive(server, specific));
        fails(Errno.EAGAIN, server.recv(any, bytes, 0, 1, 0));
    }

    @Test
    void shouldSpreadFlowsOverSocketsThatReuseThePort()
    {
        final int first = udp(server);
        final int second = udp(server);
        ok(server.setInt(first, SOL_SOCKET, SO_REUSEPORT, 1));
        ok(server.setInt(second, SOL_SOCKET, SO_REUSEPORT, 1));
        ok(server.bind(first, serverAt(0)));
        ok(server.bind(second, serverAt(port(server, first))));
        for (int i = 0; i < 64; i++)
        {
            sendTo(udp(client), "x", first);
        }
        transport.pass(5);
        int atFirst = 0;
        int atSecond = 0;
        while (server.recv(first, bytes, 0, 1, 0) == 1)
        {
            atFirst++;
        }
        while (server.recv(second, bytes, 0, 1, 0) == 1)
        {
            atSecond++;
        }
        assertEquals(64, atFirst + atSecond);
        assertTrue(atFirst > 0 && atSecond > 0, atFirst + " and " + atSecond);
    }

    @Test
    void shouldLoseWhatTheReceiverHasNoRoomFor()
    {
        final int receiver = bound();
        ok(server.setInt(receiver, SOL_SOCKET, SO_RCVBUF, 4096));
        final int sender = udp(client);
        for (int i = 0; i < 100; i++)
        {
            assertEquals(1000, client.sendto(sender, bytes, 0, 1000, 0, serverAt(port(server, receiver))));
        }
        transport.pass(5);
        int got = 0;
        while (server.recv(receiver, bytes, 0, 2000, 0) == 1000)
        {
            got++;
        }
        assertTrue(got >= 1 && got <= 20, "got " + got);
    }

    @Test
    void shouldShutItsHalvesOnceConnected()
    {
        final int fd = udp(client);
        fails(Errno.ENOTCONN, client.shutdown(fd, SHUT_RD));
        final int other = udp(client);
        ok(client.connect(other, serverAt(port(server, bound()))));
        ok(client.shutdown(other, SHUT_WR));
        fails(Errno.EPIPE, client.send(other, bytes, 0, 1, 0));
        ok(client.shutdown(other, SHUT_RD));
        // Linux looks at a shut input only while it waits.
        fails(Errno.EAGAIN, client.recv(other, bytes, 0, 1, 0));
    }

    @Test
    void shouldKnowNoUrgentData()
    {
        final int fd = udp(client);
        ok(client.connect(fd, serverAt(port(server, bound()))));
        fails(Errno.EOPNOTSUPP, client.send(fd, bytes, 0, 1, MSG_OOB));
    }

    @Test
    void shouldTakeAllWaysOfMtuDiscovery()
    {
        final int fd = udp(client);
        assertEquals(IP_PMTUDISC_WANT, client.getInt(fd, IPPROTO_IP, IP_MTU_DISCOVER));
        for (int way = IP_PMTUDISC_DONT; way <= IP_PMTUDISC_PROBE; way++)
        {
            roundTrip(client, fd, IPPROTO_IP, IP_MTU_DISCOVER, way);
        }
        fails(Errno.ENOTCONN, client.getInt(fd, IPPROTO_IP, IP_MTU));
        ok(client.connect(fd, serverAt(port(server, bound()))));
        assertTrue(client.getInt(fd, IPPROTO_IP, IP_MTU) >= 1280);
    }
}
