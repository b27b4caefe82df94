package dev.baton.stack.udp;

import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.socket.Errno;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

import static dev.baton.stack.udp.UdpWorld.A4;
import static dev.baton.stack.udp.UdpWorld.A6;
import static dev.baton.stack.udp.UdpWorld.B4;
import static dev.baton.stack.udp.UdpWorld.B6;
import static dev.baton.stack.udp.UdpWorld.PORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who gets which port, and which datagrams. */
class UdpBindingTest
{
    private static final int IN_USE = Errno.EADDRINUSE.result();

    private final UdpWorld w = new UdpWorld();

    private UdpSocket bound(final IpFamily family, final IpAddress address, final int expected)
    {
        final UdpSocket socket = w.openB(family);
        assertEquals(expected, socket.bind(address, PORT));
        return socket;
    }

    @Test
    void shouldRefuseAPortThatMeetsAnother()
    {
        w.start();
        bound(IpFamily.V4, B4, 0);
        bound(IpFamily.V4, B4, IN_USE);
        bound(IpFamily.V4, IpAddress.ANY, IN_USE);
        bound(IpFamily.DUAL, IpAddress.ANY, IN_USE);
        bound(IpFamily.V6, IpAddress.ANY, 0);
        bound(IpFamily.V6, B6, IN_USE);
    }

    @Test
    void shouldRefuseAddressesThatAreNotOursOrOfAnotherFamily()
    {
        w.start();
        bound(IpFamily.V4, A4, Errno.EADDRNOTAVAIL.result());
        bound(IpFamily.V4, B6, Errno.EAFNOSUPPORT.result());
        bound(IpFamily.V6, B4, Errno.EAFNOSUPPORT.result());
        final UdpSocket twice = bound(IpFamily.V4, B4, 0);
        assertEquals(Errno.EINVAL.result(), twice.bind(B4, PORT + 1));
    }

    @Test
    void shouldGiveTheLatestOfSocketsThatReuseTheAddress()
    {
        w.start();
        final UdpSocket first = w.openB(IpFamily.V4);
        final UdpSocket second = w.openB(IpFamily.V4);
        first.reuseAddress(true);
        assertEquals(0, first.bind(IpAddress.ANY, PORT));
        assertEquals(IN_USE, second.bind(IpAddress.ANY, PORT));
        second.reuseAddress(true);
        assertEquals(0, second.bind(IpAddress.ANY, PORT));
        w.send(w.openA(IpFamily.V4), "x", B4, PORT);
        w.run();
        assertEquals("x", w.receive(second));
        assertNull(w.receive(first));
    }

    @Test
    void shouldSpreadFlowsOverSocketsThatReuseThePort()
    {
        w.start();
        final UdpSocket[] servers = {w.openB(IpFamily.V4), w.openB(IpFamily.V4)};
        for (final UdpSocket server : servers)
        {
            server.reusePort(true);
            assertEquals(0, server.bind(IpAddress.ANY, PORT));
        }
        for (int i = 0; i < 64; i++)
        {
            final UdpSocket client = w.openA(IpFamily.V4);
            w.send(client, "x", B4, PORT);
            w.send(client, "x", B4, PORT);
        }
        w.run();
        assertEquals(128, servers[0].queued() + servers[1].queued());
        assertTrue(servers[0].queued() > 32 && servers[1].queued() > 32, "spread");
        assertEquals(0, servers[0].queued() % 2, "a flow stays at one socket");
    }

    @Test
    void shouldPreferTheSocketThatSaysMoreAboutTheDatagram()
    {
        w.start();
        final UdpSocket any = w.openB(IpFamily.V4);
        final UdpSocket specific = w.openB(IpFamily.V4);
        final UdpSocket connected = w.openB(IpFamily.V4);
        final UdpSocket client = w.openA(IpFamily.V4);
        assertEquals(0, client.bind(A4, 7777));
        for (final UdpSocket socket : new UdpSocket[]{connected, specific, any})
        {
            socket.reuseAddress(true);
            assertEquals(0, socket.bind(socket == any ? IpAddress.ANY : B4, PORT));
        }
        assertEquals(0, connected.connect(A4, 7777));
        w.send(client, "x", B4, PORT);
        w.send(w.openA(IpFamily.V4), "y", B4, PORT);
        w.run();
        assertEquals("x", w.receive(connected));
        assertEquals("y", w.receive(specific));
        assertNull(w.receive(any));
    }

