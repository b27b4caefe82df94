package dev.baton.stack.udp;

import dev.baton.stack.ip.IpCounter;
import dev.baton.stack.ip.MtuDiscover;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.UdpError;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.socket.Errno;
import dev.baton.stack.wire.IcmpHeader;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import java.util.List;

import static dev.baton.stack.udp.UdpWorld.B4;
import static dev.baton.stack.udp.UdpWorld.B6;
import static dev.baton.stack.udp.UdpWorld.PORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** ICMP errors about datagrams: RFC 1122, section 4.1.3.3. */
class UdpErrorsTest
{
    private final UdpWorld w = new UdpWorld();
    private final UdpError error = new UdpError();

    @Test
    void shouldTellAConnectedSocketThatThePortIsUnreachable()
    {
        w.start();
        for (final IpAddress to : new IpAddress[]{B4, B6})
        {
            final UdpSocket client = w.openA(IpFamily.DUAL);
            assertEquals(0, client.connect(to, PORT));
            assertEquals(1, client.send(UdpWorld.text("x"), 0, 1));
            w.run();
            assertEquals(client, w.events.failed.get(w.events.failed.size() - 1));
            assertEquals(Errno.ECONNREFUSED.result(), client.send(UdpWorld.text("x"), 0, 1));
            assertEquals(1, client.send(UdpWorld.text("x"), 0, 1));
            w.run();
            assertEquals(Errno.ECONNREFUSED.result(), client.takeError());
            assertEquals(0, client.takeError());
        }
        assertEquals(4, w.countB(IpCounter.UDP_NO_PORTS));
    }

    @Test
    void shouldNotTellAnUnconnectedSocketUnlessItAsks()
    {
        w.start();
        final UdpSocket client = w.openA(IpFamily.V4);
        w.send(client, "x", B4, PORT);
        w.run();
        assertEquals(0, client.takeError());
        client.reportErrors(true);
        w.send(client, "x", B4, PORT);
        w.run();
        assertEquals(Errno.ECONNREFUSED.result(), client.takeError());
        assertTrue(client.takeQueuedError(error));
        assertEquals(Errno.ECONNREFUSED.number(), error.errno);
        assertEquals(4, error.version);
        assertEquals(IcmpHeader.UNREACHABLE, error.type);
        assertEquals(3, error.code);
        assertEquals(B4, new IpAddress(error.remoteHi, error.remoteLo));
        assertEquals(PORT, error.remotePort);
        assertFalse(client.takeQueuedError(error));
    }

    @Test
    void shouldBoundTheErrorQueue()
    {
        w.start();
        final UdpSocket client = w.openA(IpFamily.V4);
        client.reportErrors(true);
        client.bind(IpAddress.ANY, 7777);
        for (int i = 0; i < 3 * UdpErrorQueue.LIMIT; i++)
        {
            w.a.udp().icmpErrorListener().onIcmpError(4, IcmpHeader.UNREACHABLE, 3, 0,
                UdpWorld.A4.hi(), UdpWorld.A4.lo(), 7777, B4.hi(), B4.lo(), PORT, 0, 0);
        }
        int count = 0;
        while (client.takeQueuedError(error))
        {
            count++;
        }
        assertEquals(UdpErrorQueue.LIMIT, count);
    }

    @Test
    void shouldTakeSoftErrorsFromConnectedSocketsOnlyWhenAsked()
    {
        w.start();
        final UdpSocket client = w.openA(IpFamily.V4);
        client.connect(B4, PORT);
        tell(client, IcmpHeader.UNREACHABLE, 1, 0);
        assertEquals(0, client.takeError());
        tell(client, IcmpHeader.TIME_EXCEEDED, 0, 0);
        assertEquals(0, client.takeError());
        tell(client, IcmpHeader.UNREACHABLE, 2, 0);
        assertEquals(Errno.ENOPROTOOPT.result(), client.takeError());
        tell(client, IcmpHeader.PARAMETER_PROBLEM, 0, 0);
        assertEquals(Errno.EPROTO.result(), client.takeError());
        tell(client, IcmpHeader.UNREACHABLE, 99, 0);
        assertEquals(Errno.EPROTO.result(), client.takeError());
        client.reportErrors(true);
        tell(client, IcmpHeader.UNREACHABLE, 1, 0);
        assertEquals(Errno.EHOSTUNREACH.result(), client.takeError());
    }

    @Test
    void shouldIgnoreErrorsAboutWhatTheSocketCannotHaveSent()
    {
        w.start();
        final UdpSocket client = w.openA(IpFamily.V4);
        client.connect(B4, PORT);
        w.a.udp().icmpErrorListener().onIcmpError(4, IcmpHeader.UNREACHABLE, 3, 0,
            UdpWorld.A4.hi(), UdpWorld.A4.lo(), client.localPort(), B4.hi(), B4.lo(), PORT + 1, 0, 0);
        assertEquals(0, client.takeError());
    }

    @Test
    void shouldLearnThePathMtuAndRefuseWhatDoesNotFit()
    {
        w.start();
        final UdpSocket client = w.openA(IpFamily.V4);
        client.connect(B4, PORT);
        client.mtuDiscovery(MtuDiscover.DO);
        assertEquals(1500, client.pathMtu());
        tell(client, IcmpHeader.UNREACHABLE, 4, 1000);
        assertEquals(1000, client.pathMtu());
        assertEquals(Errno.EMSGSIZE.result(), client.takeError());
        assertEquals(Errno.EMSGSIZE.result(), client.send(w.bytes, 0, 973));
        assertEquals(972, client.send(w.bytes, 0, 972));
        tell(client, IcmpHeader.UNREACHABLE, 4, 1200);
        client.takeError();
        assertEquals(1000, client.pathMtu(), "it never grows by a message");
        tell(client, IcmpHeader.UNREACHABLE, 4, 68);
        assertEquals(552, client.pathMtu(), "least that is believed");
    }

    @Test
    void shouldCallOnErrorOncePerBatch()
    {
        w.start();
        final UdpSocket client = w.openA(IpFamily.V4);
        client.connect(B4, PORT);
        client.send(UdpWorld.text("x"), 0, 1);
        w.run();
        assertEquals(List.of(client), w.events.failed);
    }

    private void tell(final UdpSocket client, final int type, final int code, final int mtu)
    {
        w.a.udp().icmpErrorListener().onIcmpError(4, type, code, mtu, UdpWorld.A4.hi(), UdpWorld.A4.lo(),
            client.localPort(), B4.hi(), B4.lo(), PORT, 0, 0);
    }
}
