package dev.baton.tools.demo;

import static dev.baton.tools.demo.BehaviourChecksTest.at;
import static dev.baton.tools.demo.BehaviourChecksTest.broken;
import static dev.baton.tools.demo.BehaviourChecksTest.isRequest;
import static dev.baton.tools.demo.SyntheticRun.B1;
import static dev.baton.tools.demo.SyntheticRun.CLIENT;
import static dev.baton.tools.demo.SyntheticRun.FRONT;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.tools.demo.Tap.Device;
import org.junit.jupiter.api.Test;

/** What the captures show of rewriting (P22, P24, P25), and what must hold of every connection. */
class RewriteAndInvariantChecksTest
{
    private static final int PORT = 40_001;

    private static boolean isForwarded(final Segment s)
    {
        return s.srcPort() == PORT && at(s, FRONT, Device.TUN, false);
    }

    private static boolean isFromBack(final Segment s)
    {
        return s.dstPort() == PORT && at(s, B1, Device.TUN, false);
    }

    private static boolean isReceived(final Segment s)
    {
        return s.dstPort() == PORT && at(s, CLIENT, Device.DATA, false);
    }

    @Test
    void shouldHoldAllInvariantsInAFaultlessRun()
    {
        Checks.invariants(new SyntheticRun().evidence()).forEach(check -> assertTrue(check.ok(), check::toString));
    }

    @Test
    void shouldNoticeAnAckThatWasNotShifted()
    {
        broken("P22", run -> run.change(s -> isForwarded(s) && s.payloadBytes() == 0, b -> b.ack(1)));
    }

    @Test
    void shouldNoticeSackEdgesThatWereNotShifted()
    {
        broken("P22", run -> run.change(s -> isForwarded(s) &&
            !s.options().sackEdges().isEmpty(), b -> b.sack(10, 20)));
    }

    @Test
    void shouldNoticeAWrongDestination()
    {
        broken("P22", run -> run.change(RewriteAndInvariantChecksTest::isForwarded,
            b -> b.to(IpAddress.parse("fd00::9"), 80)));
    }

    @Test
    void shouldNoticeAClockThatIsNotShiftedEverywhereAlike()
    {
        broken("P22", run ->
        {
            final Segment found = run.first(s -> isForwarded(s) && s.payloadBytes() == 0);
            run.change(found::equals, b -> b.stamps(found.options().tsVal(), found.options().tsEcr() + 1));
        });
    }

    @Test
    void shouldNoticeASegmentThatTheFrontSwallowed()
    {
        broken("P22", run -> run.drop(s -> s.isFin() && s.srcPort() == PORT &&
            (at(s, FRONT, Device.TUN, false) || at(s, B1, Device.TUN, true))));
    }

    @Test
    void shouldNoticeASegmentThatWasLostOnTheWay()
    {
        broken("P22", run -> run.drop(s -> s.isFin() && s.srcPort() == PORT && at(s, B1, Device.TUN, true)));
        broken("P22", run -> run.drop(s -> s.isFin() && s.srcPort() == PORT && at(s, CLIENT, Device.DATA, true)));
    }

    @Test
    void shouldNoticeAWrongChecksumOfAForwardedSegment()
    {
        broken("P22", run -> run.change(RewriteAndInvariantChecksTest::isForwarded, b -> b.sum(Segment.Sum.WRONG)));
        broken("P22", run -> run.change(s -> isRequest(s) && at(s, B1, Device.TUN, true),
            b -> b.sum(Segment.Sum.WRONG)));
        broken("checksums", run -> run.change(RewriteAndInvariantChecksTest::isForwarded,
            b -> b.sum(Segment.Sum.WRONG)));
    }

    @Test
    void shouldNoticeABackThatSpeaksInItsOwnName()
    {
        broken("P24", run -> run.change(RewriteAndInvariantChecksTest::isFromBack,
            b -> b.from(IpAddress.parse("fd00:198:18:200::3"), 80)));
    }

    @Test
    void shouldNoticeAGapInTheFrontsNumbering()
    {
        broken("P24", run -> run.drop(s -> isFromBack(s) && s.payloadBytes() > 0 && !s.isFin()));
        broken("P24", run -> run.change(s -> isFromBack(s) && s.payloadBytes() > 0, b -> b.seq(1)));
        broken("P24", run -> run.change(s -> isFromBack(s) && s.isFin(), b -> b.flags(TcpHeader.ACK)));
    }

    @Test
    void shouldNoticeAWrongChecksumOfTheBack()
    {
        broken("P24", run -> run.change(RewriteAndInvariantChecksTest::isFromBack, b -> b.sum(Segment.Sum.WRONG)));
    }

    @Test
    void shouldNoticeAResponseThatPassesTheFront()
    {
        broken("P25", run -> run.repeat(RewriteAndInvariantChecksTest::isFromBack,
            b -> b.at(run.tick(), FRONT, Device.DATA, false)));
    }

    @Test
    void shouldNoticeBytesThatDidNotArrive()
    {
        broken("P25", run -> run.drop(s -> isReceived(s) && s.isFin()));
        broken("P25", run -> run.drop(s -> isReceived(s) && s.payloadBytes() > 0 && !s.isFin()));
    }

    @Test
    void shouldNoticeAResponseOfOtherBytes()
    {
        broken("I1", run -> run.changeFetch(f -> true, f -> new Fetch(f.call(), f.url(), f.path(), f.head(),
            f.beganNs(), f.endedNs(),
            f.client(), f.clientPort(), f.opened(), f.status(), f.bytes(), "babe", f.file(), f.server(), f.expected(),
            f.policyApplied(), "")));
    }

    @Test
    void shouldNoticeWhatAClientMayNotSeeOfAMove()
    {
        broken("I3", run -> run.repeat(RewriteAndInvariantChecksTest::isReceived, b -> b.flags(TcpHeader.RST)));
        broken("I3", run -> run.repeat(s -> isReceived(s) && s.isSynAck(), b -> b.seq(12)));
        broken("I3", run -> run.repeat(s -> isReceived(s) && s.isFin(), b -> b.seq(12)));
    }

    @Test
    void shouldNoticeAClockThatStepsBack()
    {
        broken("I4-timestamps", run -> run.change(s -> isReceived(s) && s.isFin(), b -> b.stamps(1, 1)));
    }

    @Test
    void shouldNoticeAWindowThatRetreats()
    {
        broken("I4-window", run -> run.change(s -> isReceived(s) && s.isFin(), b -> b.window(0)));
    }

    @Test
    void shouldNoticeAKernelThatSpeaks()
    {
        broken("quiet-kernels", run -> run.segments.add(new SegmentBuilder().from(SyntheticRun.CLIENT4,
            5).to(SyntheticRun.VIP4, 80)
            .flags(TcpHeader.RST).at(run.tick(), CLIENT, Device.DATA, true).build()));
        broken("quiet-kernels", run -> run.icmp.add(new IcmpMessage(
            run.tick(), new Tap(FRONT, Device.DATA), true, 4, 3, 1, SyntheticRun.VIP4, SyntheticRun.CLIENT4)));
    }

    @Test
    void shouldAllowNeighbourDiscovery()
    {
        final SyntheticRun run = new SyntheticRun();
        run.icmp.add(new IcmpMessage(
            run.tick(), new Tap(FRONT, Device.DATA), true, 6, 135, 0, SyntheticRun.VIP6, SyntheticRun.CLIENT6));
        Checks.invariants(run.evidence()).forEach(check -> assertTrue(check.ok(), check::toString));
    }
}
