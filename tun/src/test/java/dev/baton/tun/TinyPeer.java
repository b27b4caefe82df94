package dev.baton.tun;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.TcpHeader;
import org.agrona.MutableDirectBuffer;

import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** The peer of one connection of the kernel's TCP, played by hand over a queue, as far as the first flight of data. */
final class TinyPeer
{
    static final int MSS = 1460;
    private static final int PORT = 7777;
    private static final int OUR_ISN = 1000;
    private static final int MAX_WAITS = 100;
    private static final long WAIT_NS = 50_000_000;

    private final TunQueue queue;
    private final Waiter waiter;
    private final MutableDirectBuffer out;
    private final Packet packet = new Packet();
    private final TcpHeader tcp = new TcpHeader();
    private int clientPort;
    private int rcvNxt;

    TinyPeer(final TunQueue queue, final Waiter waiter, final MutableDirectBuffer out)
    {
        this.queue = queue;
        this.waiter = waiter;
        this.out = out;
    }

    /** A connected, non-blocking channel of the kernel's. */
    SocketChannel connect() throws Exception
    {
        final SocketChannel client = SocketChannel.open(StandardProtocolFamily.INET);
        client.configureBlocking(false);
        client.connect(new InetSocketAddress("198.18.0.2", PORT));
        awaitSegment(TcpHeader.SYN);
        clientPort = tcp.srcPort();
        rcvNxt = tcp.seq() + 1;
        out.putInt(Packets.OFFSET + 40, 0x0204_0000 | MSS, ByteOrder.BIG_ENDIAN);
        assertTrue(queue.transmit(segment(OUR_ISN, TcpHeader.SYN | TcpHeader.ACK, 24, 0)));
        awaitSegment(TcpHeader.ACK);
        assertTrue(client.finishConnect());
        return client;
    }

    /** The next segment that has a flag; the bytes stay valid until the next call. */
    Packet awaitSegment(final int flag)
    {
        for (int i = 0; i < MAX_WAITS; i++)
        {
            while (queue.receive(packet))
            {
                tcp.wrap(packet.buffer(), packet.offset() + Ip4Header.LENGTH);
                if (isTcp4() && (tcp.flags() & flag) != 0)
                {
                    return packet;
                }
            }
            waiter.await(WAIT_NS);
        }
        throw new AssertionError("no segment with flag " + flag + " came");
    }

    /** The first data segment to the client, headers in front of a payload that is in its place. */
    Packet data(final int payloadLength)
    {
        return segment(OUR_ISN + 1, TcpHeader.ACK, TcpHeader.LENGTH, payloadLength);
    }

    private Packet segment(final int seq, final int flags, final int headerLength, final int payloadLength)
    {
        return Packets.tcp4(out, PORT << 16 | clientPort, seq, rcvNxt, flags, headerLength, payloadLength);
    }

    private boolean isTcp4()
    {
        final MutableDirectBuffer buffer = packet.buffer();
        return buffer.getByte(packet.offset()) == 0x45 && buffer.getByte(packet.offset() + 9) == TcpHeader.PROTOCOL;
    }
}
