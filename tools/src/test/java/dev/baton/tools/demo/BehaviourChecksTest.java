package dev.baton.tools.demo;

import static dev.baton.tools.demo.SyntheticRun.B1;
import static dev.baton.tools.demo.SyntheticRun.B2;
import static dev.baton.tools.demo.SyntheticRun.CLIENT;
import static dev.baton.tools.demo.SyntheticRun.FRONT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.tools.demo.Tap.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Every check holds for a faultless run, and fails as soon as its rule is broken in one place of one connection. */
class BehaviourChecksTest
{
    private static final int PORT = 40_001;

    @Test
    void shouldFindAllTwentyEightBehavioursInAFaultlessRun()
    {
        final List<Check> checks = Checks.behaviours(new SyntheticRun().evidence());
        final List<String> ids = new ArrayList<>();
        for (int i = 1; i <= 28; i++)
        {
            ids.add(String.format("P%02d", i));
        }
        assertEquals(ids, checks.stream().map(Check::id).toList());
        checks.forEach(check -> assertTrue(check.ok(), check::toString));
    }

    @Test
    void shouldHoldNothingWhenNothingHappened()
    {
        final SyntheticRun run = new SyntheticRun();
        run.segments.clear();
        run.fetches.clear();
        run.events.clear();
        run.records.clear();
        run.code = new CodeFacts(0, 0, 0, 0);
        for (final Check check : Checks.behaviours(run.evidence()))
        {
            assertFalse(check.ok(), check::toString);
        }
    }

    @Test
    void shouldHoldNothingWhenTheCapturesLostPackets()
    {
        final SyntheticRun run = new SyntheticRun();
        run.lost = 1;
        Checks.behaviours(run.evidence()).forEach(check -> assertFalse(check.ok(), check::toString));
    }

    @Test
    void shouldMissAHandshakeThatTheClientDidNotComplete()
    {
        broken("P01", run -> run.drop(s -> at(s, CLIENT, Device.DATA, true) && s.srcPort() == PORT && !s.isSyn()));
    }

    @Test
    void shouldMissTheCluster()
    {
        broken("P01", run -> run.drop(s -> s.tap().device() == Device.MGMT && involves(s, B2)));
    }

    @Test
    void shouldNoticeASecondChannel()
    {
        broken("P02", run ->
        {
            final List<Segment> more = run.segments.stream().filter(s -> s.tap().device() == Device.MGMT &&
                involves(s, B1))
                .map(s -> SegmentBuilder.of(s).from(s.src(), s.srcPort() == 50_000 ? 50_001 : s.srcPort())
                    .to(s.dst(), s.dstPort() == 50_000 ? 50_001 : s.dstPort()).build())
                .toList();
            run.segments.addAll(more);
        });
    }

    @Test
    void shouldNoticeAChannelThatWasOpenedForTheHandoff()
    {
        broken("P02", run -> run.change(s -> s.isSyn() && s.tap().equals(new Tap(B1, Device.MGMT)),
            b -> b.time(run.tick())));
    }

    @Test
    void shouldNoticeAChannelThatEndedTooSoon()
    {
        broken("P02", run -> run.change(s -> s.tap().equals(new Tap(B1, Device.MGMT)) && s.payloadBytes() > 0,
            b -> b.flags(TcpHeader.ACK | TcpHeader.FIN)));
    }

    @Test
    void shouldNoticeControlMessagesInClear()
    {
        broken("P02", run -> run.change(s -> s.tap().equals(new Tap(FRONT, Device.MGMT)) && s.outgoing() &&
            s.payloadBytes() > 0,
            b -> b.text("HANDOFF please")));
    }

    @Test
    void shouldNoticeAModuleEventThatFailed()
    {
        broken("P03", run -> run.events.set(0, new ModuleEvent(FRONT, "replace", 1, 2, SyntheticRun.CLIENT4, 20_001,
            false, "no")));
    }

    @Test
    void shouldNoticeAConnectionThatWasNotBusyDuringAModuleEvent()
    {
        broken("P03", run -> run.drop(s -> s.dstPort() == 20_001 && at(s, CLIENT, Device.DATA, false) && s.isFin()));
    }

    @Test
    void shouldNoticeAnActionThatWasNotTried()
    {
        broken("P03", run -> run.events.removeIf(e -> e.action().equals("unload")));
    }

    @Test
    void shouldNoticeAStackThatKnowsOfTheHandoff()
    {
        broken("P04", run -> run.code = new CodeFacts(100, 1, 30, 0));
        broken("P04", run -> run.code = new CodeFacts(100, 0, 30, 1));
    }

