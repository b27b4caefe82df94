package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.tools.demo.Tap.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What a small faultless run leaves behind: four handed-off connections to two backs over both families, one that
 * stays, one that stays while modules come and go, and one without a module. Tests break one thing in it and see which
 * check notices.
 */
final class SyntheticRun
{
    static final String FRONT = "front";
    static final String B1 = "b1";
    static final String B2 = "b2";
    static final String CLIENT = "client";
    static final IpAddress VIP4 = IpAddress.parse("198.18.255.1");
    static final IpAddress VIP6 = IpAddress.parse("fd00:198:18:ff::1");
    static final IpAddress CLIENT4 = IpAddress.parse("198.18.1.2");
    static final IpAddress CLIENT6 = IpAddress.parse("fd00:198:18:1::2");
    static final int PORT = 80;
    static final int TS_OFFSET = 5_000;
    static final int DELTA_STEP = 0x4000_0000;

    private static final int CONTROL = 7400;
    private static final int RESPONSE_BYTES = 1000;

    final List<Segment> segments = new ArrayList<>();
    final List<IcmpMessage> icmp = new ArrayList<>();
    final List<HandoffRecord> records = new ArrayList<>();
    final Map<String, Map<String, Long>> counters = new TreeMap<>();
    final Map<String, List<String>> live = new TreeMap<>();
    final Map<String, List<String>> tables = new TreeMap<>();
    final Map<String, List<String>> busy = new TreeMap<>();
    final List<Fetch> fetches = new ArrayList<>();
    final List<ModuleEvent> events = new ArrayList<>();
    CodeFacts code = new CodeFacts(100, 0, 30, 0);
    long frontAccepted = 3;
    long settledMs = 2_500;
    long holdsInUse;
    long lost;

    private long nowNs = 1_000_000_000_000L;
    private int controlSeq = 1;

    /** A connection that is being written down. */
    private final class Flow
    {
        private final IpAddress client;
        private final IpAddress vip;
        private final int port;
        private final String back;
        private final int isnClient;
        private final int isnFront;
        private final int isnBack;
        private int ts;

        private Flow(final boolean ip6, final int port, final String back, final int delta)
        {
            this.client = ip6 ? CLIENT6 : CLIENT4;
            this.vip = ip6 ? VIP6 : VIP4;
            this.port = port;
            this.back = back;
            this.isnClient = 1000 * port;
            this.isnFront = 0xFFFF_FF00 + port;
            this.isnBack = isnFront - delta;
        }

        private boolean moved()
        {
            return back != null;
        }

        private SegmentBuilder ofClient()
        {
            return new SegmentBuilder().from(client, port).to(vip, PORT).stamps(++ts, 100_000 + ts);
        }

        private SegmentBuilder ofServer()
        {
            return new SegmentBuilder().from(vip, PORT).to(client, port).stamps(100_000 + ++ts, ts);
        }

        private void clientToFront(final SegmentBuilder segment)
        {
            segments.add(segment.at(tick(), CLIENT, Device.DATA, true).build());
            segments.add(segment.at(tick(), FRONT, Device.DATA, false).build());
            segments.add(segment.at(tick(), FRONT, Device.TUN, true).build());
        }

        private void frontToClient(final SegmentBuilder segment)
        {
            segments.add(segment.at(tick(), FRONT, Device.TUN, false).build());
            segments.add(segment.at(tick(), FRONT, Device.DATA, true).build());
            segments.add(segment.at(tick(), CLIENT, Device.DATA, false).build());
        }

        private void forward(final Segment original)
        {
            final Segment.Options o = original.options();
            final SegmentBuilder segment = SegmentBuilder.of(original)
                .to(topology().stackOf(back, vip), PORT)
                .ack(original.ack() - (isnFront - isnBack))
                .stamps(o.tsVal(), o.tsEcr() - TS_OFFSET)
                .sack(o.shiftedEdges(isnBack - isnFront).toArray(new Integer[0]));
            segments.add(segment.at(tick(), FRONT, Device.TUN, false).build());
            segments.add(segment.at(tick(), FRONT, Device.DATA, true).build());
            segments.add(segment.at(tick(), back, Device.DATA, false).build());
            segments.add(segment.at(tick(), back, Device.TUN, true).build());
        }

        private void client(final SegmentBuilder segment)
        {
            clientToFront(segment);
            if (moved())
            {
                forward(segment.build());
            }
        }

        private void server(final SegmentBuilder segment)
        {
            if (!moved())
            {
                frontToClient(segment);
                return;
            }
            segments.add(segment.at(tick(), back, Device.TUN, false).build());
            segments.add(segment.at(tick(), back, Device.DATA, true).build());
            segments.add(segment.at(tick(), CLIENT, Device.DATA, false).build());
        }

