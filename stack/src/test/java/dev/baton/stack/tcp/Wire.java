package dev.baton.stack.tcp;

import dev.baton.stack.Link;
import dev.baton.stack.NetStack;
import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

/** One stack whose peer is the test: segments are put in by hand, and what comes out is looked at one by one. */
final class Wire implements Link
{
    static final long MS = 1_000_000L;
    static final IpAddress LOCAL = IpAddress.parse("10.0.0.2");
    static final IpAddress PEER = IpAddress.parse("10.0.0.1");
    static final IpAddress LOCAL_6 = IpAddress.parse("fd00::2");
    static final IpAddress PEER_6 = IpAddress.parse("fd00::1");
    static final int LOCAL_PORT = 80;
    static final int PEER_PORT = 5000;
    static final int S = TcpHeader.SYN;
    static final int A = TcpHeader.ACK;
    static final int F = TcpHeader.FIN;
    static final int R = TcpHeader.RST;
    static final int P = TcpHeader.PSH;

    /** A segment that came out. */
    record Out(int flags, int seq, int ack, int window, int length, TcpOptions options, int srcPort, int dstPort,
        int urgentPointer, int ttl, int tos)
    {
        /** The ECN field of the packet. */
        int ipEcn()
        {
            return tos & 3;
        }

        boolean is(final int wanted)
        {
            return (flags & ~P) == wanted;
        }

        int ace()
        {
            return TcpHeader.ace(flags);
        }
    }

    final StackContext context = new StackContext().seed(7).poolBytes(64 << 20).address(LOCAL).address(LOCAL_6);
    final List<String> trace = new ArrayList<>();
    NetStack stack;
    long nowNs = 5_000 * MS;
    boolean v6;
    int mtu = 1500;
    int gso;
    int peerPort = PEER_PORT;
    int localPort = LOCAL_PORT;

    private final ArrayDeque<byte[]> inbox = new ArrayDeque<>();
    private final ArrayDeque<Integer> inboxGso = new ArrayDeque<>();
    private final ArrayDeque<Out> outbox = new ArrayDeque<>();
    private final UnsafeBuffer receiveBuffer = new UnsafeBuffer(new byte[Packet.HEADROOM + Packet.MAX_LENGTH]);
    private InvariantChecker checker;

    Wire start()
    {
        stack = new NetStack(context.conclude(), this);
        checker = new InvariantChecker(stack);
        return this;
    }

    void poll()
    {
        stack.poll(nowNs);
        checker.check();
    }

    /** Let time pass, polling whenever the stack wants to be. */
    void advance(final long ns)
    {
        final long endNs = nowNs + ns;
        for (int i = 0; stack.nextDeadlineNs() <= endNs; i++)
        {
            if (i > 100_000)
            {
                throw new AssertionError("the stack wants to be polled for ever");
            }
            nowNs = Math.max(nowNs, stack.nextDeadlineNs());
            poll();
        }
        nowNs = endNs;
        poll();
    }

    Seg seg(final int flags, final int seq)
    {
        return new Seg(flags, seq);
    }

    /** The next segment that came out; fails when there is none. */
    Out out()
    {
        final Out out = outbox.poll();
        assertNotNull(out, () -> "nothing came out; trace:\n" + String.join("\n", trace));
        return out;
    }

    Out outOrNull()
    {
        return outbox.poll();
    }

    void expectSilence()
    {
        final Out out = outbox.poll();
        assertNull(out, () -> "came out unexpectedly; trace:\n" + String.join("\n", trace));
    }

    int outputs()
    {
        return outbox.size();
    }

    void discardOutput()
    {
        outbox.clear();
    }

    /** A segment from the peer. */
    final class Seg
    {
        private final UnsafeBuffer options = new UnsafeBuffer(new byte[64]);
        private final int flags;
        private final int seq;
        private int ack;
        private int window = 65_535;
        private int optionsLength;
        private int length;
        private int ipEcn;
        private int gso;
        private long pattern;
        private int urgentPointer;
        private int tos;
        private int dataOffset = -1;

        Seg(final int flags, final int seq)
        {
            this.flags = flags;
            this.seq = seq;
        }

        Seg ack(final int number)
        {
            ack = number;
            return this;
        }

        Seg window(final int field)
        {
            window = field;
            return this;
        }

        Seg data(final int bytes)
        {
            return data(bytes, 0);
        }

        Seg data(final int bytes, final long streamOffset)
        {
            length = bytes;
            pattern = streamOffset;
            return this;
        }