    @Test
    void shouldNoticeAHandoffWithoutAModule()
    {
        broken("P04", run -> run.changeFetch(f -> !f.policyApplied(), f -> answeredBy(f, B1)));
    }

    @Test
    void shouldNoticeABackThatDoesNotKnowTheFrontsIsn()
    {
        broken("P05", run -> run.changeRecord(HandoffRecord.BACK,
            r -> numbers(r, r.isnFront() + 1, r.isnBack(), r.delta())));
    }

    @Test
    void shouldNoticeAFrontThatDoesNotKnowTheBacksIsn()
    {
        broken("P05", run -> run.changeRecord(HandoffRecord.FRONT,
            r -> numbers(r, r.isnFront(), r.isnBack() + 1, r.delta())));
    }

    @Test
    void shouldNoticeASynThatWasChangedOnItsWayUp()
    {
        broken("P06", run -> run.change(s -> s.isSyn() && at(s, FRONT, Device.TUN, true), b -> b.window(1)));
    }

    @Test
    void shouldNoticeASynThatWasForwarded()
    {
        broken("P06", run -> run.repeat(s -> s.isSyn() && at(s, FRONT, Device.TUN, true),
            b -> b.at(run.tick(), FRONT, Device.TUN, false)));
    }

    @Test
    void shouldNoticeASynAckThatWasChangedOnItsWayDown()
    {
        broken("P07", run -> run.change(s -> s.isSynAck() && at(s, CLIENT, Device.DATA, false) && s.dstPort() == PORT,
            b -> b.noOptions()));
    }

    @Test
    void shouldNoticeAModuleThatReadAnotherIsn()
    {
        broken("P07", run -> run.changeRecord(HandoffRecord.FRONT,
            r -> numbers(r, r.isnFront() + 1, r.isnBack(), r.delta())));
    }

    @Test
    void shouldNoticeAFrontThatDidNotTakeTheAck()
    {
        broken("P08", run -> run.drop(s -> at(s, FRONT, Device.TUN, true) && s.srcPort() == PORT && !s.isSyn()));
        broken("P08", run -> run.repeat(s -> s.isSynAck() && at(s, FRONT, Device.TUN, false) && s.dstPort() == PORT,
            b -> b.time(run.first(s -> isRequest(s) && at(s, FRONT, Device.TUN, true) &&
            s.srcPort() == PORT).timeNs() - 1)));
        broken("P08", run -> run.counters.get(FRONT).put("indications_held", 3L));
    }

    @Test
    void shouldNoticeAnAckForTheHeldRequest()
    {
        broken("P09", run ->
        {
            final Segment request = run.first(s -> isRequest(s) && at(s, FRONT, Device.TUN, true));
            run.segments.add(new SegmentBuilder().from(request.dst(), request.dstPort()).to(request.src(),
                request.srcPort())
                .ack(request.end()).at(request.timeNs() + 5, FRONT, Device.TUN, false).build());
        });
    }

    @Test
    void shouldNoticeAHeldSegmentThatWasLost()
    {
        broken("P10", run -> run.change(s -> isRequest(s) && at(s, FRONT, Device.TUN, false),
            b -> b.text("GET /other HTTP/1.1\r\n\r\n")));
    }

    @Test
    void shouldNoticeABackThatGotASynOfItsOwn()
    {
        broken("P10", this::synAtTheBack);
        broken("P14", this::synAtTheBack);
        broken("P15", this::synAtTheBack);
    }

    private void synAtTheBack(final SyntheticRun run)
    {
        run.repeat(s -> s.isSyn() && at(s, FRONT, Device.TUN, true) &&
            s.srcPort() == PORT, b -> b.at(run.tick(), B1, Device.TUN, true));
    }

    @Test
    void shouldNoticeAChoiceThatTheRequestDoesNotExplain()
    {
        broken("P11", run -> run.changeFetch(f -> f.clientPort() == PORT, f -> answeredBy(f, B2)));
        broken("P11", run -> run.change(s -> isRequest(s) && at(s, FRONT, Device.TUN, true),
            b -> b.text("GET /x HTTP/1.1\r\n\r\n")));
        broken("P11", run -> run.changeFetch(f -> f.clientPort() == 40_010, f -> expectedOf(f, B1)));
    }