        private void handshake()
        {
            clientToFront(new SegmentBuilder().from(client, port).to(vip, PORT).flags(TcpHeader.SYN).seq(isnClient)
                .handshakeOptions());
            frontToClient(ofServer().flags(TcpHeader.SYN | TcpHeader.ACK).seq(isnFront).ack(isnClient + 1)
                .window(65_535)
                .handshakeOptions());
            clientToFront(ofClient().seq(isnClient + 1).ack(isnFront + 1));
        }

        /** Request, response in two parts with what is done between them, and the close, the server's first. */
        private void exchange(final String request, final Runnable meanwhile)
        {
            final int requestEnd = isnClient + 1 + request.length();
            final SegmentBuilder get = ofClient().seq(isnClient + 1).ack(isnFront + 1).text(request);
            clientToFront(get);
            if (moved())
            {
                control(FRONT, back, 253);
                control(back, FRONT, 49);
                forward(get.build());
            }
            final int first = isnFront + 1;
            server(ofServer().seq(first).ack(requestEnd).payload(RESPONSE_BYTES).window(600));
            client(ofClient().seq(requestEnd).ack(first).sack(first + 10, first + 20));
            meanwhile.run();
            server(ofServer().seq(first + RESPONSE_BYTES).ack(requestEnd).payload(RESPONSE_BYTES)
                .flags(TcpHeader.ACK | TcpHeader.FIN).window(600));
            final int end = first + 2 * RESPONSE_BYTES + 1;
            client(ofClient().seq(requestEnd).ack(end).flags(TcpHeader.ACK | TcpHeader.FIN));
            server(ofServer().seq(end).ack(requestEnd + 1).window(600));
            if (moved())
            {
                control(back, FRONT, 42);
            }
        }

        private void told(final String id)
        {
            if (moved())
            {
                final long forwarded = segments.stream().filter(s -> s.srcPort() == port && s.src().equals(client) &&
                    s.tap().equals(new Tap(FRONT, Device.TUN)) && !s.outgoing()).count();
                records.add(new HandoffRecord(FRONT, HandoffRecord.FRONT, back, id, 2, client, port, isnFront, isnBack,
                    isnFront - isnBack, "terminated: CLOSED", forwarded));
                records.add(new HandoffRecord(back, HandoffRecord.BACK, FRONT, id, 2, client, port, isnFront, isnBack,
                    isnFront - isnBack, "terminated: CLOSED", 3));
            }
        }
    }

    SyntheticRun()
    {
        channel(B1, FRONT);
        channel(B2, FRONT);
        channel(B1, B2);
        moved(false, 20_001, B1, true);
        moved(true, 40_001, B1, false);
        moved(false, 40_002, B2, false);
        moved(true, 40_003, B2, false);
        stays(40_010, "/home/1.bin", true, false);
        stays(40_011, "/home/2.bin", true, true);
        stays(40_012, "/b1/1.bin", false, false);
        counters.put(FRONT, new TreeMap<>(Map.of("indications_held", 6L, "stayed_by_policy", 2L, "handoffs", 4L,
            "terminations_received", 4L)));
        for (final String back : List.of(B1, B2))
        {
            counters.put(back, new TreeMap<>(Map.of("requests_received", 2L, "prepared", 2L, "activated", 2L,
                "terminations_sent", 2L)));
        }
        busy.put(FRONT, new ArrayList<>());
        busy.put(B1, new ArrayList<>(List.of("198.18.1.2:20001 ESTAB")));
        tables.put(FRONT, new ArrayList<>());
    }

    private void moved(final boolean ip6, final int port, final String back, final boolean eventful)
    {
        final Flow flow = new Flow(ip6, port, back, DELTA_STEP + 7 * port);
        final long beganNs = tick();
        final String path = "/" + back + "/1.bin";
        flow.handshake();
        flow.exchange("GET " + path + " HTTP/1.1\r\n\r\n", () ->
        {
            if (eventful)
            {
                event(FRONT, "refused unload", flow);
                event(FRONT, "replace", flow);
                event(B1, "replace", flow);
            }
        });
        flow.told(Integer.toHexString(port));
        fetch(flow, beganNs, path, back, true);
    }

    private void stays(final int port, final String path, final boolean policyApplied, final boolean eventful)
    {
        final Flow flow = new Flow(false, port, null, 0);
        final long beganNs = tick();
        flow.handshake();
        flow.exchange("GET " + path + " HTTP/1.1\r\n\r\n", () ->
        {
            if (eventful)
            {
                event(FRONT, "unload", flow);
                event(FRONT, "load", flow);
            }
        });
        fetch(flow, beganNs, path, FRONT, policyApplied);
    }

    private void fetch(final Flow flow, final long beganNs, final String path, final String server,
        final boolean policyApplied)
    {
        fetches.add(new Fetch(flow.port, "http://vip" + path, path, false, beganNs, tick(), flow.client, flow.port,
            true, 200,
            2 * RESPONSE_BYTES, "cafe", "cafe", server, server, policyApplied, ""));
    }

