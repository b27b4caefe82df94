package dev.baton.stack.tcp;

import dev.baton.stack.tcp.SegmentEdges.Draft;
import dev.baton.stack.tcp.SegmentEdges.Edge;
import dev.baton.stack.wire.Seq;
import dev.baton.stack.wire.TcpHeader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Every state times every field of a segment at its edges times every other field: nothing is thrown, what answers is
 * bounded, RFC 9293 and RFC 5961 decide who may change what, the connection goes on, and nothing is left of it.
 */
class SegmentEnumerationTest
{
    private static final long MS = Wire.MS;
    /** Bare ACKs, and what an acknowledgment may let go of the 12 segments that there are to send. */
    private static final int MAX_ANSWERS = 13;

    private final List<Throwable> errors = new ArrayList<>();
    private Situation situation;
    private boolean v6;
    private Wire w;
    private StreamPeer peer;
    private int packets;
    private int worlds;

    private void world()
    {
        w = new Wire();
        w.v6 = v6;
        w.context.errorHandler(errors::add).poolBytes(8 << 20).timeWaitNs(1000 * MS).finWait2Ns(1000 * MS)
            .maxConnections(16).synBacklog(16).maxTimeWait(16);
        w.start();
        peer = new StreamPeer();
        peer.checking = false;
        situation.make(w, peer);
        worlds++;
    }

    @ParameterizedTest
    @EnumSource
    void shouldWithstandEveryPairOfEdges(final Situation given)
    {
        situation = given;
        world();
        final List<List<Edge>> fields = SegmentEdges.fields();
        for (int a = 0; a < fields.size(); a++)
        {
            for (int b = a + 1; b < fields.size(); b++)
            {
                combine(fields.get(a), fields.get(b));
            }
        }
        end();
        outlive();
        assertTrue(packets > 15_000, "packets " + packets + " in " + worlds + " worlds");
    }

    /** RFC 5961's matrix: all flags, at all places, acknowledging all that can be, with and without data. */
    @ParameterizedTest
    @EnumSource
    void shouldWithstandEveryFlagAtEveryPlace(final Situation given)
    {
        situation = given;
        v6 = true;
        world();
        final Edge nothing = (draft, numbers) -> {};
        final List<Edge> sequences = new ArrayList<>(SegmentEdges.sequences());
        sequences.add(nothing);
        for (final Edge flags : SegmentEdges.flags())
        {
            for (final Edge seq : sequences)
            {
                for (final Edge ack : SegmentEdges.acknowledgments())
                {
                    feed(flags, seq, ack);
                    feed(flags, seq, ack, (draft, numbers) -> draft.length = 7);
                }
            }
        }
        end();
        outlive();
    }

    private void combine(final List<Edge> some, final List<Edge> others)
    {
        for (final Edge one : some)
        {
            for (final Edge other : others)
            {
                feed(one, other);
            }
        }
    }

    private void feed(final Edge... edges)
    {
        // What timers owe is not an answer.
        w.nowNs += MS;
        w.poll();
        w.discardOutput();
        final Numbers before = Numbers.of(w, situation);
        final Draft draft = new Draft(before);
        for (final Edge edge : edges)
        {
            edge.set(draft, before);
        }
        if (draft.length > 60_000 && draft.options.length > 0)
        {
            draft.length = 60_000;
        }
        packets++;
        draft.queue(w);
        try
        {
            w.poll();
            check(draft, before);
        }
        catch (final AssertionError | RuntimeException ex)
        {
            throw new AssertionError(situation + (v6 ? ", IPv6, " : ", IPv4, ") + draft + " before " + before, ex);
        }
    }

    private void check(final Draft draft, final Numbers before)
    {
        assertEquals(List.of(), errors);
        // What came twice is reported at once (RFC 2883); a FIN behind it, or a window that reading opens, comes after that.
        final int sent = answers(draft.length > 0 ? 2 : 1);
        final Numbers after = Numbers.of(w, situation);
        if (!draft.isWellFormed())
        {
            assertEquals(0, sent, "answers to what cannot be read");
            assertEquals(before, after, "changed by what cannot be read");
        }
        if (situation.isSynchronized())
        {
            synchronizedRules(draft, before, after);
        }
        if (!after.isStillLike(before) || before.state() != situation.state)
        {
            end();
            world();
        }
    }

