package dev.baton.stack.state;

import dev.baton.stack.CounterSpace;
import dev.baton.stack.HandshakeOptions;
import dev.baton.stack.IpSettings;
import dev.baton.stack.Link;
import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.intercept.InterceptorChain;
import dev.baton.stack.service.TcpOption;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.tcp.Listener;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.congestion.CongestionControl;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * No state of a shard is forgotten: each field of each object that a shard consists of which can change is on one of the
 * two lists of {@link ShardFields}: carried by an image, which changes when the field does, or not carried, with the
 * reason. A new field fails here until it is on one of them. Fields of a Tcb are the business of {@link FieldCoverageTest}.
 */
class ShardCoverageTest
{
    private static final String HOME = "dev.baton.stack.";
    /** What is configured, served or plugged in, and not state of the shard. */
    private static final List<Class<?>> OUTSIDE = List.of(StackContext.class, HandshakeOptions.class, IpSettings.class,
        Link.class, TcpService.class, UdpService.class, InterceptorChain.class, CongestionControl.class, Tcb.class,
        IpAddress.class, CounterSpace.Set.class);

    private final Map<Object, Boolean> seen = new IdentityHashMap<>();
    private final Map<String, List<Object>> owners = new TreeMap<>();
    private final Map<String, Field> fields = new TreeMap<>();

    private void walk(final Object root)
    {
        final ArrayDeque<Object> open = new ArrayDeque<>();
        visit(root, open);
        while (!open.isEmpty())
        {
            final Object owner = open.poll();
            for (Class<?> type = owner.getClass(); type != null && type != Object.class; type = type.getSuperclass())
            {
                for (final Field field : type.getDeclaredFields())
                {
                    note(owner, field, open);
                }
            }
        }
    }

    private void note(final Object owner, final Field field, final ArrayDeque<Object> open)
    {
        if (Modifier.isStatic(field.getModifiers()) || field.isSynthetic() ||
            !field.getDeclaringClass().getName().startsWith(HOME))
        {
            return;
        }
        field.setAccessible(true);
        final boolean container = field.getType().isArray() || Collection.class.isAssignableFrom(field.getType()) ||
            Map.class.isAssignableFrom(field.getType()) || field.getType().getName().startsWith("org.agrona.collections");
        if (!Modifier.isFinal(field.getModifiers()) || container)
        {
            final String name = field.getDeclaringClass().getSimpleName() + "." + field.getName();
            fields.put(name, field);
            owners.computeIfAbsent(name, (key) -> new ArrayList<>()).add(owner);
        }
        visit(get(owner, field), open);
    }

    private void visit(final Object value, final ArrayDeque<Object> open)
    {
        if (value == null || value instanceof Enum || OUTSIDE.stream().anyMatch((type) -> type.isInstance(value)))
        {
            return;
        }
        if (value instanceof Object[] array)
        {
            Arrays.stream(array).forEach((each) -> visit(each, open));
        }
        else if (value instanceof Collection<?> collection)
        {
            collection.forEach((each) -> visit(each, open));
        }
        else if (value instanceof Map<?, ?> map)
        {
            map.values().forEach((each) -> visit(each, open));
        }
        else if (value.getClass().getName().startsWith(HOME) && !value.getClass().isRecord() && seen.put(value, true) == null)
        {
            open.add(value);
        }
    }

