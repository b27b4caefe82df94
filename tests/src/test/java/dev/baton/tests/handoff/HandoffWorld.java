package dev.baton.tests.handoff;

import dev.baton.handoff.early.EarlyHandoff;
import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.sim.SimChannel;
import dev.baton.stack.sim.SimHost;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimPath;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.tcp.Listener;
import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A cluster in virtual time: a client, a front with the VIP, and backs, each a whole stack; the module on every node; a
 * control channel between every pair. The path of a request names the node that is to serve it.
 */
final class HandoffWorld
{
    static final int PORT = 80;
    static final IpAddress VIP4 = IpAddress.parse("198.18.0.10");
    static final IpAddress VIP6 = IpAddress.parse("fd00:198:18::10");
    private static final IpAddress CLIENT4 = IpAddress.parse("198.18.9.1");
    private static final IpAddress CLIENT6 = IpAddress.parse("fd00:198:18:9::1");
    private static final long MS = 1_000_000L;

    /** One node of the cluster. */
    final class Node
    {
        final String name;
        final SimHost host;
        final SimLink link;
        final IpAddress v4;
        final IpAddress v6;
        final PatternService service = new PatternService();
        SimControlPlane plane;
        NetStack stack;
        Listener listener;
        int incarnation;

        Node(final String name, final IpAddress v4, final IpAddress v6)
        {
            this.name = name;
            this.host = world.host(name);
            this.v4 = v4;
            this.v6 = v6;
            this.link = host.link(v4, v6);
        }

        EarlyHandoff module()
        {
            return (EarlyHandoff)stack.chain().modules().get(0);
        }

        void start()
        {
            incarnation++;
            plane = new SimControlPlane(name);
            for (final Map.Entry<String, SimChannel> e : channels.entrySet())
            {
                final String[] pair = e.getKey().split(" ");
                if (pair[0].equals(name))
                {
                    plane.join(pair[1], e.getValue(), 0);
                }
                else if (pair[1].equals(name))
                {
                    plane.join(pair[0], e.getValue(), 1);
                }
            }
            final StackContext context = new StackContext()
                .address(v4)
                .address(v6)
                .seed(world.seed() * 31 + name.hashCode() + incarnation * 1000L)
                .timeWaitNs(2_000 * MS)
                .poolBytes(32 << 20);
            contexts.getOrDefault(name, c -> c).apply(context);
            stack = new NetStack(context.conclude(), link);
            listener = stack.listen(IpAddress.ANY, PORT, service);
            stack.chain().add(
                new EarlyHandoff(), settings(name), this::service, logs::add, world.nowNs());
            host.start(stack);
        }

        private Object service(final Class<?> type)
        {
            return type.isInstance(plane) ? plane : null;
        }

        void replaceModule()
        {
            stack.chain().replace(
                new EarlyHandoff(), settings(name), this::service, logs::add, world.nowNs());
        }

        void crash()
        {
            host.crash();
            stack = null;
        }
    }

    final SimWorld world;
    final Map<String, Node> nodes = new LinkedHashMap<>();
    final Map<String, SimChannel> channels = new LinkedHashMap<>();
    final Map<String, UnaryOperator<StackContext>> contexts = new HashMap<>();
    final Map<String, String> extraSettings = new LinkedHashMap<>();
    final List<String> logs = new ArrayList<>();
    final SimHost clientHost;
    final SimLink clientLink;
    final OneSpeaker speaker;
    NetStack client;

    HandoffWorld(final long seed, final int backs)
    {
        world = new SimWorld(seed);
        clientHost = world.host("client");
        clientLink = clientHost.link(CLIENT4, CLIENT6);
        node("front", VIP4, VIP6);
        for (int i = 1; i <= backs; i++)
        {
            node("back" + i, IpAddress.parse("198.18." + i + ".2"), IpAddress.parse("fd00:198:18:" + i + "::2"));
        }
        final List<Node> all = new ArrayList<>(nodes.values());
        for (int i = 0; i < all.size(); i++)
        {
            for (int j = i + 1; j < all.size(); j++)
            {
                channels.put(
                    all.get(i).name + " " + all.get(j).name, world.channel(all.get(i).host, all.get(j).host));
            }
        }
        speaker = new OneSpeaker(this);
        world.network().tap(speaker);
    }

