package dev.baton.stack.state;

import dev.baton.stack.EcnMarker;
import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.tcp.Connection;
import dev.baton.stack.tcp.ReceiveRing;
import dev.baton.stack.tcp.RunRates;
import dev.baton.stack.tcp.SendRing;
import dev.baton.stack.tcp.SentLog;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcpState;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * No field of a connection is forgotten: every one of them changes the image when it changes and comes back from it, or
 * it is on the reviewed list {@link RecomputedFields}. A new field fails here until one of the two is true.
 */
class FieldCoverageTest
{
    private static final String RUN_ARRAYS = "run";
    private static final long MAX_PACING_RATE = 1_000_000;

    private final ExpandableArrayBuffer image = new ExpandableArrayBuffer();
    private final ConnectionExporter exporter = new ConnectionExporter();
    private final Map<String, Set<Object>> values = new HashMap<>();

    /** A field of an object that a Tcb holds, or of the Tcb. */
    private record Place(Object owner, Field field)
    {
        String name()
        {
            return field.getDeclaringClass().getSimpleName() + "." + field.getName();
        }

        Object get()
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

        void set(final Object value)
        {
            try
            {
                field.set(owner, value);
            }
            catch (final IllegalAccessException ex)
            {
                throw new AssertionError(ex);
            }
        }
    }

    /** All places whose state an image must hold: primitives, run arrays, and references that are not rings. */
    private static List<Place> places(final Tcb tcb)
    {
        final List<Place> places = new ArrayList<>();
        collect(tcb, places);
        return places;
    }

    private static void collect(final Object owner, final List<Place> places)
    {
        if (owner instanceof Tcb tcb)
        {
            tcb.recoveryState();
        }
        collect(owner, owner.getClass(), places);
        if (owner.getClass().getSuperclass() != Object.class)
        {
            collect(owner, owner.getClass().getSuperclass(), places);
        }
    }

    private static void collect(final Object owner, final Class<?> declaring, final List<Place> places)
    {
        for (final Field field : declaring.getDeclaredFields())
        {
            if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
            {
                field.setAccessible(true);
                final Place place = new Place(owner, field);
                final String type = field.getType().getSimpleName();
                if (type.equals("AccurateEcn"))
                {
                    if (((Tcb)owner).ecnMode == Tcb.ECN_ACCURATE && ((Tcb)owner).state != TcpState.SYN_SENT)
                    {
                        collect(place.get(), places);
                    }
                }
                else if (Set.of("SendRing", "ReceiveRing", "ReceiveRuns", "SentLog", "Scoreboard", "RecoveryState", "DeliveryRate",
                    "RunRates", "Pacing").contains(type) && !isListed(place))
                {
                    if (place.get() != null)
                    {
                        collect(place.get(), places);
                    }
                }
                else
                {
                    places.add(place);
                }
            }
        }
    }

    /** A connection in the middle of everything: unread data, runs out of order, a scoreboard with marks. */
    private static StateWorld busyWorld()
    {
        return busyWorld("cubic");
    }

    private static StateWorld busyWorld(final String control)
    {
        final StateWorld w = new StateWorld(13, (context) -> context.congestionControl(control).ecn(3)).faults();
        w.toServer().loss(0.2);
        w.toClient().loss(0.2);
        w.clientPeer.sends(300_000).pausedReading();
        w.serverPeer.sends(300_000);
        w.connect(true);
        w.until("busy", 60, () -> isBusy(tcb(w.client.stack)) && w.clientPeer.acceptedCalls == 1);
        return w;
    }

    private static boolean isBusy(final Tcb tcb)
    {
        // With delivery rates the sending half is looked at: the other one is the same, and soon full.
        return tcb != null && (tcb.rate != null || tcb.receiveRing.readable() > 0 && tcb.receiveRing.runCount() > 0) &&
            tcb.sentLog.runCount() > 2 && tcb.sentLog.sackedBytes() > 0;
    }

    private static Tcb tcb(final NetStack stack)
    {
        final List<Tcb> all = new ArrayList<>();
        stack.tcp().transfers().forEachConnection(all::add);
        return all.isEmpty() ? null : all.get(0);
    }

    private byte[] export(final Tcb tcb, final long nowNs)
    {
        final byte[] bytes = new byte[exporter.export(tcb, nowNs, image, 0)];
        image.getBytes(0, bytes);
        return bytes;
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
        return (Long)value + 1;
    }

    private static Object changed(final Place place, final long nowNs)
    {
        if (place.name().endsWith("AtNs") && place.get().equals(Tcb.NONE))
        {
            return nowNs + 12_345;
        }
        return switch (place.name())
        {
            case "Tcb.recovery", "Tcb.ackOwed" -> ((Integer)place.get() + 1) % 3;
            default -> other(place.get());
        };
    }

