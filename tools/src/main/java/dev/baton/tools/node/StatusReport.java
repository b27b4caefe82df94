package dev.baton.tools.node;

import dev.baton.stack.ip.IpCounter;
import dev.baton.tun.TunCounters;

import java.util.Map;
import java.util.TreeMap;

/** What a node says about itself. Called on the shard's thread. */
final class StatusReport
{
    private StatusReport()
    {
    }

    /**
     * Describe a node.
     *
     * @param node to be described.
     * @return members of the document.
     */
    static Map<String, Object> of(final Node node)
    {
        final Map<String, Object> status = new TreeMap<>();
        status.put("node", node.config().name());
        status.put("state", node.loop().stopRequests() == 0 ? "serving" : "draining");
        status.put("pid", ProcessHandle.current().pid());
        status.put("started_ms", node.startedMs());
        status.put("uptime_ms", System.currentTimeMillis() - node.startedMs());
        status.put("run_dir", node.config().runDirectory().toString());
        status.put("addresses", node.config().addresses().stream().map(Object::toString).toList());
        status.put("connections", node.stack().connectionCount());
        status.put("modules", node.stack().chain().modules().stream().map((module) -> module.name()).toList());
        status.put("services", node.services().report());
        status.put("control", NodeControl.report(node.control()));
        status.put("tun", tun(node));
        status.put("shard", shard(node));
        status.put("counters", counters(node));
        return status;
    }

    private static Map<String, Object> counters(final Node node)
    {
        final Map<String, Object> tcp = new TreeMap<>();
        node.stack().counters().forEach(tcp::put);
        final Map<String, Object> ip = new TreeMap<>();
        for (final IpCounter counter : IpCounter.values())
        {
            ip.put(counter.mibName(), node.stack().ipCounters().get(counter));
        }
        return Map.of("ip", ip, "tcp", tcp);
    }

    private static Map<String, Object> shard(final Node node)
    {
        final Map<String, Object> shard = new TreeMap<>();
        shard.put("turns", node.loop().turns());
        shard.put("commands", node.commands().executed());
        shard.put("commands_refused", node.commands().refused());
        shard.put("errors", node.errors().total());
        shard.put("distinct_errors", node.errors().report());
        shard.put("parks", node.waiter().parks());
        shard.put("wakes", node.waiter().wakes());
        shard.put("spins", node.waiter().spin().spins());
        shard.put("spin_hits", node.waiter().spin().hits());
        return shard;
    }

    private static Map<String, Object> tun(final Node node)
    {
        final TunCounters counters = node.device().queue(0).counters();
        final Map<String, Object> tun = new TreeMap<>();
        tun.put("name", node.device().name());
        tun.put("mtu", node.device().queue(0).mtu());
        tun.put("max_gso_bytes", node.device().queue(0).maxGsoBytes());
        tun.put("checksum_offload", node.device().queue(0).checksumOffload());
        tun.put("rx_packets", counters.rxPackets());
        tun.put("rx_bytes", counters.rxBytes());
        tun.put("rx_supers", counters.rxSupers());
        tun.put("rx_refused", counters.rxRefused());
        tun.put("tx_packets", counters.txPackets());
        tun.put("tx_bytes", counters.txBytes());
        tun.put("tx_supers", counters.txSupers());
        tun.put("tx_copies", counters.txCopies());
        tun.put("tx_refused", counters.txRefused());
        tun.put("errors", counters.errors());
        final Throwable failure = node.device().queue(0).failure();
        tun.put("failure", failure == null ? null : failure.getMessage());
        return tun;
    }
}
