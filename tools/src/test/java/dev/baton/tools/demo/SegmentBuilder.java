package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes segments for synthetic traces, and copies of them with something changed. */
final class SegmentBuilder
{
    private long timeNs;
    private Tap tap;
    private boolean outgoing;
    private IpAddress src;
    private int srcPort;
    private IpAddress dst;
    private int dstPort;
    private int seq;
    private int ack;
    private int flags = TcpHeader.ACK;
    private int window = 1000;
    private int payload;
    private Segment.Options options = new Segment.Options(0, -1, false, true, 0, 0, List.of());
    private Segment.Sum sum = Segment.Sum.PARTIAL;
    private byte[] head = new byte[0];

    static SegmentBuilder of(final Segment s)
    {
        final SegmentBuilder b = new SegmentBuilder();
        b.timeNs = s.timeNs();
        b.tap = s.tap();
        b.outgoing = s.outgoing();
        b.src = s.src();
        b.srcPort = s.srcPort();
        b.dst = s.dst();
        b.dstPort = s.dstPort();
        b.seq = s.seq();
        b.ack = s.ack();
        b.flags = s.flags();
        b.window = s.windowField();
        b.payload = s.payloadBytes();
        b.options = s.options();
        b.sum = s.sum();
        b.head = s.head();
        return b;
    }

    SegmentBuilder at(final long timeNs, final String host, final Tap.Device device, final boolean outgoing)
    {
        this.timeNs = timeNs;
        this.tap = new Tap(host, device);
        this.outgoing = outgoing;
        return this;
    }

    SegmentBuilder time(final long timeNs)
    {
        this.timeNs = timeNs;
        return this;
    }

    SegmentBuilder from(final IpAddress address, final int port)
    {
        src = address;
        srcPort = port;
        return this;
    }

    SegmentBuilder to(final IpAddress address, final int port)
    {
        dst = address;
        dstPort = port;
        return this;
    }

    SegmentBuilder seq(final int seq)
    {
        this.seq = seq;
        return this;
    }

    SegmentBuilder ack(final int ack)
    {
        this.ack = ack;
        return this;
    }

    SegmentBuilder flags(final int flags)
    {
        this.flags = flags;
        return this;
    }

    SegmentBuilder window(final int window)
    {
        this.window = window;
        return this;
    }

    SegmentBuilder text(final String text)
    {
        head = text.getBytes(StandardCharsets.ISO_8859_1);
        payload = head.length;
        return this;
    }

    SegmentBuilder payload(final int bytes)
    {
        payload = bytes;
        return this;
    }

    /** One TLS record of application data. */
    SegmentBuilder record(final int bytes)
    {
        head = new byte[]{ControlChannel.APPLICATION_DATA, 3, 3, (byte)(bytes >>> 8), (byte)bytes};
        payload = 5 + bytes;
        return this;
    }

    SegmentBuilder head(final byte[] head)
    {
        this.head = head;
        return this;
    }

    SegmentBuilder handshakeOptions()
    {
        options = new Segment.Options(1460, 7, true, true, options.tsVal(), options.tsEcr(), List.of());
        return this;
    }

    SegmentBuilder stamps(final int tsVal, final int tsEcr)
    {
        options = new Segment.Options(
            options.mss(), options.windowScale(), options.sackPermitted(), true, tsVal, tsEcr, options.sackEdges());
        return this;
    }

    SegmentBuilder noOptions()
    {
        options = Segment.Options.NONE;
        return this;
    }

    SegmentBuilder sack(final Integer... edges)
    {
        options = new Segment.Options(options.mss(), options.windowScale(), options.sackPermitted(),
            options.timestamps(),
            options.tsVal(), options.tsEcr(), List.of(edges));
        return this;
    }

    SegmentBuilder sum(final Segment.Sum sum)
    {
        this.sum = sum;
        return this;
    }

    Segment build()
    {
        return new Segment(
            timeNs, tap, outgoing, src, srcPort, dst, dstPort, seq, ack, flags, window, payload, options, sum, head);
    }
}