    private static Object get(final Object owner, final Field field)
    {
        try
        {
            return field.get(owner);
        }
        catch (final IllegalAccessException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private static ShardWorld busy()
    {
        final ShardWorld w = new ShardWorld(1);
        w.run(50 * ShardWorld.MS_NS);
        while (w.server.stack.reassembler().waiting().isEmpty() || w.server.listener(80).synQueueLength() == 0)
        {
            w.run(ShardWorld.MS_NS / 10);
        }
        final NetStack stack = w.server.stack;
        final long nowNs = w.world.nowNs() + w.server.skewNs;
        stack.paths().pathMtu().put(0xFFFF_0A00_0001L, 1, 1400, nowNs + ShardWorld.SECOND_NS);
        stack.paths().pathMtu().put(0xFFFF_0A00_0001L, 2, 1300, nowNs + 2 * ShardWorld.SECOND_NS);
        stack.tcp().handshakes().fastOpenBlackhole().restore(2, 1000, nowNs);
        final Listener listener = w.server.listener(ShardWorld.QUEUED_PORT);
        listener.restoreFastOpenReset(nowNs + ShardWorld.SECOND_NS);
        listener.option(TcpOption.NO_DELAY, 1);
        listener.congestionControl("reno");
        stack.tcp().shardAccess().announcements(List.of(listener));
        return w;
    }

    private static String all(final String name)
    {
        return name.substring(0, name.indexOf('.')) + ".*";
    }

    @Test
    void shouldKnowEveryFieldThatCanChange()
    {
        walk(busy().server.stack);
        final Set<String> unknown = new TreeSet<>(fields.keySet());
        unknown.removeAll(ShardFields.CARRIED.keySet());
        unknown.removeIf((name) -> ShardFields.NOT_CARRIED.containsKey(name) || ShardFields.NOT_CARRIED.containsKey(all(name)));
        assertTrue(unknown.isEmpty(), () -> "neither in the image of a shard nor on the list of what need not be: " + unknown);
        final Set<String> stale = new TreeSet<>(ShardFields.CARRIED.keySet());
        stale.addAll(ShardFields.NOT_CARRIED.keySet());
        stale.removeAll(fields.keySet());
        fields.keySet().forEach((name) -> stale.remove(all(name)));
        assertTrue(stale.isEmpty(), () -> "listed, but no field: " + stale);
        assertTrue(Collections.disjoint(ShardFields.CARRIED.keySet(), ShardFields.NOT_CARRIED.keySet()), "on both lists");
    }

    @Test
    void shouldChangeTheImageWithEveryFieldThatItCarries() throws IllegalAccessException
    {
        final ShardWorld w = busy();
        walk(w.server.stack);
        final byte[] before = w.server.image(w.world.nowNs());
        final Set<String> forgotten = new TreeSet<>();
        for (final String name : ShardFields.CARRIED.keySet())
        {
            final Field field = fields.get(name);
            boolean changes = !field.getType().isPrimitive() && !field.getType().isArray();
            for (final Object owner : owners.get(name))
            {
                changes = changes || changes(w, before, owner, field);
            }
            if (!changes)
            {
                forgotten.add(name);
            }
        }
        assertTrue(forgotten.isEmpty(), () -> "listed as carried, but no image holds it: " + forgotten);
        assertTrue(Arrays.equals(before, w.server.image(w.world.nowNs())), "everything is put back");
    }

    /** Does the image change with a field, or with some element of an array? */
    private static boolean changes(final ShardWorld w, final byte[] before, final Object owner, final Field field)
        throws IllegalAccessException
    {
        final Object value = field.get(owner);
        if (field.getType().isPrimitive())
        {
            field.set(owner, other(value));
            final boolean changed = differs(w, before);
            field.set(owner, value);
            return changed;
        }
        final int length = value == null ? 0 : Array.getLength(value);
        for (int i = 0; i < length && field.getType().getComponentType().isPrimitive(); i++)
        {
            final Object element = Array.get(value, i);
            Array.set(value, i, other(element));
            final boolean changed = differs(w, before);
            Array.set(value, i, element);
            if (changed)
            {
                return true;
            }
        }
        return !field.getType().getComponentType().isPrimitive();
    }

    /** What does not fit together may make the copying fail; that is a change too. */
    private static boolean differs(final ShardWorld w, final byte[] before)
    {
        try
        {
            return !Arrays.equals(before, w.server.image(w.world.nowNs()));
        }
        catch (final RuntimeException ex)
        {
            return ex.getMessage() != null || ex.getStackTrace().length > 0;
        }
    }

    private static Object other(final Object value)
    {
        if (value instanceof Boolean b)
        {
            return !b;
        }
        if (value instanceof Integer i)
        {
            return i + 1;
        }
        if (value instanceof Byte b)
        {
            return (byte)(b + 1);
        }
        return (Long)value + 1;
    }
}