    @Test
    void shouldChooseFreePortsAtRandomWithinTheRange()
    {
        w.contextA.lowestLocalPort(40_000).highestLocalPort(40_063);
        w.start();
        final Set<Integer> ports = new HashSet<>();
        int steps = 0;
        int previous = 0;
        for (int i = 0; i < 64; i++)
        {
            final UdpSocket socket = w.openA(IpFamily.V4);
            assertEquals(0, socket.bind(IpAddress.ANY, 0));
            assertTrue(socket.localPort() >= 40_000 && socket.localPort() <= 40_063);
            ports.add(socket.localPort());
            steps += socket.localPort() == previous + 1 ? 1 : 0;
            previous = socket.localPort();
        }
        assertEquals(64, ports.size());
        assertTrue(steps < 40, "not in sequence");
        assertEquals(IN_USE, w.openA(IpFamily.V4).bind(IpAddress.ANY, 0));
        assertEquals(Errno.EAGAIN.result(), w.send(w.openA(IpFamily.V4), "x", B4, PORT));
    }

    @Test
    void shouldTakeDatagramsOfThePeerOnlyOnceConnected()
    {
        w.start();
        final UdpSocket server = w.boundB(IpFamily.V4);
        final UdpSocket peer = w.openA(IpFamily.V4);
        assertEquals(0, peer.bind(A4, 7777));
        assertEquals(0, server.connect(A4, 7777));
        assertEquals(B4, server.localAddress());
        w.send(w.openA(IpFamily.V4), "stranger", B4, PORT);
        w.send(peer, "friend", B4, PORT);
        w.run();
        assertEquals("friend", w.receive(server));
        assertNull(w.receive(server));
        server.disconnect();
        assertEquals(IpAddress.ANY, server.localAddress());
        assertEquals(PORT, server.localPort());
        w.send(w.openA(IpFamily.V4), "stranger", B4, PORT);
        w.run();
        assertEquals("stranger", w.receive(server));
    }

    @Test
    void shouldGiveAChosenPortBackOnDisconnect()
    {
        w.start();
        final UdpSocket client = w.openA(IpFamily.V4);
        assertEquals(0, client.connect(B4, PORT));
        assertNotEquals(0, client.localPort());
        assertEquals(1, client.send(UdpWorld.text("x"), 0, 1));
        client.disconnect();
        assertEquals(0, client.localPort());
        assertEquals(Errno.EDESTADDRREQ.result(), client.send(UdpWorld.text("x"), 0, 1));
    }

    @Test
    void shouldKeepTheFamiliesApart()
    {
        w.start();
        final UdpSocket six = w.boundB(IpFamily.V6);
        final UdpSocket four = w.boundB(IpFamily.V4);
        final UdpSocket client = w.openA(IpFamily.DUAL);
        w.send(client, "4", B4, PORT);
        w.send(client, "6", B6, PORT);
        w.run();
        assertEquals("4", w.receive(four));
        assertEquals("6", w.receive(six));
        assertNull(w.receive(four));
        assertEquals(Errno.ENETUNREACH.result(), w.send(six, "x", A4, PORT));
        assertEquals(Errno.EAFNOSUPPORT.result(), w.send(four, "x", A6, PORT));
    }

    @Test
    void shouldBoundTheNumberOfSockets()
    {
        w.contextA.maxUdpSockets(2);
        w.start();
        w.openA(IpFamily.V4);
        final UdpSocket second = w.openA(IpFamily.V4);
        final IllegalStateException refused = org.junit.jupiter.api.Assertions.assertThrows(
            IllegalStateException.class, () -> w.openA(IpFamily.V4));
        assertTrue(refused.getMessage().contains("maxUdpSockets"));
        second.close();
        w.openA(IpFamily.V4);
    }
}
