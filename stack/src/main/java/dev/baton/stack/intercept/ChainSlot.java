package dev.baton.stack.intercept;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import dev.baton.stack.service.TcpConnection;
import org.agrona.collections.Long2ObjectHashMap;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/** A module in its place in a chain: its context, its faults and the connection indications that it holds. */
final class ChainSlot implements ModuleContext
{
    final InterceptorModule module;
    BtcpInterceptor btcp;
    UtcpInterceptor utcp;
    int index;
    int faults;
    boolean dead;
    final Long2ObjectHashMap<TcpConnection> held = new Long2ObjectHashMap<>();

    private final InterceptorChain chain;
    private final Map<String, String> settings;
    private final Function<Class<?>, Object> services;
    private final Consumer<String> log;

    ChainSlot(
        final InterceptorChain chain,
        final InterceptorModule module,
        final Map<String, String> settings,
        final Function<Class<?>, Object> services,
        final Consumer<String> log)
    {
        this.chain = chain;
        this.module = module;
        this.settings = Map.copyOf(settings);
        this.services = services;
        this.log = log;
    }

    void open()
    {
        module.open(this);
        btcp = module.btcp();
        utcp = module.utcp();
    }

    @Override
    public void injectUp(final Packet packet, final long nowNs)
    {
        chain.ingressFrom(index + 1, packet, nowNs);
    }

    @Override
    public void injectDown(final Packet packet, final long nowNs)
    {
        chain.egressFrom(index - 1, packet, nowNs);
    }

    @Override
    public void release(final TcpConnection connection, final long nowNs)
    {
        if (held.remove(connection.id()) != null)
        {
            chain.indicateFrom(index + 1, connection, nowNs);
        }
    }

    @Override
    public boolean hasConnection(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        return chain.ends().hasConnection(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
    }

    @Override
    public TcpConnection connection(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        return chain.ends().connection(localHi, localLo, localPort, remoteHi, remoteLo, remotePort);
    }

    @Override
    public int receiveNext(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort,
        final int ifAbsent)
    {
        return chain.ends().receiveNext(localHi, localLo, localPort, remoteHi, remoteLo, remotePort, ifAbsent);
    }

    @Override
    public long timeWaitNs()
    {
        return chain.ends().timeWaitNs();
    }

    @Override
    public long nextRandom()
    {
        return chain.ends().nextRandom();
    }

    @Override
    public Link link()
    {
        return chain.ends().link();
    }

    @Override
    public Map<String, String> settings()
    {
        return settings;
    }

    @Override
    public <T> T service(final Class<T> type)
    {
        final Object service = services.apply(type);
        if (service == null)
        {
            throw new IllegalStateException("module '" + module.name() + "' asks for " + type.getName() +
                ", which this node does not offer; configure it, or load the module elsewhere");
        }
        return type.cast(service);
    }

    @Override
    public void log(final String message)
    {
        log.accept(module.name() + ": " + message);
    }
}
