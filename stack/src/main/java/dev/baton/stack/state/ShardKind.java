package dev.baton.stack.state;

import dev.baton.stack.state.codec.AddressDecoder;
import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.CounterDecoder;
import dev.baton.stack.state.codec.FragmentsDecoder;
import dev.baton.stack.state.codec.HalfOpenDecoder;
import dev.baton.stack.state.codec.IcmpLimitsDecoder;
import dev.baton.stack.state.codec.ListenerDecoder;
import dev.baton.stack.state.codec.PathMtusDecoder;
import dev.baton.stack.state.codec.PeerMetricsDecoder;
import dev.baton.stack.state.codec.QueueOrderDecoder;
import dev.baton.stack.state.codec.RoutesDecoder;
import dev.baton.stack.state.codec.SettingDecoder;
import dev.baton.stack.state.codec.ShardStateDecoder;
import dev.baton.stack.state.codec.TimeWaitDecoder;
import dev.baton.stack.state.codec.UdpSocketDecoder;

/** The kinds of records of a whole shard, in the order in which they stand. */
enum ShardKind
{
    /** What must be configured alike. */
    SETTING(SettingDecoder.TEMPLATE_ID),
    /** The shard's addresses. */
    ADDRESS(AddressDecoder.TEMPLATE_ID),
    /** Secrets, clocks and counts. */
    STATE(ShardStateDecoder.TEMPLATE_ID),
    /** Who listens. */
    LISTENER(ListenerDecoder.TEMPLATE_ID),
    /** The route table. */
    ROUTES(RoutesDecoder.TEMPLATE_ID),
    /** The path-MTU cache. */
    PATH_MTUS(PathMtusDecoder.TEMPLATE_ID),
    /** Limits of ICMP errors, and identifications. */
    ICMP_LIMITS(IcmpLimitsDecoder.TEMPLATE_ID),
    /** Peers, the one used last last. */
    PEER(PeerMetricsDecoder.TEMPLATE_ID),
    /** Connections with a Tcb, in order of id. */
    CONNECTION(ConnectionDecoder.TEMPLATE_ID),
    /** Half-open connections, in order of deadline and id. */
    HALF_OPEN(HalfOpenDecoder.TEMPLATE_ID),
    /** Connections in TIME-WAIT, in order of deadline and id. */
    TIME_WAIT(TimeWaitDecoder.TEMPLATE_ID),
    /** Datagrams that are not whole, the one that began first first. */
    FRAGMENTS(FragmentsDecoder.TEMPLATE_ID),
    /** UDP sockets, in order of id. */
    UDP_SOCKET(UdpSocketDecoder.TEMPLATE_ID),
    /** Queues that are not in order of id. */
    QUEUE_ORDER(QueueOrderDecoder.TEMPLATE_ID),
    /** Counters that are not 0. */
    COUNTER(CounterDecoder.TEMPLATE_ID);

    private final int templateId;

    ShardKind(final int templateId)
    {
        this.templateId = templateId;
    }

    int templateId()
    {
        return templateId;
    }
}
