package dev.baton.tools.drill.run;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FlowTest
{
    private final Flow flow = new Flow(8080, 1001, false);

    @Test
    void shouldMapNumbersToTheWireAndBack()
    {
        flow.localIss(5000, 0);
        assertEquals(5001, flow.liveLocal(1, false));
        assertEquals(1, flow.scriptLocal(5001, false));
    }

    @Test
    void shouldCountNumbersOfSynsFromTheScriptsOwn()
    {
        flow.localIss(5000, 77);
        assertEquals(5001, flow.liveLocal(78, true));
        assertEquals(77, flow.scriptLocal(5000, true));
        assertEquals(5001, flow.liveLocal(1, false));
    }

    @Test
    void shouldKeepTheFirstInitialNumberOfThePeer()
    {
        flow.onSynInjected(10);
        flow.onSynInjected(900);
        assertEquals(10, flow.remoteIsn());
    }

    @Test
    void shouldBeginAnewWhenALaterSynOpensAConnection()
    {
        flow.onSynInjected(10);
        flow.localIss(5000, 0);
        flow.onSynInjected(900);
        flow.onSynAckSent(901, 7000);
        assertEquals(900, flow.remoteIsn());
        assertFalse(flow.localIssKnown());
    }

    @Test
    void shouldNotBeginAnewWhenTheSynAckIsTheOldOne()
    {
        flow.onSynInjected(10);
        flow.localIss(5000, 0);
        flow.onSynInjected(10);
        flow.onSynAckSent(11, 5000);
        assertTrue(flow.localIssKnown());
    }

    @Test
    void shouldRememberWhatTimestampsStandFor()
    {
        assertNull(flow.liveTs(100));
        flow.learnTs(100, 70_100, 0);
        assertEquals(70_100, flow.liveTs(100));
        assertEquals(70_000, flow.tsOffset());
    }

    @Test
    void shouldTellByHowMuchAnEdgeRetreats()
    {
        flow.peerScales(true);
        flow.ownScale(2);
        assertEquals(0, flow.edgeRetreat(1, 100));
        assertEquals(0, flow.edgeRetreat(101, 75));
        assertEquals(8, flow.edgeRetreat(101, 73));
    }
}
