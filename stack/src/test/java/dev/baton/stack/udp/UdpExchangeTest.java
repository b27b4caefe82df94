package dev.baton.stack.udp;

import dev.baton.stack.ip.IpCounter;
import dev.baton.stack.ip.MtuDiscover;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.socket.Errno;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import static dev.baton.stack.udp.UdpWorld.A4;
import static dev.baton.stack.udp.UdpWorld.A6;
import static dev.baton.stack.udp.UdpWorld.B4;
import static dev.baton.stack.udp.UdpWorld.B6;
import static dev.baton.stack.udp.UdpWorld.PORT;
import static dev.baton.stack.udp.UdpWorld.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Datagrams between two stacks: RFC 768, RFC 1122 section 4.1. */
class UdpExchangeTest
{
    private final UdpWorld w = new UdpWorld();

    @Test
    void shouldCarryDatagramsBothWaysOverBothFamilies()
    {
        w.start();
        final UdpSocket server = w.boundB(IpFamily.DUAL);
        final UdpSocket client = w.openA(IpFamily.DUAL);
        for (final boolean v4 : new boolean[]{true, false})
        {
            assertEquals(5, w.send(client, "hello", v4 ? B4 : B6, PORT));
            w.run();
            assertEquals("hello", w.receive(server));
            final IpAddress from = new IpAddress(w.message.sourceHi, w.message.sourceLo);
            assertEquals(v4 ? A4 : A6, from);
            assertEquals(client.localPort(), w.message.sourcePort);
            assertEquals(v4 ? B4 : B6, new IpAddress(w.message.destinationHi, w.message.destinationLo));
            assertEquals(2, w.send(server, "hi", from, w.message.sourcePort));
            w.run();
            assertEquals("hi", w.receive(client));
        }
        assertEquals(2, w.countB(IpCounter.UDP_IN_DATAGRAMS));
        assertEquals(2, w.countA(IpCounter.UDP_OUT_DATAGRAMS));
    }

    @Test
    void shouldKeepTheBoundariesOfDatagramsAndTheirOrder()
    {
        w.start();
        final UdpSocket server = w.boundB(IpFamily.V4);
        final UdpSocket client = w.openA(IpFamily.V4);
        w.send(client, "one", B4, PORT);
        w.send(client, "", B4, PORT);
        w.send(client, "three", B4, PORT);
        w.run();
        assertEquals(3, server.queued());
        assertEquals("one", w.receive(server));
        assertEquals(0, server.nextLength());
        assertEquals("", w.receive(server));
        assertEquals("three", w.receive(server));
        assertNull(w.receive(server));
    }

    @Test
    void shouldTellTheLengthOfADatagramThatIsCut()
    {
        w.start();
        final UdpSocket server = w.boundB(IpFamily.V4);
        w.send(w.openA(IpFamily.V4), "truncated", B4, PORT);
        w.run();
        assertEquals(4, server.peek(w.bytes, 0, 4, w.message));
        assertEquals(9, w.message.length);
        assertEquals(4, server.receive(w.bytes, 0, 4, w.message));
        assertEquals(9, w.message.length);
        assertEquals(UdpSocket.NONE, server.receive(w.bytes, 0, 4, w.message));
    }

    @Test
    void shouldReportAndSetTimeToLiveAndTos()
    {
        w.start();
        final UdpSocket server = w.boundB(IpFamily.DUAL);
        final UdpSocket client = w.openA(IpFamily.DUAL);
        client.ttl(9);
        client.tos(0xB8);
        for (final IpAddress to : new IpAddress[]{B4, B6})
        {
            w.send(client, "x", to, PORT);
            client.sendTo(text("y"), 0, 1, to, PORT, 3, 0x10);
            w.run();
            assertEquals("x", w.receive(server));
            assertEquals(9, w.message.ttl);
            assertEquals(0xB8, w.message.tos);
            assertEquals("y", w.receive(server));
            assertEquals(3, w.message.ttl);
            assertEquals(0x10, w.message.tos);
        }
    }

