package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.service.TcpOption;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import dev.baton.stack.tcp.TcpSettings;
import dev.baton.stack.tcp.UrgentState;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What only some connections hold goes through an image whole. */
class OptionPartsTest
{
    private final ExpandableArrayBuffer image = new ExpandableArrayBuffer();
    private final StateWorld w = new StateWorld(3);
    private final Tcb tcb = connected();
    private final long nowNs = w.world.nowNs() + w.server.skewNs;

    private Tcb connected()
    {
        w.connect(true);
        w.until("connected", 5, () -> w.serverPeer.connection != null);
        return Images.tcbs(w.server.stack).get(0);
    }

    private int export()
    {
        return new ConnectionExporter().export(tcb, nowNs, image, 0);
    }

    private Tcb imported()
    {
        final int length = export();
        final EmptyShard shard = new EmptyShard(nowNs, StateWorld.SERVER);
        final NetStack stack = shard.stack;
        new Snapshot(stack).importConnection(new UnsafeBuffer(image, 0, length), 0, length, nowNs, 0, shard.peer);
        return Images.tcbs(stack).get(0);
    }

    /** Change every field of a side object to a value of its own. */
    private static void fill(final Object owner) throws IllegalAccessException
    {
        int next = 3;
        for (final Field field : owner.getClass().getDeclaredFields())
        {
            if (!Modifier.isStatic(field.getModifiers()) && Modifier.isPublic(field.getModifiers()))
            {
                next++;
                if (field.getType() == boolean.class)
                {
                    field.setBoolean(owner, true);
                }
                else if (field.getType() == int.class)
                {
                    field.setInt(owner, next);
                }
                else
                {
                    field.setLong(owner, next * 1_000_000_000L);
                }
            }
        }
    }

    private static void assertSameFields(final Object a, final Object b) throws IllegalAccessException
    {
        for (final Field field : a.getClass().getDeclaredFields())
        {
            if (Modifier.isPublic(field.getModifiers()))
            {
                assertEquals(field.get(a), field.get(b), field.getName());
            }
        }
    }

    @Test
    void shouldHoldNothingForAnIdleConnection()
    {
        final int length = export();
        TcbAccess.settings(tcb);
        TcbAccess.urgent(tcb);
        assertEquals(length, export(), "empty side objects take no part");
        final Tcb there = imported();
        assertNull(there.settings);
        assertNull(there.urgent);
    }

    @Test
    void shouldKeepEveryFieldOfSettings() throws IllegalAccessException
    {
        final TcpSettings settings = TcbAccess.settings(tcb);
        fill(settings);
        for (final TcpOption option : TcpOption.values())
        {
            if (option.greatest() >= option.least())
            {
                settings.set(option, option.greatest());
            }
        }
        final TcpSettings there = imported().settings;
        assertSameFields(settings, there);
        assertEquals(settings.count(), there.count());
        for (final TcpOption option : TcpOption.values())
        {
            assertEquals(settings.has(option), there.has(option), option.name());
            assertTrue(!settings.has(option) || settings.get(option) == there.get(option), option.name());
        }
    }

    @Test
    void shouldKeepEveryFieldOfUrgentData() throws IllegalAccessException
    {
        final UrgentState urgent = TcbAccess.urgent(tcb);
        fill(urgent);
        urgent.sndUp = tcb.sndUna + 1;
        urgent.rcvUp = tcb.rcvNxt + 7;
        assertSameFields(urgent, imported().urgent);
    }

    @Test
    void shouldHaveNoFieldThatIsNeitherPublicNorTheValues()
    {
        for (final Class<?> type : List.of(TcpSettings.class, UrgentState.class))
        {
            for (final Field field : type.getDeclaredFields())
            {
                assertTrue(Modifier.isPublic(field.getModifiers()) || Modifier.isStatic(field.getModifiers()) ||
                    Set.of("mask", "values").contains(field.getName()), field.getName());
            }
        }
    }

    @Test
    void shouldKeepRareCallsThatAreOwed()
    {
        TcbAccess.rareCalls(tcb, TcbAccess.RARE_CALLS);
        assertEquals(TcbAccess.RARE_CALLS, TcbAccess.rareCalls(imported()));
    }

    @Test
    void shouldKeepSizesThatThisShardCannotReach()
    {
        tcb.sendRing.capacityBytes(3 << 20);
        tcb.receiveRing.capacityBytes(5 << 20);
        final Tcb there = imported();
        assertEquals(3 << 20, there.sendRing.wantedBytes());
        assertEquals(5 << 20, there.receiveRing.wantedBytes());
        assertTrue(there.receiveRing.capacityBytes() <= 64 << 10);
    }

    @ParameterizedTest
    @CsvSource({"KEEP_IDLE, 0", "TTL, 256", "CORK, 2", "ERROR, 0"})
    void shouldRefuseAValueThatNobodyCouldHaveSet(final TcpOption option, final long value)
    {
        TcbAccess.settings(tcb).set(option, value);
        assertThrows(StateException.class, this::imported);
    }

    @Test
    void shouldRefuseAnUrgentEndThatIsOver()
    {
        final UrgentState urgent = TcbAccess.urgent(tcb);
        urgent.receiving = true;
        urgent.rcvUp = tcb.rcvNxt;
        assertThrows(StateException.class, this::imported);
        urgent.receiving = false;
        urgent.sending = true;
        urgent.sndUp = tcb.sndUna;
        assertThrows(StateException.class, this::imported);
    }
}