    private int answers(final int maxBare)
    {
        int sent = 0;
        int bare = 0;
        for (Wire.Out out = w.outOrNull(); out != null; out = w.outOrNull())
        {
            sent++;
            bare += out.length() == 0 && (out.flags() & (TcpHeader.SYN | TcpHeader.FIN)) == 0 ? 1 : 0;
        }
        assertTrue(sent <= MAX_ANSWERS, "answers " + sent);
        assertTrue(bare <= maxBare, "bare ACKs and RSTs " + bare);
        return sent;
    }

    private static void synchronizedRules(final Draft draft, final Numbers before, final Numbers after)
    {
        final boolean reset = (draft.flags & TcpHeader.RST) != 0;
        final boolean syn = (draft.flags & TcpHeader.SYN) != 0;
        final boolean acks = (draft.flags & TcpHeader.ACK) != 0;
        if (after.state() == TcpState.CLOSED && before.state() <= TcpState.CLOSE_WAIT &&
            (before.state() == TcpState.ESTABLISHED || before.state() == TcpState.CLOSE_WAIT))
        {
            // RFC 5961, section 3.2: a RST counts at RCV.NXT only.
            assertTrue(reset && draft.seq == before.rcvNxt(), "ended");
            return;
        }
        if (after.state() == TcpState.CLOSED)
        {
            return;
        }
        // RFC 5961, section 4: a SYN never counts; RFC 9293, section 3.10.7.4: nothing counts without ACK.
        if (reset || syn || !acks || Seq.gt(draft.ack, before.sndNxt()))
        {
            assertEquals(before.rcvNxt(), after.rcvNxt(), "RCV.NXT");
            assertEquals(before.sndUna(), after.sndUna(), "SND.UNA");
            assertEquals(before.state(), after.state(), "state");
            assertEquals(before.runs(), after.runs(), "runs");
        }
        assertTrue(Seq.leq(after.sndUna(), before.sndNxt()), "SND.UNA beyond what was sent");
        assertTrue(Seq.geq(after.rcvNxt(), before.rcvNxt()), "RCV.NXT steps back");
        // One more for the FIN behind a window that is full.
        assertTrue(Seq.leq(after.rcvNxt(), before.rcvNxt() + before.rcvWnd() + 1), "RCV.NXT beyond the window");
    }

    /** The connection still takes what is in order; then it is aborted, and nothing of it is left. */
    private void end()
    {
        final Numbers n = Numbers.of(w, situation);
        if (n.state() == TcpState.ESTABLISHED && peer.connection != null)
        {
            w.nowNs += MS;
            w.seg(TcpHeader.ACK, n.rcvNxt()).ack(n.sndUna()).data(1).in();
            assertEquals(n.rcvNxt() + 1, Numbers.of(w, situation).rcvNxt() - grown(n), situation + " is dead after " + n);
        }
        if (peer.connection != null)
        {
            peer.connection.abort();
            w.poll();
        }
        w.discardOutput();
        final Numbers left = Numbers.of(w, situation);
        assertEquals(left.halfOpens() + left.timeWaits(), w.stack.connectionCount(), situation + ": connections left");
        assertEquals(0, w.stack.tcp().bufferPool().acquiredBytes(), situation + ": buffers left");
        assertEquals(List.of(), errors);
        if (worlds % 32 == 0)
        {
            outlive();
        }
    }

    /** Time ends what an abort does not. */
    private void outlive()
    {
        w.advance(700_000 * MS);
        assertEquals(0, w.stack.connectionCount(), situation + ": connections left");
    }

    /** What stood out of order right behind the next byte comes with it. */
    private int grown(final Numbers before)
    {
        final int now = Numbers.of(w, situation).rcvNxt();
        return Seq.gt(now, before.rcvNxt()) ? now - before.rcvNxt() - 1 : 0;
    }
}