    @Test
    void shouldFragmentWhatIsLongerThanTheLink()
    {
        w.start();
        final UdpSocket server = w.boundB(IpFamily.DUAL);
        final UdpSocket client = w.openA(IpFamily.DUAL);
        for (int i = 0; i < 30_000; i++)
        {
            w.bytes.putByte(i, (byte)(i * 31));
        }
        for (final IpAddress to : new IpAddress[]{B4, B6})
        {
            assertEquals(30_000, client.sendTo(w.bytes, 0, 30_000, to, PORT));
            w.run();
            assertEquals(30_000, server.receive(w.bytes, 0, 70_000, w.message));
            for (int i = 0; i < 30_000; i++)
            {
                assertEquals((byte)(i * 31), w.bytes.getByte(i));
            }
        }
        assertEquals(2, w.countA(IpCounter.FRAG_OKS));
        assertEquals(0, w.b.tcp().bufferPool().acquiredBytes(), "an empty queue holds no memory");
    }

    @Test
    void shouldRefuseWhatNoDatagramCanHold()
    {
        w.start();
        final UdpSocket client = w.openA(IpFamily.DUAL);
        assertEquals(65_507, client.sendTo(w.bytes, 0, 65_507, B4, PORT));
        assertEquals(Errno.EMSGSIZE.result(), client.sendTo(w.bytes, 0, 65_508, B4, PORT));
        assertEquals(65_487, client.sendTo(w.bytes, 0, 65_487, B6, PORT));
        assertEquals(Errno.EMSGSIZE.result(), client.sendTo(w.bytes, 0, 65_488, B6, PORT));
    }

    @Test
    void shouldSetDontFragmentAsMtuDiscoverySays()
    {
        w.start();
        w.boundB(IpFamily.V4);
        final UdpSocket client = w.openA(IpFamily.V4);
        final List<Integer> flags = new ArrayList<>();
        w.world.network().path(w.linkA, w.linkB).filter((packet, nowNs) ->
        {
            flags.add(packet.buffer().getShort(packet.offset() + 6, ByteOrder.BIG_ENDIAN) & 0x4000);
            return false;
        });
        for (final MtuDiscover discovery : MtuDiscover.values())
        {
            client.mtuDiscovery(discovery);
            client.sendTo(w.bytes, 0, 100, B4, PORT);
        }
        w.run();
        assertEquals(List.of(0, 0x4000, 0x4000, 0x4000), flags);
        client.mtuDiscovery(MtuDiscover.DO);
        assertEquals(1472, client.sendTo(w.bytes, 0, 1472, B4, PORT));
        assertEquals(Errno.EMSGSIZE.result(), client.sendTo(w.bytes, 0, 1473, B4, PORT));
    }

    @Test
    void shouldSendAndTakeIp4WithoutChecksumAndRefuseIp6WithoutOne()
    {
        w.start();
        final UdpSocket server = w.boundB(IpFamily.DUAL);
        final UdpSocket client = w.openA(IpFamily.DUAL);
        client.noChecksum(true);
        final List<Integer> sums = new ArrayList<>();
        w.world.network().path(w.linkA, w.linkB).filter((packet, nowNs) ->
        {
            final boolean v4 = packet.buffer().getByte(packet.offset()) >>> 4 == 4;
            final int at = packet.offset() + (v4 ? 20 : 40) + 6;
            sums.add(packet.buffer().getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF);
            if (!v4)
            {
                packet.buffer().putShort(at, (short)0);
            }
            return false;
        });
        w.send(client, "four", B4, PORT);
        w.send(client, "six", B6, PORT);
        w.run();
        assertEquals(0, sums.get(0));
        assertTrue(sums.get(1) != 0);
        assertEquals("four", w.receive(server));
        assertNull(w.receive(server));
        assertEquals(1, w.countB(IpCounter.UDP_IN_CSUM_ERRORS));
        assertEquals(1, w.countB(IpCounter.UDP_IN_ERRORS));
    }