    private static boolean isListed(final Place place)
    {
        return RecomputedFields.REASONS.containsKey(place.name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cubic", "bbr"})
    void shouldChangeTheImageWithEveryPrimitiveField(final String control)
    {
        final StateWorld w = busyWorld(control);
        final long nowNs = w.world.nowNs() + w.client.skewNs;
        final Tcb tcb = tcb(w.client.stack);
        final byte[] before = export(tcb, nowNs);
        final Set<String> forgotten = new TreeSet<>();
        for (final Place place : places(tcb))
        {
            final Object value = place.get();
            if (!isListed(place) && place.field().getType().isPrimitive())
            {
                place.set(changed(place, nowNs));
                if (Arrays.equals(before, exportLeniently(tcb, nowNs)))
                {
                    forgotten.add(place.name());
                }
                place.set(value);
            }
        }
        assertTrue(forgotten.isEmpty(),
            () -> "no image holds these fields, and RecomputedFields does not list them: " + forgotten);
        assertEquals(-1, Arrays.mismatch(before, export(tcb, nowNs)), "the test put everything back");
    }

    /** Positions in rings that do not fit together may make the copying fail; that is a change too. */
    private byte[] exportLeniently(final Tcb tcb, final long nowNs)
    {
        try
        {
            return export(tcb, nowNs);
        }
        catch (final IndexOutOfBoundsException ex)
        {
            return new byte[0];
        }
    }

    @ParameterizedTest
    @CsvSource({"cubic, 6", "bbr, 12"})
    void shouldChangeTheImageWithEveryRunOfEveryArray(final String control, final int expected)
    {
        final StateWorld w = busyWorld(control);
        final long nowNs = w.world.nowNs() + w.client.skewNs;
        final Tcb tcb = tcb(w.client.stack);
        final byte[] before = export(tcb, nowNs);
        int arrays = 0;
        for (final Place place : places(tcb))
        {
            if (place.field().getType().isArray() && place.get() != null)
            {
                final boolean log = !(place.owner() instanceof Tcb) && !place.name().startsWith("ReceiveRuns.");
                final boolean words = place.owner() instanceof Tcb;
                final int first = log ? tcb.sentLog.firstRun() : 0;
                final int count = log ? tcb.sentLog.runCount() :
                    words ? tcb.congestionControl.timeWords() + tcb.congestionControl.plainWords() :
                    tcb.receiveRing.runCount();
                for (int i = first; i < first + count; i++)
                {
                    assertElementCounts(place, i, tcb, nowNs, before);
                }
                arrays++;
            }
        }
        assertEquals(expected, arrays, "arrays of runs; a new one needs a place in the image");
    }

    private void assertElementCounts(final Place place, final int i, final Tcb tcb, final long nowNs, final byte[] before)
    {
        final Object array = place.get();
        final Object value = Array.get(array, i);
        Array.set(array, i, value instanceof Byte b ? (Object)(byte)(b ^ SentLog.AMBIGUOUS) : other(value));
        assertTrue(!Arrays.equals(before, exportLeniently(tcb, nowNs)), () -> place.name() + "[" + i + "] is not in the image");
        Array.set(array, i, value);
    }

    @Test
    void shouldListOnlyFieldsThatThereAre()
    {
        final Set<String> stale = new TreeSet<>(RecomputedFields.REASONS.keySet());
        places(tcb(busyWorld("bbr").client.stack)).forEach((place) -> stale.remove(place.name()));
        assertTrue(stale.isEmpty(), () -> "RecomputedFields lists what is no field: " + stale);
    }

    @Test
    void shouldHaveAReasonForEveryReference()
    {
        final Set<String> unknown = new TreeSet<>();
        for (final Place place : places(tcb(busyWorld("bbr").client.stack)))
        {
            final boolean number = place.field().getType().isPrimitive();
            final boolean runs = place.field().getType().isArray() &&
                (place.field().getName().startsWith(RUN_ARRAYS) || place.name().equals("Tcb.ccWords"));
            if (!number && !runs && !isListed(place) && !place.name().equals("Tcb.congestionControl"))
            {
                unknown.add(place.name());
            }
        }
        assertTrue(unknown.isEmpty(), () -> "these are neither in the image nor on the list: " + unknown);
    }

    /** Every field of every connection that comes up in a life with losses comes back from its image as it was. */
    @Test
    void shouldImportEveryFieldAsItWas()
    {
        live(new StateWorld(6).faults(), true);
        final StateWorld paced = new StateWorld(9, (context) -> context.congestionControl("bbr")).faults();
        paced.world.after(StateWorld.SECOND_NS / 50,
            () -> ((Connection)paced.clientPeer.connection).maxPacingRate(MAX_PACING_RATE));
        live(paced, true);
        live(new StateWorld(7, (context) -> context.timestamps(false)).faults(), false);
        final StateWorld marked = new StateWorld(9, (context) -> context.ecn(1)).faults();
        marked.toServer().filter(EcnMarker.oneOf(5));
        marked.toClient().filter(EcnMarker.oneOf(5));
        live(marked, false);
        final StateWorld counted = new StateWorld(10, (context) -> context.ecn(3)).faults();
        counted.toServer().filter(EcnMarker.oneOf(5));
        counted.toClient().filter(EcnMarker.oneOf(5));
        live(counted, true);
        final StateWorld narrow = new StateWorld(8);
        narrow.toServer().mtu(1400, true);
        narrow.clientPeer.pausedReading();
        narrow.serverPeer.pausedReading();
        narrow.world.after(10 * StateWorld.SECOND_NS, narrow.serverPeer::resumeReading);
        narrow.world.after(11 * StateWorld.SECOND_NS, narrow.clientPeer::resumeReading);
        live(narrow, true);
        final StateWorld searching = new StateWorld(9, (context) -> context.ip((ip) -> ip.mtuProbing(2)));
        searching.toServer().mtu(1400, true);
        searching.world.after(2_600_000L, () -> searching.toServer().mtu(1000, true));
        live(searching, true);
        final StateWorld lossy = new StateWorld(12);
        lossy.toServer().delay(5_000_000).loss(0.2).reorder(0.3, 15_000_000);
        lossy.toClient().delay(5_000_000).loss(0.2).reorder(0.3, 15_000_000);
        live(lossy, true);
        final StateWorld cut = new StateWorld(14, (context) -> context.sack(false).timestamps(false));
        cut.toServer().delay(5_000_000);
        cut.toClient().delay(5_000_000);
        cut.world.after(15_000_000, () -> cut.toServer().partition(true));
        cut.world.after(150_000_000, () -> cut.toServer().partition(false));
        live(cut, true);
        final StateWorld early = new StateWorld(9, FieldCoverageTest::fastOpen).faults();
        early.serverPeer.accepting = false;
        early.world.after(2 * StateWorld.SECOND_NS,
            () -> early.serverPeer.onAccepted(early.server.stack.tcp().transfers().listener(0, 0, Shard.PORT).accept()));
        live(early, true);
        final StateWorld busy = busyWorld();
        mutateEach(busy.client, busy.world.nowNs());
        final Set<String> constant = new TreeSet<>();
        values.forEach((name, seen) -> constant.addAll(seen.size() < 2 ? Set.of(name) : Set.of()));
        assertTrue(constant.isEmpty(), () -> "never imported with two different values: " + constant);
    }

    private static StackContext fastOpen(final StackContext context)
    {
        context.handshake().fastOpen(0x207);
        return context;
    }

    private void live(final StateWorld w, final boolean v4)
    {
        w.clientPeer.sends(60_000).thenShutsDown().closesAtEnd();
        w.serverPeer.sends(60_000).thenShutsDown().closesAtEnd();
        w.afterEvent = () ->
        {
            compareAll(w.client, w.world.nowNs());
            compareAll(w.server, w.world.nowNs());
        };
        w.connect(v4);
        w.afterEvent.run();
        w.until("closed", 600, () -> w.clientPeer.closeReason != null && w.serverPeer.closeReason != null);
    }

    private void compareAll(final Shard shard, final long nowNs)
    {
        shard.stack.tcp().transfers().forEachConnection((tcb) -> compare(shard, tcb, nowNs + shard.skewNs));
    }

    private void mutateEach(final Shard shard, final long nowNs)
    {
        final Tcb tcb = tcb(shard.stack);
        for (final Place place : places(tcb))
        {
            if (!isListed(place) && place.field().getType().isPrimitive())
            {
                final Object value = place.get();
                place.set(changed(place, nowNs + shard.skewNs));
                try
                {
                    compare(shard, tcb, nowNs + shard.skewNs);
                }
                catch (final StateException | IndexOutOfBoundsException ex)
                {
                    // Alone, this value makes no connection; the life above must have had two values of it.
                    assertTrue(ex.getMessage() != null, place.name());
                }
                place.set(value);
            }
        }
    }

    /** Import the image of a connection into an empty shard with the same clock, and compare. */
    private void compare(final Shard shard, final Tcb tcb, final long nowNs)
    {
        final byte[] bytes = export(tcb, nowNs);
        final long skewNs = shard.skewNs;
        final NetStack fresh = shard.newStack();
        shard.skewNs = skewNs;
        new Snapshot(fresh).importConnection(new UnsafeBuffer(bytes), 0, bytes.length, nowNs, 0, shard.peer);
        final Tcb imported = tcb(fresh);
        final List<Place> here = places(tcb);
        final List<Place> there = places(imported);
        for (int i = 0; i < here.size(); i++)
        {
            final Place place = here.get(i);
            if (place.field().getType().isPrimitive() && (!isListed(place) || isSum(place)))
            {
                assertEquals(place.get(), there.get(i).get(), place.name());
                if (!isSum(place))
                {
                    values.computeIfAbsent(place.name(), (key) -> new HashSet<>()).add(place.get());
                }
            }
        }
        assertEquals(tcb.congestionControl, imported.congestionControl);
        assertSameRuns(tcb.sentLog, imported.sentLog);
        assertSameRuns(tcb.receiveRing, imported.receiveRing);
        assertSameRates(tcb, imported);
        assertSameBytes(tcb, imported);
    }

    private static boolean isSum(final Place place)
    {
        return place.name().startsWith("Scoreboard.") && place.name().endsWith("Bytes");
    }

    private static void assertSameRuns(final SentLog a, final SentLog b)
    {
        assertEquals(a.runCount(), b.runCount(), "runs of the sent log");
        for (int i = 0; i < a.runCount(); i++)
        {
            final int x = a.firstRun() + i;
            final int y = b.firstRun() + i;
            assertEquals(a.startOf(x), b.startOf(y));
            assertEquals(a.endOf(x), b.endOf(y));
            assertEquals(a.sentNsOf(x), b.sentNsOf(y));
            assertEquals(a.marksOf(x), b.marksOf(y));
        }
    }

    private static void assertSameRates(final Tcb a, final Tcb b)
    {
        assertEquals(a.ccWords == null, b.ccWords == null, "further words of the congestion control");
        for (int i = 0; a.ccWords != null && i < a.ccWords.length; i++)
        {
            assertEquals(a.ccWords[i], b.ccWords[i], "ccWords[" + i + "]");
        }
        for (int i = 0; a.rate != null && i < a.sentLog.runCount(); i++)
        {
            final int x = a.sentLog.firstRun() + i;
            final int y = b.sentLog.firstRun() + i;
            assertEquals(a.rate.runs.delivered(x), b.rate.runs.delivered(y));
            assertEquals(a.rate.runs.deliveredAtNs(x), b.rate.runs.deliveredAtNs(y));
            assertEquals(a.rate.runs.firstSentAtNs(x), b.rate.runs.firstSentAtNs(y));
            assertEquals(a.rate.runs.lost(x), b.rate.runs.lost(y));
            assertEquals(a.rate.runs.txInFlightWord(x), b.rate.runs.txInFlightWord(y));
        }
    }

    private static void assertSameRuns(final ReceiveRing a, final ReceiveRing b)
    {
        for (int i = 0; i < a.runCount(); i++)
        {
            assertEquals(a.runStart(i), b.runStart(i));
            assertEquals(a.runEnd(i), b.runEnd(i));
            assertEquals(a.runArrival(i), b.runArrival(i));
            final int length = a.runEnd(i) - a.runStart(i);
            final byte[] x = new byte[length];
            final byte[] y = new byte[length];
            a.copy(a.runStart(i), new UnsafeBuffer(x), 0, length);
            b.copy(b.runStart(i), new UnsafeBuffer(y), 0, length);
            assertEquals(-1, Arrays.mismatch(x, y), "bytes of run " + i);
        }
    }

    private static void assertSameBytes(final Tcb a, final Tcb b)
    {
        assertEquals(-1, Arrays.mismatch(bytes(a.sendRing), bytes(b.sendRing)), "send ring");
        final byte[] x = new byte[a.receiveRing.readable()];
        final byte[] y = new byte[b.receiveRing.readable()];
        a.receiveRing.peek(new UnsafeBuffer(x), 0, x.length);
        b.receiveRing.peek(new UnsafeBuffer(y), 0, y.length);
        assertEquals(-1, Arrays.mismatch(x, y), "receive ring");
    }

    private static byte[] bytes(final SendRing ring)
    {
        final byte[] bytes = new byte[ring.length()];
        if (bytes.length > 0)
        {
            ring.copy(ring.firstSeq(), new UnsafeBuffer(bytes), 0, bytes.length);
        }
        return bytes;
    }
}
