package dev.baton.stack.tcp;

import dev.baton.stack.Link;
import dev.baton.stack.NetStack;
import dev.baton.stack.Packet;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.IpAddress;
import dev.baton.stack.wire.TcpHeader;
import dev.baton.stack.wire.TcpOptions;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.P;
import static dev.baton.stack.tcp.Wire.R;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SynCookiesTest
{
    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();

    private Wire always()
    {
        w.context.handshake().synCookies(2);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        return w;
    }

    private long count(final StackCounter counter)
    {
        return w.stack.counters().get(counter);
    }

    @Test
    void shouldOpenFromWhatTheAckBringsBackAlone()
    {
        always().seg(S, 1000).mss(1400).windowScale(3).timestamps(77, 0).sackPermitted().in();
        final Wire.Out synAck = w.out();
        assertTrue(synAck.is(S | A));
        assertEquals(0, w.stack.connectionCount(), "nothing is kept");
        w.nowNs += 20 * MS;
        w.seg(A | P, 1001).ack(synAck.seq() + 1).timestamps(78, synAck.options().tsVal()).window(500).data(50).in();
        assertEquals(List.of("accepted", "readable"), peer.events);
        final Tcb tcb = w.tcbOfOnly();
        assertEquals(1400, tcb.remoteMss);
        assertTrue(tcb.sackOk && tcb.timestampsOk && tcb.windowScaleOk);
        assertEquals(3, tcb.sndShift);
        assertEquals(500 << 3, tcb.sndWnd);
        assertEquals(synAck.options().windowScale(), tcb.rcvShift);
        assertEquals(0, tcb.srttNs, "the echo was no clock");
        assertEquals(1_000 * MS, tcb.rtoNs);
        assertEquals(50, peer.received);
        assertEquals(1, count(StackCounter.SYNCOOKIES_SENT));
        assertEquals(1, count(StackCounter.SYNCOOKIES_RECV));
        assertEquals(1, count(StackCounter.TCP_REQ_Q_FULL_DO_COOKIES));
    }

    @ParameterizedTest
    @CsvSource({"100, 48", "536, 536", "1219, 536", "1380, 1300", "1460, 1460", "9000, 8960", "0, 536"})
    void shouldRoundTheMssDownNeverUp(final int announced, final int expected)
    {
        always();
        final Wire.Seg syn = w.seg(S, 1000);
        (announced == 0 ? syn : syn.mss(announced)).in();
        w.seg(A, 1001).ack(w.out().seq() + 1).in();
        assertEquals(expected, w.tcbOfOnly().remoteMss);
    }

    @Test
    void shouldNotOfferWhatItCouldNotRemember()
    {
        always().seg(S, 1000).mss(1460).windowScale(7).sackPermitted().in();
        final Wire.Out synAck = w.out();
        assertEquals(TcpOptions.ABSENT, synAck.options().windowScale());
        assertFalse(synAck.options().sackPermitted());
        w.seg(A, 1001).ack(synAck.seq() + 1).window(1000).in();
        final Tcb tcb = w.tcbOfOnly();
        assertFalse(tcb.sackOk || tcb.timestampsOk || tcb.windowScaleOk);
        assertEquals(1000, tcb.sndWnd);
    }

    @Test
    void shouldNotLetTimestampsGoBackwards()
    {
        for (int i = 0; i < 130; i++)
        {
            final int clock = 1_000_000 + i;
            final int tsVal = SynCookies.tsVal(clock, 14, true, true);
            assertTrue(tsVal <= clock && clock - tsVal < 128);
            assertEquals(14, SynCookies.shift(tsVal));
            assertTrue(SynCookies.sack(tsVal) && SynCookies.ecn(tsVal));
            final int none = SynCookies.tsVal(clock, TcpOptions.ABSENT, false, false);
            assertEquals(TcpOptions.ABSENT, SynCookies.shift(none));
            assertFalse(SynCookies.sack(none) || SynCookies.ecn(none));
        }
    }

    @Test
    void shouldTakeCookieForAtLeastOneMinuteAndLessThanTwo()
    {
        w.nowNs = 600_000 * MS;
        always().seg(S, 1000).in();
        final int cookie = w.out().seq();
        w.nowNs += 119_999 * MS;
        w.seg(A, 1001).ack(cookie + 1).in();
        assertEquals(1, peer.acceptedCount);
        w.peerPort++;
        w.nowNs = 840_000 * MS;
        w.seg(S, 1000).in();
        final int late = w.out().seq();
        w.nowNs += 120_000 * MS;
        w.seg(A, 1001).ack(late + 1).in();
        assertTrue(w.out().is(R));
        assertEquals(1, count(StackCounter.SYNCOOKIES_FAILED));
    }

    @Test
    void shouldRefuseCookiesOfOtherFlowsAndNumbers()
    {
        always().seg(S, 1000).in();
        final int cookie = w.out().seq();
        w.seg(A, 1002).ack(cookie + 1).in();
        assertTrue(w.out().is(R));
        w.seg(A, 1001).ack(cookie + 2).in();
        assertTrue(w.out().is(R));
        w.peerPort++;
        w.seg(A, 1001).ack(cookie + 1).in();
        assertTrue(w.out().is(R));
        assertEquals(0, w.stack.connectionCount());
        assertEquals(3, count(StackCounter.SYNCOOKIES_FAILED));
    }

    @Test
    void shouldNotAnswerSynThatEndsTimeWaitWithACookie()
    {
        always().seg(S, 1000).in();
        final int iss = w.out().seq();
        w.seg(A, 1001).ack(iss + 1).in();
        peer.connection.close();
        w.poll();
        w.seg(Wire.F | A, 1001).ack(iss + 2).in();
        w.discardOutput();
        w.seg(S, 5000).in();
        final int next = w.out().seq();
        assertTrue(next - (iss + 2) > 0, "beyond the numbers of the connection before");
        assertEquals(1, w.stack.connectionCount());
        assertEquals(1, count(StackCounter.SYNCOOKIES_SENT));
    }

    @Test
    void shouldOpenFromACookieOverIpv6()
    {
        w.v6 = true;
        always().seg(S, 1000).mss(1420).timestamps(5, 0).in();
        final Wire.Out synAck = w.out();
        w.seg(A, 1001).ack(synAck.seq() + 1).timestamps(6, synAck.options().tsVal()).in();
        assertEquals(1420, w.tcbOfOnly().remoteMss);
    }

    @Test
    void shouldNotLookForCookiesWhenNoneIsOut()
    {
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(A, 1001).ack(4711).in();
        assertTrue(w.out().is(R));
        assertEquals(0, count(StackCounter.SYNCOOKIES_FAILED));
    }

    @Test
    void shouldUseCookiesOnlyWhenTheQueueIsFull()
    {
        w.context.synBacklog(1);
        w.start().stack.listen(IpAddress.ANY, 80, peer);
        w.seg(S, 1000).in();
        final int queued = w.out().seq();
        w.peerPort++;
        w.seg(S, 1000).in();
        final int cookie = w.out().seq();
        assertEquals(1, count(StackCounter.SYNCOOKIES_SENT));
        w.seg(A, 1001).ack(cookie + 1).in();
        w.peerPort--;
        w.seg(A, 1001).ack(queued + 1).in();
        assertEquals(2, peer.acceptedCount);
        assertEquals(0, count(StackCounter.TCP_REQ_Q_FULL_DROP));
    }

    @Test
    void shouldNotOpenFromCookieWhenTheAcceptQueueIsFull()
    {
        w.context.handshake().synCookies(2);
        final Listener listener = w.start().stack.listen(IpAddress.ANY, 80, peer, 0);
        w.seg(S, 1000).in();
        final int one = w.out().seq();
        w.peerPort++;
        w.seg(S, 1000).in();
        final int two = w.out().seq();
        w.seg(A, 1001).ack(two + 1).in();
        w.peerPort--;
        w.seg(A, 1001).ack(one + 1).in();
        w.expectSilence();
        assertEquals(1, listener.waiting());
        assertEquals(1, count(StackCounter.LISTEN_OVERFLOWS));
        listener.accept();
        w.seg(A, 1001).ack(one + 1).in();
        assertEquals(1, listener.waiting());
    }

    @Test
    void shouldTakeCookiesOfAnotherShardWithItsSecretAndEpoch()
    {
        final SynCookies there = new SynCookies(1, 2);
        final SynCookies here = new SynCookies(1, 2);
        final Segment s = new Segment();
        s.remotePort = 5000;
        s.seq = 1000;
        final long thereNs = 7_777_777 * MS;
        final int iss = there.iss(s, 1460, true, thereNs);
        s.seq++;
        s.ack = iss + 1;
        final long hereNs = 42 * MS;
        assertEquals(SynCookies.NO_COOKIE, here.mss(s, true, hereNs));
        assertFalse(here.areOut(hereNs));
        here.restore(there.epochAgeNs(thereNs), there.lastSentAgeNs(thereNs), hereNs);
        assertEquals(1460, here.mss(s, true, hereNs));
        assertTrue(here.areOut(hereNs));
        assertEquals(SynCookies.NO_COOKIE, new SynCookies(1, 3).mss(s, true, hereNs));
        assertNotEquals(0, here.epochAgeNs(hereNs));
    }

    /** A million SYNs from as many ports and addresses; what comes out is thrown away, but for the client's own. */
    private static final class Flood implements Link
    {
        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Packet.HEADROOM + 128]);
        private final Ip4Header ip = new Ip4Header();
        private final TcpHeader tcp = new TcpHeader();
        private int left;
        private int next;
        private int clientFlags;
        private int clientSeq;
        private int clientAck;
        private int answer;
        private long sent;

        @Override
        public boolean receive(final Packet packet)
        {
            if (clientFlags != 0)
            {
                segment(0x0A00_0001, 40_000, clientFlags, clientSeq, clientAck);
                clientFlags = 0;
            }
            else if (left > 0)
            {
                left--;
                next++;
                segment(0x0B00_0000 + next, 1024 + (next & 0x3FFF), S, next, 0);
            }
            else
            {
                return false;
            }
            packet.wrap(buffer, Packet.HEADROOM, 40, 0, Packet.CHECKSUM_COMPLETE);
            return true;
        }

        private void segment(final int from, final int port, final int flags, final int seq, final int ack)
        {
            final int at = Packet.HEADROOM;
            ip.wrap(buffer, at).encode(0, 40, 0, Ip4Header.DONT_FRAGMENT, 64, 6, from, (int)Wire.LOCAL.lo());
            tcp.wrap(buffer, at + 20).srcPort(port).dstPort(80).seq(seq).ack(ack).window(65_535)
                .headerLengthAndFlags(20, flags).checksum(0);
            tcp.checksum(Checksum.finish(
                Checksum.pseudoHeader(buffer, at + Ip4Header.SRC_OFFSET, 8, 6, 20) + Checksum.sum(buffer, at + 20, 20)));
        }

        @Override
        public boolean transmit(final Packet packet)
        {
            sent++;
            tcp.wrap(packet.buffer(), packet.l4Offset());
            if (tcp.dstPort() == 40_000 && (tcp.flags() & S) != 0)
            {
                answer = tcp.seq();
            }
            return true;
        }

        @Override
        public int mtu()
        {
            return 1500;
        }

        @Override
        public int maxGsoBytes()
        {
            return 0;
        }

        @Override
        public boolean checksumOffload()
        {
            return false;
        }
    }

    @Test
    void shouldLetAClientInDuringAFloodOfAMillionSyns()
    {
        final Flood flood = new Flood();
        final NetStack stack = new NetStack(new StackContext().poolBytes(16 << 20).address(Wire.LOCAL).conclude(), flood);
        stack.listen(IpAddress.ANY, 80, peer);
        long nowNs = 0;
        int most = 0;
        for (int round = 0; round < 20; round++)
        {
            flood.left = 50_000;
            if (round == 10)
            {
                flood.clientFlags = S;
                flood.clientSeq = 1000;
            }
            while (flood.left > 0)
            {
                nowNs += 64_000;
                stack.poll(nowNs);
                most = Math.max(most, stack.connectionCount());
            }
            if (round == 12)
            {
                flood.clientFlags = A;
                flood.clientSeq = 1001;
                flood.clientAck = flood.answer + 1;
            }
        }
        assertEquals(List.of("accepted"), peer.events);
        assertTrue(most <= 1024 + 1, "half-open connections stay within synBacklog: " + most);
        assertEquals(0, stack.tcp().bufferPool().acquiredBytes());
        assertTrue(stack.counters().get(StackCounter.SYNCOOKIES_SENT) > 990_000);
        assertTrue(flood.sent >= 1_000_000);
    }
}
