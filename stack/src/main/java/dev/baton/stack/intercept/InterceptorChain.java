package dev.baton.stack.intercept;

import dev.baton.stack.Packet;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.service.TcpConnection;
import org.agrona.ExpandableArrayBuffer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The modules of a shard, in the order in which they were added: the first one is nearest to the link. A segment going
 * up, and a connection indication, meet them first to last; a segment going down meets them last to first. An empty
 * chain costs one branch.
 * <p>
 * What a module throws costs the packet that it was given and is counted; a module with too many faults is unloaded: it
 * gets no call any more but {@link InterceptorModule#close()}, and what it held is released.
 * <p>
 * The chain changes only between two walks: a change asked for from inside a call of a module takes effect for the
 * walks that begin after it. Used by the shard's thread only.
 */
public final class InterceptorChain
{
    private static final int EXPORT_BYTES = 4096;

    private final ChainEnds ends;
    private final StackCounters counters;
    private final int maxFaults;
    private ChainSlot[] slots = {};

    /**
     * An empty chain.
     *
     * @param ends      what it stands between.
     * @param counters  to be raised.
     * @param maxFaults of a module before it is unloaded.
     */
    public InterceptorChain(final ChainEnds ends, final StackCounters counters, final int maxFaults)
    {
        this.ends = ends;
        this.counters = counters;
        this.maxFaults = maxFaults;
    }

    /**
     * Put a module into the chain, above all others, and open it.
     *
     * @param module   to be added.
     * @param settings of it.
     * @param services what the node offers to modules, by type; gives null for what it has not.
     * @param log      takes the module's messages.
     * @param nowNs    time of the change.
     * @throws IllegalStateException when there is a module of that name already; nothing has changed then, nor when
     *                               opening throws.
     */
    public void add(
        final InterceptorModule module,
        final Map<String, String> settings,
        final Function<Class<?>, Object> services,
        final Consumer<String> log,
        final long nowNs)
    {
        if (find(module.name()) >= 0)
        {
            throw new IllegalStateException("module '" + module.name() + "' is loaded already; unload or replace it");
        }
        final ChainSlot slot = new ChainSlot(this, module, settings, services, log);
        slot.index = slots.length;
        open(slot);
        final ChainSlot[] longer = Arrays.copyOf(slots, slots.length + 1);
        longer[slots.length] = slot;
        slots = longer;
    }

    /**
     * Take a module out of the chain and close it. Indications that it held go on to the modules above it.
     *
     * @param name  of the module.
     * @param force also when connections depend on it.
     * @param nowNs time of the change.
     * @throws IllegalStateException when there is none of that name, or when connections depend on it and {@code force}
     *                               is not set.
     */
    public void remove(final String name, final boolean force, final long nowNs)
    {
        final ChainSlot slot = slots[known(name)];
        final int live = slot.module.liveEntries();
        if (live > 0 && !force)
        {
            throw new IllegalStateException("module '" + name + "' still serves " + live +
                " connections; wait for them, replace the module, or use force");
        }
        takeOut(slot, nowNs);
    }

    /**
     * Put a module into the place of the one of the same name: it gets the old one's state and the indications that it
     * held.
     *
     * @param fresh    the new module.
     * @param settings of it.
     * @param services what the node offers to modules, by type.
     * @param log      takes the module's messages.
     * @param nowNs    time of the cut.
     * @throws IllegalStateException    when there is none of that name.
     * @throws IllegalArgumentException when the new module refuses the state; the old one stays.
     */
    public void replace(
        final InterceptorModule fresh,
        final Map<String, String> settings,
        final Function<Class<?>, Object> services,
        final Consumer<String> log,
        final long nowNs)
    {
        final int at = known(fresh.name());
        final ChainSlot old = slots[at];
        final ExpandableArrayBuffer state = new ExpandableArrayBuffer(EXPORT_BYTES);
        final int length = old.module.exportState(state, 0, nowNs);
        final ChainSlot slot = new ChainSlot(this, fresh, settings, services, log);
        slot.index = at;
        open(slot);
        try
        {
            fresh.importState(state, 0, length, nowNs);
        }
        catch (final RuntimeException ex)
        {
            closeQuietly(slot);
            throw ex;
        }
        slot.held.putAll(old.held);
        old.held.clear();
        final ChainSlot[] changed = slots.clone();
        changed[at] = slot;
        slots = changed;
        old.dead = true;
        closeQuietly(old);
    }

    private void open(final ChainSlot slot)
    {
        try
        {
            slot.open();
        }
        catch (final RuntimeException | Error ex)
        {
            closeQuietly(slot);
            throw ex;
        }
    }

    private int find(final String name)
    {
        for (int i = 0; i < slots.length; i++)
        {
            if (slots[i].module.name().equals(name))
            {
                return i;
            }
        }
        return -1;
    }

    private int known(final String name)
    {
        final int at = find(name);
        if (at < 0)
        {
            throw new IllegalStateException("module '" + name + "' is not loaded; loaded are " +
                modules().stream().map(InterceptorModule::name).toList());
        }
        return at;
    }

    private void takeOut(final ChainSlot slot, final long nowNs)
    {
        slot.dead = true;
        final ChainSlot[] shorter = new ChainSlot[slots.length - 1];
        for (int from = 0, to = 0; from < slots.length; from++)
        {
            if (slots[from] != slot)
            {
                shorter[to] = slots[from];
                to++;
            }
        }
        for (int i = 0; i < shorter.length; i++)
        {
            shorter[i].index = i;
        }
        slots = shorter;
        final TcpConnection[] held = slot.held.values().toArray(new TcpConnection[0]);
        slot.held.clear();
        Arrays.sort(held, (a, b) -> Long.compare(a.id(), b.id()));
        for (final TcpConnection connection : held)
        {
            indicateFrom(slot.index, connection, nowNs);
        }
        closeQuietly(slot);
    }

    private void closeQuietly(final ChainSlot slot)
    {
        try
        {
            slot.module.close();
        }
        catch (final RuntimeException | Error ex)
        {
            counters.increment(StackCounter.MODULE_FAULTS);
            slot.log("close failed: " + ex);
        }
    }

    private void fault(final ChainSlot slot, final Throwable cause, final long nowNs)
    {
        counters.increment(StackCounter.MODULE_FAULTS);
        slot.faults++;
        slot.log("fault " + slot.faults + " of " + maxFaults + ": " + cause);
        if (slot.faults >= maxFaults && !slot.dead)
        {
            counters.increment(StackCounter.MODULES_UNLOADED);
            slot.log("unloaded because of its faults");
            takeOut(slot, nowNs);
        }
    }

    /**
     * Modules in the chain.
     *
     * @return nearest to the link first; unmodifiable, a snapshot.
     */
    public List<InterceptorModule> modules()
    {
        return Arrays.stream(slots).map((slot) -> slot.module).toList();
    }

    ChainEnds ends()
    {
        return ends;
    }

    /**
     * A segment comes from the link.
     *
     * @param packet the segment.
     * @param nowNs  time of this poll.
     */
    public void ingress(final Packet packet, final long nowNs)
    {
        if (slots.length == 0)
        {
            ends.up(packet, nowNs);
            return;
        }
        ingressFrom(0, packet, nowNs);
    }

    void ingressFrom(final int index, final Packet packet, final long nowNs)
    {
        final ChainSlot[] walk = slots;
        for (int i = index; i < walk.length; i++)
        {
            final ChainSlot slot = walk[i];
            if (slot.btcp != null && !slot.dead && !passes(slot, packet, true, nowNs))
            {
                return;
            }
        }
        ends.up(packet, nowNs);
    }

    /**
     * A segment comes from TCP.
     *
     * @param packet the segment.
     * @param nowNs  time that TCP takes for now.
     */
    public void egress(final Packet packet, final long nowNs)
    {
        if (slots.length == 0)
        {
            ends.down(packet, nowNs);
            return;
        }
        egressFrom(slots.length - 1, packet, nowNs);
    }

    void egressFrom(final int index, final Packet packet, final long nowNs)
    {
        final ChainSlot[] walk = slots;
        for (int i = Math.min(index, walk.length - 1); i >= 0; i--)
        {
            final ChainSlot slot = walk[i];
            if (slot.btcp != null && !slot.dead && !passes(slot, packet, false, nowNs))
            {
                return;
            }
        }
        ends.down(packet, nowNs);
    }

    private boolean passes(final ChainSlot slot, final Packet packet, final boolean up, final long nowNs)
    {
        int verdict;
        try
        {
            verdict = up ? slot.btcp.onIngress(packet, nowNs) : slot.btcp.onEgress(packet, nowNs);
        }
        catch (final RuntimeException | Error ex)
        {
            fault(slot, ex, nowNs);
            verdict = BtcpInterceptor.DROP;
        }
        if (verdict == BtcpInterceptor.PASS)
        {
            return true;
        }
        counters.increment(verdict == BtcpInterceptor.HOLD ? StackCounter.MODULE_HOLDS : StackCounter.MODULE_DROPS);
        return false;
    }

    /**
     * A passively opened connection has become ESTABLISHED. When a module holds the indication, {@link
     * ChainEnds#indicate} follows later, or never.
     *
     * @param connection that was set up.
     * @param nowNs      time that TCP takes for now.
     */
    public void connectionEstablished(final TcpConnection connection, final long nowNs)
    {
        indicateFrom(0, connection, nowNs);
    }

    void indicateFrom(final int index, final TcpConnection connection, final long nowNs)
    {
        final ChainSlot[] walk = slots;
        for (int i = index; i < walk.length; i++)
        {
            final ChainSlot slot = walk[i];
            if (slot.utcp != null && !slot.dead && holds(slot, connection, nowNs))
            {
                slot.held.put(connection.id(), connection);
                return;
            }
        }
        ends.indicate(connection, nowNs);
    }

    private boolean holds(final ChainSlot slot, final TcpConnection connection, final long nowNs)
    {
        try
        {
            return slot.utcp.onConnection(connection, nowNs) == UtcpInterceptor.HOLD;
        }
        catch (final RuntimeException | Error ex)
        {
            fault(slot, ex, nowNs);
            return false;
        }
    }

    /**
     * The Tcb of a connection is no longer there to be indicated; a held indication is forgotten.
     *
     * @param connection that ended.
     */
    public void connectionEnded(final TcpConnection connection)
    {
        for (final ChainSlot slot : slots)
        {
            slot.held.remove(connection.id());
        }
    }

    /**
     * A passively opened connection is gone altogether.
     *
     * @param connection that ended.
     * @param nowNs      time of this poll.
     */
    public void disconnected(final TcpConnection connection, final long nowNs)
    {
        final ChainSlot[] walk = slots;
        for (final ChainSlot slot : walk)
        {
            if (slot.utcp != null && !slot.dead)
            {
                try
                {
                    slot.utcp.onDisconnect(connection, nowNs);
                }
                catch (final RuntimeException | Error ex)
                {
                    fault(slot, ex, nowNs);
                }
            }
        }
    }

    /**
     * Let modules do what is due.
     *
     * @param nowNs time of this poll.
     * @return how much they did.
     */
    public int poll(final long nowNs)
    {
        int work = 0;
        final ChainSlot[] walk = slots;
        for (final ChainSlot slot : walk)
        {
            if (!slot.dead)
            {
                try
                {
                    work += slot.module.poll(nowNs);
                }
                catch (final RuntimeException | Error ex)
                {
                    fault(slot, ex, nowNs);
                }
            }
        }
        return work;
    }

    /**
     * When {@link #poll(long)} must be called at the latest.
     *
     * @return a time, or {@link Long#MAX_VALUE}.
     */
    public long nextDeadlineNs()
    {
        long earliest = Long.MAX_VALUE;
        for (final ChainSlot slot : slots)
        {
            earliest = Math.min(earliest, slot.module.nextDeadlineNs());
        }
        return earliest;
    }
}