        Seg ecn(final int field)
        {
            ipEcn = field;
            return this;
        }

        /** Deliver it as a super-segment of segments of this payload. */
        Seg gso(final int unit)
        {
            gso = unit;
            return this;
        }

        /** Accurate ECN with three counters, ECT(0) first. */
        Seg accurateEcn(final int e0, final int ce, final int e1)
        {
            return put(4, 0x01AC_0B00 | e0 >>> 16).put(4, e0 << 16 | ce >>> 8).put(4, ce << 24 | e1);
        }

        Seg urgent(final int pointer)
        {
            urgentPointer = pointer;
            return this;
        }

        Seg tos(final int octet)
        {
            tos = octet;
            return this;
        }

        Seg userTimeout(final int field)
        {
            return put(4, 0x1C04_0000 | field);
        }

        Seg mss(final int mss)
        {
            return put(4, 0x0204_0000 | mss);
        }

        Seg windowScale(final int shift)
        {
            return put(4, 0x0103_0300 | shift);
        }

        Seg sackPermitted()
        {
            return put(4, 0x0101_0402);
        }

        Seg timestamps(final int val, final int ecr)
        {
            return put(4, 0x0101_080A).put(4, val).put(4, ecr);
        }

        /** A cookie of eight bytes, or none of length 0; aligned at its end. */
        Seg fastOpen(final int cookieLength, final long cookie, final boolean experimental)
        {
            final int head = experimental ? 4 : 2;
            for (int pad = -(head + cookieLength) & 3; pad > 0; pad--)
            {
                options.putByte(optionsLength++, (byte)TcpOptions.NOP);
            }
            options.putByte(optionsLength, (byte)(experimental ? TcpOptions.EXPERIMENTAL : TcpOptions.FAST_OPEN));
            options.putByte(optionsLength + 1, (byte)(head + cookieLength));
            if (experimental)
            {
                options.putShort(optionsLength + 2, (short)TcpOptions.FAST_OPEN_MAGIC, ByteOrder.BIG_ENDIAN);
            }
            if (cookieLength > 0)
            {
                options.putLong(optionsLength + head, cookie, ByteOrder.BIG_ENDIAN);
            }
            optionsLength += head + cookieLength;
            return this;
        }

        Seg sack(final int... edges)
        {
            put(4, 0x0101_0500 | 2 + 4 * edges.length);
            for (final int edge : edges)
            {
                put(4, edge);
            }
            return this;
        }

        /** Option bytes as they are, padded with zeros; at most 40. */
        Seg options(final byte[] bytes)
        {
            options.putBytes(optionsLength, bytes);
            optionsLength += bytes.length + 3 & ~3;
            return this;
        }

        /** Another data offset than the true one, in words. */
        Seg dataOffset(final int words)
        {
            dataOffset = words;
            return this;
        }

        private Seg put(final int bytes, final int value)
        {
            options.putInt(optionsLength, value, ByteOrder.BIG_ENDIAN);
            optionsLength += bytes;
            return this;
        }

        /** Deliver it and poll. */
        void in()
        {
            queue();
            poll();
        }

        /** Deliver it with the next poll. */
        void queue()
        {
            inbox.add(bytes());
            inboxGso.add(gso);
            trace.add(describe("<", flags, seq, ack, window, length));
        }

        private byte[] bytes()
        {
            final int ip = v6 ? Ip6Header.LENGTH : Ip4Header.LENGTH;
            final int l4 = TcpHeader.LENGTH + optionsLength + length;
            final UnsafeBuffer b = new UnsafeBuffer(new byte[ip + l4]);
            final IpAddress from = v6 ? PEER_6 : PEER;
            final IpAddress to = v6 ? LOCAL_6 : LOCAL;
            if (v6)
            {
                new Ip6Header().wrap(b, 0).encode(tos | ipEcn, 0, l4, 6, 64, from.hi(), from.lo(), to.hi(), to.lo());
            }
            else
            {
                new Ip4Header().wrap(b, 0).encode(
                    tos | ipEcn, ip + l4, 0, Ip4Header.DONT_FRAGMENT, 64, 6, (int)from.lo(), (int)to.lo());
            }
            final TcpHeader header = new TcpHeader().wrap(b, ip);
            header.urgentPointer(urgentPointer);
            header.srcPort(peerPort).dstPort(localPort).seq(seq).ack(ack).window(window)
                .headerLengthAndFlags(TcpHeader.LENGTH + optionsLength, flags);
            if (dataOffset >= 0)
            {
                b.putByte(ip + 12, (byte)(dataOffset << 4 | b.getByte(ip + 12) & 0xF));
            }
            b.putBytes(ip + TcpHeader.LENGTH, options, 0, optionsLength);
            b.putBytes(ip + l4 - length, Pattern.table(), Pattern.at(pattern), length);
            final int addresses = v6 ? Ip6Header.SRC_OFFSET : Ip4Header.SRC_OFFSET;
            final long sum = Checksum.pseudoHeader(b, addresses, v6 ? 32 : 8, 6, l4) + Checksum.sum(b, ip, l4);
            header.checksum(Checksum.finish(sum));
            return b.byteArray();
        }
    }

