package dev.baton.stack.udp;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.ip.IpCounter;
import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.UdpMessage;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Two stacks with UDP sockets over a simulated network. */
final class UdpWorld
{
    static final IpAddress A4 = IpAddress.parse("10.0.0.1");
    static final IpAddress B4 = IpAddress.parse("10.0.0.2");
    static final IpAddress A6 = IpAddress.parse("fd00::1");
    static final IpAddress B6 = IpAddress.parse("fd00::2");
    static final int PORT = 53;

    final SimWorld world = new SimWorld(7, 1_000_000_000L);
    final SimLink linkA;
    final SimLink linkB;
    final StackContext contextA;
    final StackContext contextB;
    final UdpMessage message = new UdpMessage();
    final UnsafeBuffer bytes = new UnsafeBuffer(new byte[70_000]);
    final Listener events = new Listener();
    NetStack a;
    NetStack b;

    UdpWorld()
    {
        linkA = world.host("a").link(A4, A6);
        linkB = world.host("b").link(B4, B6);
        contextA = new StackContext().seed(1).poolBytes(16 << 20).address(A4).address(A6);
        contextB = new StackContext().seed(2).poolBytes(16 << 20).address(B4).address(B6);
    }

    UdpWorld start()
    {
        a = new NetStack(contextA.conclude(), linkA);
        b = new NetStack(contextB.conclude(), linkB);
        linkA.host().start(a);
        linkB.host().start(b);
        return this;
    }

    /** Remembers what it was told. */
    static final class Listener implements UdpService
    {
        final List<UdpSocket> readable = new ArrayList<>();
        final List<UdpSocket> failed = new ArrayList<>();
        RuntimeException toThrow;

        @Override
        public void onReadable(final UdpSocket socket)
        {
            readable.add(socket);
            if (toThrow != null)
            {
                throw toThrow;
            }
        }

        @Override
        public void onError(final UdpSocket socket)
        {
            failed.add(socket);
        }
    }

    UdpSocket openA(final IpFamily family)
    {
        return a.openUdp(family, events);
    }

    UdpSocket openB(final IpFamily family)
    {
        return b.openUdp(family, events);
    }

    UdpSocket boundB(final IpFamily family)
    {
        final UdpSocket socket = openB(family);
        assertEquals(0, socket.bind(IpAddress.ANY, PORT));
        return socket;
    }

    int send(final UdpSocket socket, final String text, final IpAddress to, final int port)
    {
        return socket.sendTo(text(text), 0, text.length(), to, port);
    }

    static UnsafeBuffer text(final String text)
    {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What comes next, or null. */
    String receive(final UdpSocket socket)
    {
        final int count = socket.receive(bytes, 0, bytes.capacity(), message);
        return count < 0 ? null : bytes.getStringWithoutLengthAscii(0, count);
    }

    void run()
    {
        world.run(world.nowNs() + 100_000_000L);
    }

    long countA(final IpCounter counter)
    {
        return a.ipCounters().get(counter);
    }

    long countB(final IpCounter counter)
    {
        return b.ipCounters().get(counter);
    }
}