    @Test
    void shouldDropAndCountWhatTheQueueHasNoRoomFor()
    {
        w.contextB.datagramBufferBytes(2000);
        w.start();
        final UdpSocket server = w.boundB(IpFamily.V4);
        final UdpSocket client = w.openA(IpFamily.V4);
        for (int i = 0; i < 4; i++)
        {
            client.sendTo(w.bytes, 0, 900, B4, PORT);
        }
        w.run();
        assertEquals(2, server.queued());
        assertEquals(2, w.countB(IpCounter.UDP_RCVBUF_ERRORS));
        assertEquals(2, w.countB(IpCounter.UDP_IN_ERRORS));
        assertEquals(2, ((UdpHandle)server).ucb().drops);
    }

    @Test
    void shouldBoundTheNumberOfDatagramsThatWait()
    {
        w.contextB.maxQueuedDatagrams(3);
        w.start();
        final UdpSocket server = w.boundB(IpFamily.V4);
        final UdpSocket client = w.openA(IpFamily.V4);
        for (int i = 0; i < 5; i++)
        {
            w.send(client, "", B4, PORT);
        }
        w.run();
        assertEquals(3, server.queued());
        assertEquals(2, w.countB(IpCounter.UDP_RCVBUF_ERRORS));
    }

    @Test
    void shouldDropAndCountWhenThePoolIsEmpty()
    {
        w.contextB.poolBytes(8192).sendBufferBytes(4096).receiveBufferBytes(4096);
        w.start();
        final UdpSocket server = w.boundB(IpFamily.V4);
        final UdpSocket client = w.openA(IpFamily.V4);
        client.sendTo(w.bytes, 0, 10_000, B4, PORT);
        w.run();
        assertEquals(0, server.queued());
        assertEquals(1, w.countB(IpCounter.UDP_MEM_ERRORS));
    }

    @Test
    void shouldGiveMemoryBackOnClose()
    {
        w.start();
        final UdpSocket server = w.boundB(IpFamily.V4);
        w.send(w.openA(IpFamily.V4), "kept", B4, PORT);
        w.run();
        assertEquals(4096, w.b.tcp().bufferPool().acquiredBytes());
        server.close();
        assertEquals(0, w.b.tcp().bufferPool().acquiredBytes());
        assertEquals(0, w.b.udp().socketCount());
        assertEquals(Errno.EBADF.result(), w.send(server, "x", A4, 1));
    }

    @Test
    void shouldCloseTheSocketOfAServiceThatThrows()
    {
        w.start();
        w.boundB(IpFamily.V4);
        w.events.toThrow = new IllegalStateException("broken service");
        w.send(w.openA(IpFamily.V4), "x", B4, PORT);
        w.run();
        assertEquals(0, w.b.udp().socketCount());
    }

    @Test
    void shouldTellReadableOnceForABatch()
    {
        w.start();
        final UdpSocket server = w.boundB(IpFamily.V4);
        final UdpSocket client = w.openA(IpFamily.V4);
        w.send(client, "a", B4, PORT);
        w.send(client, "b", B4, PORT);
        w.run();
        assertEquals(List.of(server), w.events.readable);
    }

    @Test
    void shouldNotReachOwnBroadcastOrMulticastAddresses()
    {
        w.start();
        final UdpSocket client = w.openA(IpFamily.DUAL);
        assertEquals(Errno.ENETUNREACH.result(), w.send(client, "x", A4, PORT));
        assertEquals(Errno.ENETUNREACH.result(), w.send(client, "x", IpAddress.parse("224.0.0.1"), PORT));
        assertEquals(Errno.ENETUNREACH.result(), w.send(client, "x", IpAddress.parse("ff02::1"), PORT));
        assertEquals(Errno.EACCES.result(), w.send(client, "x", IpAddress.parse("255.255.255.255"), PORT));
        assertEquals(Errno.EINVAL.result(), w.send(client, "x", B4, 0));
    }
}