    @Test
    void shouldNoticeAForwardedRequestWithoutAHandoffRequest()
    {
        broken("P12", run -> dropControl(run, FRONT, B1));
        broken("P12", run -> run.changeRecord(HandoffRecord.BACK,
            r -> new HandoffRecord(r.node(), r.role(), r.peer(), r.id(), 3, r.client(),
            r.clientPort(), r.isnFront(), r.isnBack(), r.delta(), r.outcome(), r.segments())));
        broken("P12", run -> run.counters.get(B1).put("requests_received", 0L));
    }

    @Test
    void shouldNoticeARequestThatCannotHoldTheHandshake()
    {
        broken("P13", run -> run.change(s -> s.tap().equals(new Tap(FRONT, Device.MGMT)) && s.outgoing() &&
            s.payloadBytes() > 200,
            b -> b.record(50)));
        broken("P13", run -> run.change(s -> at(s, B1, Device.TUN, false), SegmentBuilder::noOptions));
    }

    @Test
    void shouldNoticeAReplayThatDoesNotFitTheForwardedSegments()
    {
        broken("P14", run -> run.change(s -> at(s, B1, Device.TUN, true), b -> b.ack(77)));
        broken("P14", run -> run.counters.get(B2).put("prepared", 0L));
    }

    @Test
    void shouldNoticeASynAckOfTheBack()
    {
        broken("P15", run -> run.repeat(s -> at(s, B1, Device.TUN, false),
            b -> b.flags(TcpHeader.SYN | TcpHeader.ACK).seq(99)));
        broken("P15", run -> run.segments.add(new SegmentBuilder().from(IpAddress.parse("198.18.200.3"), 80)
            .to(IpAddress.parse("198.18.1.9"), 9).flags(TcpHeader.SYN | TcpHeader.ACK).at(run.tick(), B1, Device.TUN,
            false).build()));
    }

    @Test
    void shouldNoticeABackThatDidNotTakeTheRequest()
    {
        broken("P16", run -> run.segments.replaceAll(s -> at(s, B1, Device.TUN, false) && s.dstPort() == PORT ?
            SegmentBuilder.of(s).ack(40_001_001).build() : s));
        broken("P16", run -> run.change(s -> at(s, B1, Device.TUN, false) && s.dstPort() == PORT, b -> b.seq(1)));
        broken("P16", run -> run.counters.get(B2).put("activated", 0L));
    }

    @Test
    void shouldNoticeARequestThatWasForwardedBeforeTheAnswer()
    {
        broken("P17", run -> run.change(s -> s.tap().equals(new Tap(B1, Device.MGMT)) && s.outgoing() &&
            s.payloadBytes() == 54,
            b -> b.record(ChannelChecks.PING_RECORD_BYTES)));
    }

    @Test
    void shouldNoticeAWrongDelta()
    {
        broken("P18", run -> run.changeRecord(HandoffRecord.BACK,
            r -> numbers(r, r.isnFront(), r.isnBack(), r.delta() + 1)));
        broken("P18", run -> run.changeRecord(HandoffRecord.FRONT,
            r -> numbers(r, r.isnFront(), r.isnBack(), r.delta() + 1)));
        broken("P18", run -> run.change(s -> isRequest(s) && at(s, FRONT, Device.TUN, false), b -> b.ack(5)));
    }

    @Test
    void shouldNoticeAnApplicationThatSawTheConnection()
    {
        broken("P19", run -> run.repeat(s -> s.isSynAck() && at(s, FRONT, Device.TUN, false) && s.dstPort() == PORT,
            b -> b.flags(TcpHeader.ACK).payload(10)));
        broken("P19", run -> run.frontAccepted = 4);
        broken("P21", run -> run.frontAccepted = 4);
        broken("P21", run -> run.holdsInUse = 1);
        broken("P21", run -> run.changeFetch(f -> f.clientPort() == PORT, f -> answeredBy(f, FRONT)));
    }

    @Test
    void shouldNoticeThatTheFrontsTcpSpoke()
    {
        broken("P20", run -> run.repeat(s -> s.isSynAck() && at(s, FRONT, Device.TUN, false) && s.dstPort() == PORT,
            b -> b.flags(TcpHeader.RST)));
        broken("P20", run -> run.tables.get(FRONT).add("[fd00:198:18:1::2]:40001 TIME-WAIT"));
        broken("P20", run -> run.busy.get(FRONT).add("198.18.1.2:20001 ESTAB"));
        broken("P20", run -> run.busy.get(B1).clear());
    }