    private static String describe(
        final String way, final int flags, final int seq, final int ack, final int window, final int length)
    {
        return way + " flags " + Integer.toBinaryString(flags) + " seq " + seq + " ack " + ack + " win " + window +
            " len " + length;
    }

    /** Deliver a whole packet as it is, and poll. */
    void in(final byte[] packet)
    {
        inbox.add(packet);
        poll();
    }

    @Override
    public boolean receive(final Packet packet)
    {
        final byte[] bytes = inbox.poll();
        if (bytes == null)
        {
            return false;
        }
        receiveBuffer.putBytes(Packet.HEADROOM, bytes);
        packet.wrap(receiveBuffer, Packet.HEADROOM, bytes.length, inboxGso.remove(), Packet.CHECKSUM_COMPLETE);
        return true;
    }

    @Override
    public boolean transmit(final Packet packet)
    {
        if (packet.protocol() != TcpHeader.PROTOCOL)
        {
            return true;
        }
        final TcpHeader h = new TcpHeader().wrap(packet.buffer(), packet.l4Offset());
        final int length = packet.l4Length() - h.headerLength();
        final TcpOptions options = new TcpOptions().parse(
            packet.buffer(), packet.l4Offset() + TcpHeader.LENGTH, h.headerLength() - TcpHeader.LENGTH);
        final int first = packet.buffer().getInt(packet.offset(), ByteOrder.BIG_ENDIAN);
        final boolean four = packet.version() == 4;
        outbox.add(new Out(h.flags(), h.seq(), h.ack(), h.window(), length, options, h.srcPort(), h.dstPort(),
            (h.flags() & TcpHeader.URG) != 0 ? h.urgentPointer() : 0,
            packet.buffer().getByte(packet.offset() + (four ? 8 : 7)) & 0xFF, (four ? first >> 16 : first >> 20) & 0xFF));
        trace.add(describe("  >", h.flags(), h.seq(), h.ack(), h.window(), length));
        return true;
    }

    @Override
    public int mtu()
    {
        return mtu;
    }

    @Override
    public int maxGsoBytes()
    {
        return gso;
    }

    @Override
    public boolean checksumOffload()
    {
        return gso > 0;
    }

    // What most tests begin with

    int iss;
    int irs = 1000;
    boolean timestamps;
    int tsVal = 100;
    StreamPeer peer;

    /**
     * A passive open without timestamps or scaling: our ISS is {@link #iss}, the next number of the peer is {@code irs
     * + 1}.
     */
    Wire accept(final StreamPeer service)
    {
        peer = service;
        stack.listen(IpAddress.ANY, LOCAL_PORT, service);
        final Seg syn = seg(S, irs).mss(1460).sackPermitted();
        (timestamps ? syn.timestamps(tsVal, 0) : syn).in();
        final Out synAck = out();
        iss = synAck.seq();
        final Seg ack = seg(A, irs + 1).ack(iss + 1);
        (timestamps ? ack.timestamps(tsVal, synAck.options().tsVal()) : ack).in();
        return this;
    }

    /** An active open, answered; the same numbers as {@link #accept}. */
    Wire connect(final StreamPeer service)
    {
        peer = service;
        peer.connection = stack.connect(IpAddress.ANY, LOCAL_PORT, PEER, PEER_PORT, service, nowNs);
        poll();
        iss = out().seq();
        seg(S | A, irs).ack(iss + 1).mss(1460).sackPermitted().in();
        discardOutput();
        return this;
    }

    Tcb tcb()
    {
        return ((Connection)peer.connection).tcb();
    }

    /** The Tcb of the only connection that there is. */
    Tcb tcbOfOnly()
    {
        final List<Tcb> all = new ArrayList<>();
        stack.tcp().transfers().forEachConnection(all::add);
        assertEquals(1, all.size());
        return all.get(0);
    }
}