    private void node(final String name, final IpAddress v4, final IpAddress v6)
    {
        nodes.put(name, new Node(name, v4, v6));
    }

    Node front()
    {
        return nodes.get("front");
    }

    Node back(final int i)
    {
        return nodes.get("back" + i);
    }

    SimChannel channel(final int back)
    {
        return channels.get("front back" + back);
    }

    /** Behave like real TUN devices on every node. */
    HandoffWorld offload()
    {
        clientLink.offload(65535, true);
        nodes.values().forEach(node -> node.link.offload(65535, true));
        return this;
    }

    HandoffWorld context(final String name, final UnaryOperator<StackContext> change)
    {
        contexts.put(name, change);
        return this;
    }

    HandoffWorld setting(final String name, final String value)
    {
        extraSettings.put(name, value);
        return this;
    }

    HandoffWorld start()
    {
        nodes.values().forEach(Node::start);
        startClient();
        world.run(world.nowNs() + 10 * MS);
        return this;
    }

    /** A client machine that has lost all memory of its connections. */
    void restartClient()
    {
        clientHost.crash();
        startClient();
    }

    private void startClient()
    {
        final StackContext context = new StackContext()
            .address(CLIENT4)
            .address(CLIENT6)
            .seed(world.seed() * 17 + 5 + world.nowNs())
            .timeWaitNs(2_000 * MS)
            .poolBytes(32 << 20);
        client = new NetStack(contexts.getOrDefault("client", c -> c).apply(context).conclude(), clientLink);
        clientHost.start(client);
    }

    /** Change every path between two hosts, and those that will be. */
    void everyPath(final Consumer<SimPath> change)
    {
        change.accept(world.network().defaults());
        final List<SimLink> links = new ArrayList<>();
        links.add(clientLink);
        nodes.values().forEach(node -> links.add(node.link));
        for (final SimLink from : links)
        {
            for (final SimLink to : links)
            {
                if (from != to)
                {
                    change.accept(world.network().path(from, to));
                }
            }
        }
    }

    PatternClient get(final boolean v6, final String requests, final long expected)
    {
        return connect(v6, 0, new PatternClient(requests, expected, false));
    }

    PatternClient connect(final boolean v6, final int localPort, final PatternClient handler)
    {
        handler.connection = client.connect(
            IpAddress.ANY, localPort, v6 ? VIP6 : VIP4, PORT, handler, world.nowNs());
        return handler;
    }

    boolean runUntilClosed(final PatternClient handler, final long seconds)
    {
        return world.runUntil(() -> handler.closed, world.nowNs() + seconds * 1000 * MS);
    }

    void runMs(final long ms)
    {
        world.run(world.nowNs() + ms * MS);
    }

    /** Nothing of any connection is left in any module. */
    boolean idle()
    {
        return nodes.values().stream().allMatch(node -> node.stack == null || node.module().liveEntries() == 0);
    }

    String census(final String node)
    {
        return nodes.get(node).module().census(world.nowNs());
    }

    long counter(final String node, final String name)
    {
        final String census = census(node);
        final int at = census.indexOf("\"" + name + "\":");
        if (at < 0)
        {
            throw new IllegalArgumentException("no counter " + name + " in " + census);
        }
        int end = at + name.length() + 3;
        final int start = end;
        while (Character.isDigit(census.charAt(end)) || census.charAt(end) == '-')
        {
            end++;
        }
        return Long.parseLong(census.substring(start, end));
    }

    Map<String, String> settings(final String name)
    {
        final Map<String, String> settings = new LinkedHashMap<>();
        final StringBuilder rules = new StringBuilder();
        for (final Node node : nodes.values())
        {
            settings.put("back." + node.name, node.v4 + "," + node.v6);
            rules.append(rules.isEmpty() ? "" : ",").append('/').append(node.name).append('=').append(node.name);
        }
        if (name.equals("front"))
        {
            settings.put("vips", VIP4 + ":" + PORT + ",[" + VIP6 + "]:" + PORT);
            settings.put("policy", "path");
            settings.put("policy.rules", rules.toString());
        }
        settings.putAll(extraSettings);
        return settings;
    }

    void everyNode(final Consumer<Node> action)
    {
        nodes.values().forEach(action);
    }

    TcpService service(final String node)
    {
        return nodes.get(node).service;
    }
}