    @Test
    void shouldNoticeAConnectionThatStayedAndWasSeenElsewhere()
    {
        broken("P23", run -> run.repeat(s -> s.srcPort() == 40_010, b -> b.at(run.tick(), B2, Device.DATA, false)));
        broken("P23", run -> run.drop(s -> s.dstPort() == 40_010 && at(s, FRONT, Device.TUN, false) &&
            s.payloadBytes() > 0));
        broken("P23", run -> run.counters.get(FRONT).put("stayed_by_policy", 1L));
    }

    @Test
    void shouldNoticeACloseThatTheBackDidNotSee()
    {
        broken("P26", run -> run.drop(s -> s.isFin() && s.srcPort() == PORT && at(s, B1, Device.TUN, true)));
        broken("P26", run -> run.changeRecord(HandoffRecord.BACK, r -> outcome(r, "terminated: VANISHED")));
    }

    @Test
    void shouldNoticeAMissingTermination()
    {
        broken("P27", run -> run.drop(s -> s.tap().device() == Device.MGMT && s.payloadBytes() == 47));
        broken("P27", run -> run.counters.get(B1).put("terminations_sent", 1L));
    }

    @Test
    void shouldNoticeWhatIsLeftAtTheFront()
    {
        broken("P28", run -> run.live.put(FRONT, List.of("198.18.1.2:20001 forwarding")));
        broken("P28", run -> run.holdsInUse = 1);
        broken("P28", run -> run.settledMs = 4_001);
        broken("P28", run -> run.counters.get(FRONT).put("terminations_received", 3L));
        broken("P28", run -> run.changeRecord(HandoffRecord.FRONT, r -> outcome(r, "reset: back dead")));
        broken("P28", run -> run.drop(s -> s.isFin() && s.srcPort() == PORT && at(s, FRONT, Device.TUN, false)));
    }

    static void broken(final String id, final Consumer<SyntheticRun> breakIt)
    {
        final SyntheticRun run = new SyntheticRun();
        breakIt.accept(run);
        final Evidence evidence = run.evidence();
        final List<Check> all = new ArrayList<>(Checks.behaviours(evidence));
        all.addAll(Checks.invariants(evidence));
        final Check check = all.stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
        assertFalse(check.ok(), check::toString);
    }

    static boolean at(final Segment segment, final String host, final Device device, final boolean outgoing)
    {
        return segment.outgoing() == outgoing && segment.tap().equals(new Tap(host, device));
    }

    static boolean isRequest(final Segment segment)
    {
        return segment.firstLine().startsWith("GET ");
    }

    private static boolean involves(final Segment segment, final String node)
    {
        final IpAddress address = SyntheticRun.topology().mgmt().get(node);
        final IpAddress front = SyntheticRun.topology().mgmt().get(FRONT);
        final Predicate<IpAddress> isOne = a -> a.equals(address) || a.equals(front);
        return isOne.test(segment.src()) && isOne.test(segment.dst());
    }

    private static void dropControl(final SyntheticRun run, final String from, final String to)
    {
        final IpAddress src = SyntheticRun.topology().mgmt().get(from);
        final IpAddress dst = SyntheticRun.topology().mgmt().get(to);
        run.drop(s -> s.src().equals(src) && s.dst().equals(dst) && s.payloadBytes() > 200);
    }

    private static HandoffRecord numbers(final HandoffRecord r, final int isnFront, final int isnBack, final int delta)
    {
        return new HandoffRecord(r.node(), r.role(), r.peer(), r.id(), r.epoch(), r.client(), r.clientPort(), isnFront,
            isnBack, delta,
            r.outcome(), r.segments());
    }

    private static HandoffRecord outcome(final HandoffRecord r, final String outcome)
    {
        return new HandoffRecord(r.node(), r.role(), r.peer(), r.id(), r.epoch(), r.client(), r.clientPort(),
            r.isnFront(), r.isnBack(),
            r.delta(), outcome, r.segments());
    }

    private static Fetch answeredBy(final Fetch f, final String server)
    {
        return new Fetch(f.call(), f.url(), f.path(), f.head(), f.beganNs(), f.endedNs(), f.client(), f.clientPort(),
            f.opened(), f.status(),
            f.bytes(), f.sha256(), f.file(), server, f.expected(), f.policyApplied(), f.fault());
    }

    private static Fetch expectedOf(final Fetch f, final String expected)
    {
        return new Fetch(f.call(), f.url(), f.path(), f.head(), f.beganNs(), f.endedNs(), f.client(), f.clientPort(),
            f.opened(), f.status(),
            f.bytes(), f.sha256(), f.file(), f.server(), expected, f.policyApplied(), f.fault());
    }
}