    private void event(final String node, final String action, final Flow flow)
    {
        events.add(new ModuleEvent(node, action, tick(), tick(), flow.client, flow.port, true, "done"));
    }

    final void channel(final String dialler, final String listener)
    {
        final SegmentBuilder dial = control(dialler, listener).noOptions().seq(controlSeq++);
        segments.add(dial.flags(TcpHeader.SYN).at(tick(), dialler, Device.MGMT, true).build());
        segments.add(control(listener, dialler).seq(controlSeq++).flags(TcpHeader.SYN | TcpHeader.ACK)
            .at(tick(), listener, Device.MGMT, true).build());
        control(dialler, listener, 100);
        control(listener, dialler, 100);
    }

    /** A segment between two nodes on their channel; the one whose name comes first has dialled. */
    private SegmentBuilder control(final String from, final String to)
    {
        final boolean dialled = from.compareTo(to) < 0;
        final IpAddress src = topology().mgmt().get(from);
        final IpAddress dst = topology().mgmt().get(to);
        return new SegmentBuilder().from(src, dialled ? 50_000 : CONTROL).to(dst, dialled ? CONTROL : 50_000);
    }

    private void control(final String from, final String to, final int recordBytes)
    {
        final SegmentBuilder segment = control(from, to).seq(controlSeq).record(recordBytes);
        controlSeq += 5 + recordBytes;
        segments.add(segment.at(tick(), from, Device.MGMT, true).build());
        segments.add(segment.at(tick(), to, Device.MGMT, false).build());
    }

    long tick()
    {
        nowNs += 10_000;
        return nowNs;
    }

    static Topology topology()
    {
        return new Topology(CLIENT, FRONT, List.of(B1, B2), List.of(VIP4, VIP6), PORT,
            Map.of(FRONT, List.of(IpAddress.parse("198.18.200.2"), IpAddress.parse("fd00:198:18:200::2")),
                B1, List.of(IpAddress.parse("198.18.200.3"), IpAddress.parse("fd00:198:18:200::3")),
                B2, List.of(IpAddress.parse("198.18.200.4"), IpAddress.parse("fd00:198:18:200::4"))),
            Map.of(FRONT, IpAddress.parse("198.19.0.12"), B1, IpAddress.parse("198.19.0.13"), B2,
            IpAddress.parse("198.19.0.14")),
            CONTROL);
    }

    /** The first segment that fits, as it was captured. */
    Segment first(final Predicate<Segment> wanted)
    {
        return segments.stream().filter(wanted).findFirst().orElseThrow();
    }

    void drop(final Predicate<Segment> unwanted)
    {
        if (!segments.removeIf(unwanted))
        {
            throw new IllegalArgumentException("nothing to drop");
        }
    }

    /** Change the first segment that fits. */
    void change(final Predicate<Segment> wanted, final UnaryOperator<SegmentBuilder> change)
    {
        final Segment found = first(wanted);
        segments.set(segments.indexOf(found), change.apply(SegmentBuilder.of(found)).build());
    }

    /** Add a changed copy of the first segment that fits, right behind it. */
    void repeat(final Predicate<Segment> wanted, final UnaryOperator<SegmentBuilder> change)
    {
        final Segment found = first(wanted);
        segments.add(change.apply(SegmentBuilder.of(found).time(found.timeNs() + 1)).build());
    }

    void changeRecord(final String role, final UnaryOperator<HandoffRecord> change)
    {
        final HandoffRecord found = records.stream().filter(r -> r.role().equals(role)).findFirst().orElseThrow();
        records.set(records.indexOf(found), change.apply(found));
    }

    void changeFetch(final Predicate<Fetch> wanted, final UnaryOperator<Fetch> change)
    {
        final Fetch found = fetches.stream().filter(wanted).findFirst().orElseThrow();
        fetches.set(fetches.indexOf(found), change.apply(found));
    }

    Evidence evidence()
    {
        final CensusLog log = new CensusLog();
        for (final String node : List.of(FRONT, B1, B2))
        {
            log.now(new ModuleCensus(node, records.stream().filter(r -> r.node().equals(node)).toList(),
                FRONT.equals(node) ? live.getOrDefault(node, List.of()) : List.of(),
                FRONT.equals(node) ? List.of() : live.getOrDefault(node, List.of()),
                counters.getOrDefault(node, Map.of()), FRONT.equals(node) ? holdsInUse : 0, 0));
        }
        final Settled settled = new Settled(
            log, tables, busy, "198.18.1.2:20001", B1, frontAccepted, settledMs, 4_000);
        return new Evidence(new Trace(topology(), segments, icmp), fetches, events, settled, code, lost);
    }
}
