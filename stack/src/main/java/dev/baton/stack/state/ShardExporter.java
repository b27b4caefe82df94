package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackCounter;
import dev.baton.stack.ip.IpCounter;
import dev.baton.stack.state.codec.AddressEncoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.IsnGenerator;
import dev.baton.stack.tcp.Listener;
import dev.baton.stack.wire.IpAddress;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;
import java.util.List;

/** Writes a whole shard, in a canonical form: records by {@link ShardKind}, framed by {@link ShardFrame}. Used once. */
final class ShardExporter
{
    static final int TCP_COUNTERS = 0;
    static final int IP_COUNTERS = 1;

    private final NetStack stack;
    private final IsnGenerator clock;
    private final long nowNs;
    private final MutableDirectBuffer buffer;
    private final int[] counts = new int[ShardKind.values().length];
    private int at;

    ShardExporter(final NetStack stack, final long nowNs, final MutableDirectBuffer buffer)
    {
        this.stack = stack;
        this.clock = stack.tcp().isnGenerator();
        this.nowNs = nowNs;
        this.buffer = buffer;
    }

    /** Writes one record. */
    private interface Body
    {
        /** Write it at an offset, and return its length. */
        int write(int offset);
    }

    private void record(final ShardKind kind, final Body body)
    {
        final int length = body.write(at + Integer.BYTES);
        buffer.putInt(at, length, ByteOrder.LITTLE_ENDIAN);
        at += Integer.BYTES + length;
        counts[kind.ordinal()]++;
    }

    /** Write the image; returns its length in bytes. */
    int export(final int offset)
    {
        at = offset + ShardFrame.FIRST_RECORD;
        configuration();
        final ShardStateCodec state = new ShardStateCodec();
        record(ShardKind.STATE, (to) -> state.write(stack, nowNs, buffer, to));
        listeners();
        network();
        connections();
        fragments();
        final UdpCodec udp = new UdpCodec();
        stack.udp().forEach((ucb) -> record(ShardKind.UDP_SOCKET, (to) -> udp.export(ucb.handle(), buffer, to)));
        final QueueOrders orders = new QueueOrders();
        QueueOrders.forEach(stack, (queue, port, ids) ->
            record(ShardKind.QUEUE_ORDER, (to) -> orders.write(queue, port, ids, buffer, to)));
        counters();
        ShardFrame.finish(buffer, offset, at, stack.context().shard(), counts);
        return at - offset;
    }

    private void configuration()
    {
        final NamedValues names = new NamedValues();
        for (final ShardSettings.Setting setting : ShardSettings.of(stack))
        {
            record(ShardKind.SETTING, (to) -> names.writeSetting(setting.name(), setting.value(), buffer, to));
        }
        for (final IpAddress address : stack.localAddresses().list())
        {
            record(ShardKind.ADDRESS, (to) -> address(address, to));
        }
    }

    private int address(final IpAddress address, final int to)
    {
        new AddressEncoder().wrapAndApplyHeader(buffer, to, new MessageHeaderEncoder())
            .hi(address.hi())
            .lo(address.lo())
            .prefixLength((short)stack.localAddresses().prefixLength(address));
        return MessageHeaderEncoder.ENCODED_LENGTH + AddressEncoder.BLOCK_LENGTH;
    }

    private void listeners()
    {
        final ListenerCodec codec = new ListenerCodec();
        final List<Listener> announced = stack.tcp().shardAccess().announcements();
        for (final Listener listener : stack.tcp().shardAccess().listeners())
        {
            record(ShardKind.LISTENER,
                (to) -> codec.write(listener, announced.indexOf(listener) + 1, nowNs, buffer, to));
        }
    }

    private void network()
    {
        final PeerMetricsCodec peers = new PeerMetricsCodec();
        record(ShardKind.ROUTES, (to) -> new RouteCodec().write(stack.paths().routes(), buffer, to));
        record(ShardKind.PATH_MTUS, (to) -> new PathMtuCodec().write(stack.paths().pathMtu(), nowNs, buffer, to));
        record(ShardKind.ICMP_LIMITS,
            (to) -> new LimiterCodec().write(stack.icmpLimiter(), stack.fragmentIds(), nowNs, buffer, to));
        stack.tcp().handshakes().peers().forEach(
            (peer) -> record(ShardKind.PEER, (to) -> peers.write(peer, nowNs, buffer, to)));
    }

    private void connections()
    {
        final ConnectionExporter connections = new ConnectionExporter();
        final HalfOpenCodec halfOpens = new HalfOpenCodec();
        final TimeWaitCodec timeWaits = new TimeWaitCodec();
        stack.tcp().transfers().forEachConnection(
            (tcb) -> record(ShardKind.CONNECTION, (to) -> connections.export(tcb, nowNs, buffer, to)));
        stack.tcp().transfers().forEachHalfOpen(
            (entry) -> record(ShardKind.HALF_OPEN, (to) -> halfOpens.write(entry, clock, nowNs, buffer, to)));
        stack.tcp().transfers().forEachTimeWait(
            (entry) -> record(ShardKind.TIME_WAIT, (to) -> timeWaits.write(entry, clock, nowNs, buffer, to)));
    }

    /** The codec frames its records as they stand here. */
    private void fragments()
    {
        counts[ShardKind.FRAGMENTS.ordinal()] = stack.reassembler().waiting().size();
        at += new ReassemblyCodec().write(stack.reassembler(), nowNs, buffer, at);
    }

    private void counters()
    {
        final NamedValues names = new NamedValues();
        for (final StackCounter counter : StackCounter.values())
        {
            final long value = stack.counters().get(counter);
            if (value != 0)
            {
                record(ShardKind.COUNTER,
                    (to) -> names.writeCounter(TCP_COUNTERS, counter.label(), value, buffer, to));
            }
        }
        for (final IpCounter counter : IpCounter.values())
        {
            final long value = stack.ipCounters().get(counter);
            if (value != 0)
            {
                record(ShardKind.COUNTER,
                    (to) -> names.writeCounter(IP_COUNTERS, counter.mibName(), value, buffer, to));
            }
        }
    }
}
