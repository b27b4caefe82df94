package dev.baton.stack.intercept;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.service.TcpConnection;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class InterceptorChainTest implements ChainEnds
{
    private final List<String> notes = new ArrayList<>();
    private final StackCounters counters = new StackCounters();
    private final InterceptorChain chain = new InterceptorChain(this, counters, 3);
    private final Packet packet = new Packet();
    private final TestModule low = new TestModule("low", notes);
    private final TestModule high = new TestModule("high", notes);

    private void add(final TestModule module)
    {
        chain.add(module, Map.of("key", "value"), (type) -> type == String.class ? "a service" : null, notes::add, 1);
    }

    private void both()
    {
        add(low);
        add(high);
    }

    private static TcpConnection connection(final long id)
    {
        return (TcpConnection)Proxy.newProxyInstance(TcpConnection.class.getClassLoader(),
            new Class<?>[]{TcpConnection.class}, (proxy, method, args) -> method.getName().equals("id") ? id : null);
    }

    private void expect(final String... expected)
    {
        assertEquals(List.of(expected), notes);
        notes.clear();
    }

    @Test
    void shouldPassStraightThroughWhenEmpty()
    {
        chain.ingress(packet, 5);
        chain.egress(packet, 6);
        chain.connectionEstablished(connection(7), 7);
        expect("up 5", "down 6", "indicate 7");
    }

    @Test
    void shouldWalkUpFirstToLastAndDownLastToFirst()
    {
        both();
        chain.ingress(packet, 5);
        expect("low in", "high in", "up 5");
        chain.egress(packet, 6);
        expect("high out", "low out", "down 6");
        chain.connectionEstablished(connection(1), 7);
        expect("low connection 1", "high connection 1", "indicate 1");
        chain.disconnected(connection(1), 8);
        expect("low disconnect 1", "high disconnect 1");
    }

    @Test
    void shouldEndAtDropAndHold()
    {
        both();
        low.ingressVerdict = BtcpInterceptor.DROP;
        high.egressVerdict = BtcpInterceptor.HOLD;
        chain.ingress(packet, 5);
        chain.egress(packet, 6);
        expect("low in", "high out");
        assertEquals(1, counters.get(StackCounter.MODULE_DROPS));
        assertEquals(1, counters.get(StackCounter.MODULE_HOLDS));
    }

    @Test
    void shouldContinueInjectedSegmentsFromTheModulesPlace()
    {
        both();
        low.context.injectUp(packet, 3);
        expect("high in", "up 3");
        high.context.injectUp(packet, 4);
        expect("up 4");
        low.context.injectDown(packet, 5);
        expect("down 5");
        high.context.injectDown(packet, 6);
        expect("low out", "down 6");
    }

    @Test
    void shouldReleaseHeldIndicationToTheModulesAbove()
    {
        both();
        low.connectionVerdict = UtcpInterceptor.HOLD;
        chain.connectionEstablished(connection(9), 1);
        expect("low connection 9");
        low.context.release(low.held, 2);
        expect("high connection 9", "indicate 9");
        low.context.release(low.held, 3);
        expect();
    }

    @Test
    void shouldForgetHeldIndicationOfAConnectionThatEnded()
    {
        both();
        low.connectionVerdict = UtcpInterceptor.HOLD;
        chain.connectionEstablished(connection(9), 1);
        notes.clear();
        chain.connectionEnded(connection(9));
        low.context.release(low.held, 2);
        expect();
    }

    @Test
    void shouldLoseThePacketOfAThrowingModuleAndUnloadItInTheEnd()
    {
        both();
        low.connectionVerdict = UtcpInterceptor.HOLD;
        chain.connectionEstablished(connection(2), 1);
        chain.connectionEstablished(connection(1), 1);
        notes.clear();
        low.throwing = true;
        chain.ingress(packet, 1);
        expect("low in", "low: fault 1 of 3: java.lang.IllegalStateException: by design");
        chain.egress(packet, 1);
        notes.clear();
        chain.ingress(packet, 1);
        expect("low in",
            "low: fault 3 of 3: java.lang.IllegalStateException: by design",
            "low: unloaded because of its faults",
            "high connection 1", "indicate 1", "high connection 2", "indicate 2",
            "low close");
        chain.ingress(packet, 2);
        expect("high in", "up 2");
        assertEquals(3, counters.get(StackCounter.MODULE_FAULTS));
        assertEquals(1, counters.get(StackCounter.MODULES_UNLOADED));
        high.context.injectDown(packet, 3);
        expect("down 3");
    }

    @Test
    void shouldRefuseToUnloadAModuleThatIsNeeded()
    {
        add(low);
        low.live = 4;
        final IllegalStateException refused =
            assertThrows(IllegalStateException.class, () -> chain.remove("low", false, 1));
        assertTrue(refused.getMessage().contains("4 connections"), refused::getMessage);
        chain.remove("low", true, 1);
        expect("low close");
        assertTrue(chain.modules().isEmpty());
        assertThrows(IllegalStateException.class, () -> chain.remove("low", true, 1));
    }

    @Test
    void shouldReleaseWhatAnUnloadedModuleHeld()
    {
        both();
        low.connectionVerdict = UtcpInterceptor.HOLD;
        chain.connectionEstablished(connection(9), 1);
        notes.clear();
        chain.remove("low", false, 2);
        expect("high connection 9", "indicate 9", "low close");
    }

    @Test
    void shouldReplaceAModuleWithItsStateAndItsHeldIndications()
    {
        both();
        low.state = 77;
        low.connectionVerdict = UtcpInterceptor.HOLD;
        final TcpConnection connection = connection(9);
        chain.connectionEstablished(connection, 1);
        final TestModule fresh = new TestModule("low", notes);
        chain.replace(fresh, Map.of(), (type) -> null, notes::add, 2);
        assertEquals(77, fresh.state);
        assertEquals(List.of(fresh, high), chain.modules());
        notes.clear();
        fresh.context.release(connection, 3);
        expect("high connection 9", "indicate 9");
        chain.ingress(packet, 4);
        expect("low in", "high in", "up 4");
    }

    @Test
    void shouldKeepTheOldModuleWhenTheNewOneRefusesItsState()
    {
        add(low);
        final TestModule fresh = new TestModule("low", new ArrayList<>());
        fresh.refuseState = true;
        assertThrows(IllegalArgumentException.class,
            () -> chain.replace(fresh, Map.of(), (type) -> null, notes::add, 2));
        assertEquals(List.of("low close"), fresh.notes);
        chain.ingress(packet, 1);
        expect("low in", "up 1");
        assertThrows(IllegalStateException.class,
            () -> chain.replace(new TestModule("other"), Map.of(), (type) -> null, notes::add, 2));
    }

    @Test
    void shouldRefuseASecondModuleOfTheSameName()
    {
        add(low);
        assertThrows(IllegalStateException.class, () -> add(new TestModule("low")));
        assertEquals(List.of(low), chain.modules());
    }

    @Test
    void shouldOfferSettingsAndServices()
    {
        add(low);
        assertEquals("value", low.context.settings().get("key"));
        assertEquals("a service", low.context.service(String.class));
        final IllegalStateException missing =
            assertThrows(IllegalStateException.class, () -> low.context.service(Integer.class));
        assertTrue(missing.getMessage().contains("java.lang.Integer"), missing::getMessage);
        assertEquals(42, low.context.nextRandom());
        assertEquals(60, low.context.timeWaitNs());
    }

    @Test
    void shouldKnowTheEarliestDeadline()
    {
        both();
        high.deadlineNs = 30;
        assertEquals(30, chain.nextDeadlineNs());
    }

    @Override
    public void up(final Packet segment, final long nowNs)
    {
        notes.add("up " + nowNs);
    }

    @Override
    public void down(final Packet segment, final long nowNs)
    {
        notes.add("down " + nowNs);
    }

    @Override
    public void indicate(final TcpConnection connection, final long nowNs)
    {
        notes.add("indicate " + connection.id());
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
        return false;
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
        return null;
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
        return ifAbsent;
    }

    @Override
    public long nextRandom()
    {
        return 42;
    }

    @Override
    public long timeWaitNs()
    {
        return 60;
    }

    @Override
    public Link link()
    {
        return null;
    }
}
