package dev.baton.stack.tcp;

import dev.baton.stack.wire.Seq;

import java.util.Arrays;

/**
 * The one scoreboard of what was sent: SND.UNA to SND.NXT as runs, each with the time it was last sent and what is
 * known of it. SACK (RFC 2018), RACK (RFC 8985), loss detection and Pipe (RFC 6675), Karn's rule (RFC 6298) and the
 * repair after a time-out all read it.
 * <pre>
 *     base                                                end
 *      | sent | sacked | lost, sent again | sacked | sent  |
 * </pre>
 * Runs have no gaps between them. A byte is in one of these conditions:
 * <ul>
 * <li>outstanding: no mark;</li>
 * <li>{@link #SACKED}: the peer has it;</li>
 * <li>{@link #LOST}: taken for lost, not sent again;</li>
 * <li>{@link #LOST} and {@link #RETRANSMITTED}: sent again, no answer yet; without {@link #LOST}: sent again on
 * suspicion.</li>
 * </ul>
 * {@link #AMBIGUOUS} stays on what was ever sent twice, so that it gives no RTT sample. Runs are limited to {@link
 * #MAX_RUNS}; at the limit a mark that would need another run is left out, which is safe: what is not marked is
 * repaired by the time-out.
 * <p>
 * What is taken for lost is sent again from the front, so three numbers keep an ACK from looking at runs whose fate is
 * known: nothing waits before {@code lostFrom}; nothing is in flight again from {@code resentTo} on; nothing that was
 * sent once is undecided before {@code decidedTo}. Between the last two all runs are lost or SACKed. Cutting a run moves
 * those behind it, a copy of at most {@link #MAX_RUNS} entries.
 * <p>
 * Runs and sums are in a {@link Scoreboard}, which a log holds only while something is outstanding. Not thread safe.
 */
public final class SentLog
{
    /** Most runs. */
    public static final int MAX_RUNS = 8192;
    /** Mark: reported by SACK. */
    public static final int SACKED = 1;
    /** Mark: taken for lost. */
    public static final int LOST = 2;
    /** Mark: a retransmission is under way. */
    public static final int RETRANSMITTED = 4;
    /** Mark: sent more than once at some time. */
    public static final int AMBIGUOUS = 8;

    private final SpareScoreboards spare;
    /** Null while nothing is outstanding. */
    private Scoreboard board;
    private int head;
    private int tail;
    private int base;
    /** Stamps runs and hears of what becomes of them; null when nobody wants rates. */
    private DeliveryRate rates;

    /** An empty log of its own. */
    public SentLog()
    {
        this(new SpareScoreboards());
    }

    /** An empty log that takes its scoreboard from others when it needs one. */
    SentLog(final SpareScoreboards spare)
    {
        this.spare = spare;
    }

    /**
     * Empty it.
     *
     * @param seq SND.UNA.
     */
    public void reset(final int seq)
    {
        base = seq;
        empty();
    }

    private void empty()
    {
        head = 0;
        tail = 0;
        if (board != null)
        {
            spare.giveBack(board);
            board = null;
        }
    }

    /**
     * Have runs stamped for delivery rates from now on, or no longer.
     *
     * @param rates of the connection, or null.
     */
    void rates(final DeliveryRate rates)
    {
        if (this.rates != null)
        {
            this.rates.runs.trim();
        }
        this.rates = rates;
        resizeRates();
        for (int i = head; rates != null && i < tail; i++)
        {
            rates.runs.clear(i);
        }
    }

    private void resizeRates()
    {
        if (rates != null && board != null)
        {
            rates.runs.ensure(board.length());
        }
    }

    /**
     * New data was sent.
     *
     * @param end   SND.NXT after it.
     * @param nowNs when.
     */
    public void append(final int end, final long nowNs)
    {
        final boolean wasIdle = pipeBytes() == 0;
        if (head < tail && board.runMarks[tail - 1] == 0 && board.runSentNs[tail - 1] == nowNs)
        {
            board.runEnd[tail - 1] = end;
        }
        else if (makeRoom(1))
        {
            put(tail++, end, nowNs, 0);
        }
        else
        {
            appendToFull(end);
        }
        if (rates != null)
        {
            rates.onSent(tail - 1, wasIdle, pipeBytes(), nowNs);
        }
    }

    private void appendToFull(final int end)
    {
        final int i = tail - 1;
        uncount(i);
        board.runEnd[i] = end;
        board.runMarks[i] = (byte)(board.runMarks[i] & ~SACKED | AMBIGUOUS);
        count(i);
        board.decidedTo = Seq.min(board.decidedTo, startOf(i));
    }

    /**
     * Everything before a number has been acknowledged.
     *
     * @param seq  SND.UNA from now on; not before the old one, not after SND.NXT.
     * @param news is told of what was not known before.
     */
    public void ackTo(final int seq, final AckNews news)
    {
        news.beginSample();
        while (head < tail && Seq.lt(base, seq))
        {
            uncount(head);
            final int marks = board.runMarks[head];
            final int end = Seq.min(board.runEnd[head], seq);
            news.sample(board.runSentNs[head], marks);
            if ((marks & SACKED) == 0)
            {
                news.delivered(end - base, end, board.runSentNs[head], marks, false);
                delivered(head, end - base);
            }
            base = end;
            if (end != board.runEnd[head])
            {
                count(head);
                break;
            }
            head++;
        }
        base = seq;
        if (head == tail)
        {
            empty();
        }
        else
        {
            board.passTo(seq);
        }
    }

    /**
     * The peer says that it has a range.
     *
     * @param start first number; what lies before SND.UNA is passed over.
     * @param end   number after the last, not after SND.NXT.
     * @param news  is told of what was not known before.
     * @return bytes of it that were not known before.
     */
    public int markSacked(final int start, final int end, final AckNews news)
    {
        if (head == tail || !makeRoom(2))
        {
            return 0;
        }
        int known = 0;
        int i = runAt(Seq.max(start, base));
        if (i < tail && Seq.lt(startOf(i), start))
        {
            split(i, start);
            i++;
        }
        while (i < tail && Seq.lt(startOf(i), end))
        {
            if (Seq.gt(board.runEnd[i], end))
            {
                split(i, end);
            }
            if ((board.runMarks[i] & SACKED) == 0)
            {
                final int bytes = board.runEnd[i] - startOf(i);
                news.delivered(bytes, board.runEnd[i], board.runSentNs[i], board.runMarks[i], true);
                uncount(i);
                known += bytes;
                delivered(i, bytes);
                board.runMarks[i] = (byte)(board.runMarks[i] & AMBIGUOUS | SACKED);
                count(i);
                board.highestSacked = Seq.max(board.highestSacked, board.runEnd[i]);
            }
            i = joinWithPrevious(i) + 1;
        }
        if (i < tail)
        {
            joinWithPrevious(i);
        }
        return known;
    }

    /**
     * IsLost of RFC 6675, section 4: what has three SACKed runs, or more than two segments of SACKed bytes, above it is
     * lost.
     *
     * @param mss payload of a full segment in bytes.
     */
    public void markLostBySack(final int mss)
    {
        int above = 0;
        int runsAbove = 0;
        boolean inSacked = false;
        for (int i = tail - 1; i >= head; i--)
        {
            final boolean sacked = (board.runMarks[i] & SACKED) != 0;
            if (sacked)
            {
                above += board.runEnd[i] - startOf(i);
                runsAbove += inSacked ? 0 : 1;
            }
            else if ((runsAbove >= 3 || above > 2 * mss) && (board.runMarks[i] & (LOST | RETRANSMITTED)) == 0)
            {
                mark(i, LOST);
            }
            inSacked = sacked;
        }
    }

    /**
     * RACK_detect_loss (RFC 8985, section 6.2, step 5): what is in flight and was sent before the segment that RACK
     * keeps is lost, unless it was sent lately. Transmissions that went once stand in the order of their times, so the
     * search ends with the first of them that was sent after that segment.
     *
     * @param rackSentNs when RACK's segment was sent.
     * @param rackEnd    where it ends.
     * @param expiredNs  what was sent then or before is lost.
     * @param news       is told of what is lost.
     * @return when the last was sent of what is waited for still; {@link Long#MIN_VALUE} when nothing is.
     */
    public long markLostSentBefore(
        final long rackSentNs, final int rackEnd, final long expiredNs, final AckNews news)
    {
        long waitsNs = Long.MIN_VALUE;
        int undecided = end();
        int i = head;
        while (i < tail)
        {
            if (Seq.geq(startOf(i), board.resentTo) && Seq.lt(startOf(i), board.decidedTo))
            {
                i = Math.max(i + 1, runAt(board.decidedTo));
                continue;
            }
            if ((board.runMarks[i] & SACKED) == 0 && (board.runMarks[i] & (LOST | RETRANSMITTED)) != LOST)
            {
                final boolean before = AckNews.isSentAfter(rackSentNs, rackEnd, board.runSentNs[i], board.runEnd[i]);
                if (before && board.runSentNs[i] <= expiredNs)
                {
                    lose(i, news);
                }
                else
                {
                    waitsNs = before ? Math.max(waitsNs, board.runSentNs[i]) : waitsNs;
                    undecided = (board.runMarks[i] & RETRANSMITTED) == 0 ? Seq.min(undecided, startOf(i)) : undecided;
                    if (!before && (board.runMarks[i] & AMBIGUOUS) == 0)
                    {
                        break;
                    }
                }
            }
            i++;
        }
        if (board != null)
        {
            board.decidedTo = Seq.max(board.decidedTo, undecided);
        }
        return waitsNs;
    }

    /**
     * RFC 8985, section 6.3: the timer ran out, and lost is the first segment and what was not sent lately.
     *
     * @param mss       payload of a full segment in bytes.
     * @param expiredNs what was sent then or before is lost.
     * @param news      is told of what is lost.
     */
    public void markLostOnTimeout(final int mss, final long expiredNs, final AckNews news)
    {
        if (head < tail && board.runSentNs[head] > expiredNs && Seq.gt(board.runEnd[head], base + mss) && makeRoom(1))
        {
            split(head, base + mss);
        }
        for (int i = head; i < tail; i++)
        {
            if ((board.runMarks[i] & SACKED) == 0 && (board.runMarks[i] & (LOST | RETRANSMITTED)) != LOST &&
                (i == head || board.runSentNs[i] <= expiredNs))
            {
                lose(i, news);
            }
        }
    }

    /** Take nothing for lost any more: a recovery is taken back. */
    public void forgetLost()
    {
        for (int i = head; i < tail; i++)
        {
            if ((board.runMarks[i] & LOST) != 0)
            {
                uncount(i);
                board.runMarks[i] &= ~LOST;
                count(i);
            }
        }
        if (board != null)
        {
            board.decidedTo = base;
        }
    }

    private void lose(final int i, final AckNews news)
    {
        uncount(i);
        news.lost(board.runEnd[i] - startOf(i), (board.runMarks[i] & RETRANSMITTED) != 0);
        board.runMarks[i] = (byte)(board.runMarks[i] & AMBIGUOUS | LOST);
        count(i);
        board.lostFrom = Seq.min(board.lostFrom, startOf(i));
        lost(i, true);
    }

    /**
     * Take what is at the front for lost.
     *
     * @param bytes how much, from SND.UNA on.
     */
    public void markFrontLost(final int bytes)
    {
        if (head < tail && (board.runMarks[head] & (SACKED | LOST)) == 0)
        {
            final int end = base + bytes;
            if (Seq.gt(board.runEnd[head], end) && makeRoom(1))
            {
                split(head, end);
            }
            mark(head, LOST);
        }
    }

    /** Take everything that is not SACKed for lost, and no retransmission for under way: the timer ran out. */
    public void markAllLost()
    {
        for (int i = head; i < tail; i++)
        {
            if ((board.runMarks[i] & SACKED) == 0)
            {
                final boolean news = (board.runMarks[i] & (LOST | RETRANSMITTED)) != LOST;
                uncount(i);
                board.runMarks[i] = (byte)(board.runMarks[i] & AMBIGUOUS | LOST);
                count(i);
                lost(i, news);
                board.lostFrom = base;
            }
        }
    }

    /** Forget what SACK has reported: the peer may have dropped it (RFC 2018, section 8). */
    public void forgetSacked()
    {
        for (int i = head; i < tail; i++)
        {
            if ((board.runMarks[i] & SACKED) != 0)
            {
                uncount(i);
                board.runMarks[i] &= ~SACKED;
                count(i);
            }
        }
        if (board != null)
        {
            board.highestSacked = board.decidedTo = base;
        }
    }

    /**
     * Is SND.UNA itself reported by SACK? A peer that reports it without acknowledging it has dropped what it had.
     *
     * @return true when it is.
     */
    public boolean frontIsSacked()
    {
        return head < tail && (board.runMarks[head] & SACKED) != 0;
    }

    /**
     * Is SND.UNA taken for lost?
     *
     * @return true when it is.
     */
    public boolean frontIsLost()
    {
        return head < tail && (board.runMarks[head] & LOST) != 0;
    }

    /**
     * A range was sent again. Without room for new edges the runs that it touches are marked whole.
     *
     * @param start first number.
     * @param end   number after the last.
     * @param nowNs when.
     */
    public void markRetransmitted(final int start, final int end, final long nowNs)
    {
        final boolean room = head < tail && makeRoom(2);
        final boolean wasIdle = pipeBytes() == 0;
        int i = runAt(start);
        if (room && i < tail && Seq.lt(startOf(i), start))
        {
            split(i, start);
            i++;
        }
        while (i < tail && Seq.lt(startOf(i), end))
        {
            if (room && Seq.gt(board.runEnd[i], end))
            {
                split(i, end);
            }
            if ((board.runMarks[i] & SACKED) == 0)
            {
                uncount(i);
                board.runMarks[i] |= RETRANSMITTED | AMBIGUOUS;
                board.runSentNs[i] = nowNs;
                count(i);
                if (rates != null)
                {
                    rates.onSent(i, wasIdle, pipeBytes(), nowNs);
                }
                board.resentTo = Seq.max(board.resentTo, board.runEnd[i]);
            }
            i = joinWithPrevious(i) + 1;
        }
    }

    /**
     * First run that is lost and not sent again (RFC 6675, NextSeg rule 1).
     *
     * @return its number for {@link #startOf(int)} and {@link #endOf(int)}, or -1.
     */
    public int nextLost()
    {
        for (int i = lostWaitingBytes() > 0 ? runAt(board.lostFrom) : tail; i < tail; i++)
        {
            if ((board.runMarks[i] & (LOST | RETRANSMITTED)) == LOST)
            {
                board.lostFrom = startOf(i);
                return i;
            }
        }
        return -1;
    }

    /**
     * First run below the highest SACKed number that is neither SACKed nor sent again (RFC 6675, NextSeg rule 3).
     *
     * @return its number, or -1.
     */
    public int nextSuspect()
    {
        for (int i = head; i < tail && Seq.lt(startOf(i), board.highestSacked); i++)
        {
            if ((board.runMarks[i] & (SACKED | RETRANSMITTED)) == 0)
            {
                return i;
            }
        }
        return -1;
    }

    /**
     * Last run that is not SACKed (RFC 6675, NextSeg rule 4).
     *
     * @return its number, or -1.
     */
    public int lastUnsacked()
    {
        for (int i = tail - 1; i >= head; i--)
        {
            if ((board.runMarks[i] & SACKED) == 0)
            {
                return i;
            }
        }
        return -1;
    }

    /**
     * Pipe (RFC 6675, section 4).
     *
     * @return bytes taken to be in the network.
     */
    public int pipeBytes()
    {
        return board == null ? 0 :
            end() - base - board.sackedBytes - board.lostBytes + board.retransmittedBytes;
    }

    /**
     * Bytes that SACK has reported.
     *
     * @return 0 or more.
     */
    public int sackedBytes()
    {
        return board == null ? 0 : board.sackedBytes;
    }

    /**
     * Bytes that were sent again and are under way.
     *
     * @return 0 or more.
     */
    public int retransmittedBytes()
    {
        return board == null ? 0 : board.retransmittedBytes;
    }

    /**
     * Bytes that are lost and not sent again.
     *
     * @return 0 or more.
     */
    public int lostWaitingBytes()
    {
        return board == null ? 0 : board.lostWaitingBytes;
    }

    /**
     * Runs in the log; they are numbered from {@link #firstRun()} on.
     *
     * @return 0 to {@link #MAX_RUNS}.
     */
    public int runCount()
    {
        return tail - head;
    }

    /**
     * Number of the first run.
     *
     * @return valid until the log changes.
     */
    public int firstRun()
    {
        return head;
    }

    /**
     * First sequence number of a run.
     *
     * @param run its number.
     * @return a sequence number.
     */
    public int startOf(final int run)
    {
        return run == head ? base : board.runEnd[run - 1];
    }

    /**
     * Sequence number after a run.
     *
     * @param run its number.
     * @return a sequence number.
     */
    public int endOf(final int run)
    {
        return board.runEnd[run];
    }

    /**
     * When a run was last sent.
     *
     * @param run its number.
     * @return a time.
     */
    public long sentNsOf(final int run)
    {
        return board.runSentNs[run];
    }

    /**
     * What is known of a run.
     *
     * @param run its number.
     * @return a set of the marks.
     */
    public int marksOf(final int run)
    {
        return board.runMarks[run];
    }

    /**
     * Append a run as it stood in another log: for who imports one, in order, after {@link #reset(int)}.
     *
     * @param end    sequence number after it.
     * @param sentNs when it was last sent.
     * @param marks  what is known of it.
     * @return false when the log is full.
     */
    public boolean restore(final int end, final long sentNs, final int marks)
    {
        if (!makeRoom(1))
        {
            return false;
        }
        put(tail++, end, sentNs, marks);
        if (rates != null)
        {
            rates.runs.clear(tail - 1);
        }
        count(tail - 1);
        if ((marks & SACKED) != 0)
        {
            board.highestSacked = end;
        }
        if ((marks & RETRANSMITTED) != 0)
        {
            board.resentTo = end;
        }
        return true;
    }

    /**
     * Set the greatest number that SACK has reported, which may outlive the mark of its run: after the last {@link
     * #restore}.
     *
     * @param seq a sequence number from {@link #base()} on.
     */
    public void restoreHighestSacked(final int seq)
    {
        if (board != null)
        {
            board.highestSacked = seq;
        }
    }

    /**
     * Start of the first run: SND.UNA.
     *
     * @return a sequence number.
     */
    public int base()
    {
        return base;
    }

    /**
     * Greatest number that SACK has reported.
     *
     * @return a sequence number; {@link #base()} when there was none.
     */
    public int highestSacked()
    {
        return board == null ? base : board.highestSacked;
    }

    private int end()
    {
        return head == tail ? base : board.runEnd[tail - 1];
    }

    private int runAt(final int seq)
    {
        int low = head;
        int high = tail;
        while (low < high)
        {
            final int middle = low + high >>> 1;
            if (Seq.leq(board.runEnd[middle], seq))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private void put(final int i, final int end, final long sentNs, final int marks)
    {
        board.put(i, end, sentNs, marks);
    }

    private void mark(final int i, final int mark)
    {
        final boolean news = mark == LOST && (board.runMarks[i] & (LOST | RETRANSMITTED)) != LOST;
        uncount(i);
        board.runMarks[i] = (byte)(board.runMarks[i] | mark);
        count(i);
        board.lostFrom = Seq.min(board.lostFrom, startOf(i));
        lost(i, news);
    }

    private void lost(final int i, final boolean news)
    {
        if (rates != null && news)
        {
            rates.onLost(i, board.runEnd[i] - startOf(i));
        }
    }

    /** Bytes of a run have been delivered that had not been SACKed; its marks are still the old ones. */
    private void delivered(final int i, final int bytes)
    {
        if (rates != null)
        {
            rates.onDelivered(i, bytes, board.runEnd[i], board.runSentNs[i], (board.runMarks[i] & AMBIGUOUS) == 0);
            if (bytes == board.runEnd[i] - startOf(i))
            {
                rates.runs.clear(i);
            }
        }
    }

    private void moveRates(final int from, final int to, final int count)
    {
        if (rates != null)
        {
            rates.runs.move(from, to, count);
        }
    }

    private void count(final int i)
    {
        account(i, board.runEnd[i] - startOf(i));
    }

    private void uncount(final int i)
    {
        account(i, startOf(i) - board.runEnd[i]);
    }

    private void account(final int i, final int bytes)
    {
        board.account(board.runMarks[i], bytes);
    }

    /** Cut a run in two at a number inside of it; there is room. */
    private void split(final int i, final int at)
    {
        board.move(i, i + 1, tail - i);
        moveRates(i, i + 1, tail - i);
        board.runEnd[i] = at;
        tail++;
    }

    /**
     * One run out of two neighbours of which nothing different is known; returns the number of the run that holds it
     * now.
     */
    private int joinWithPrevious(final int i)
    {
        if (i == head || board.runMarks[i] != board.runMarks[i - 1] ||
            (board.runMarks[i] & SACKED) == 0 && board.runSentNs[i] != board.runSentNs[i - 1])
        {
            return i;
        }
        System.arraycopy(board.runEnd, i, board.runEnd, i - 1, tail - i);
        System.arraycopy(board.runSentNs, i + 1, board.runSentNs, i, tail - i - 1);
        System.arraycopy(board.runMarks, i + 1, board.runMarks, i, tail - i - 1);
        moveRates(i, i - 1, tail - i);
        tail--;
        return i - 1;
    }

    /** Have room behind the tail. It may give every run another number. */
    private boolean makeRoom(final int count)
    {
        if (board == null)
        {
            board = spare.take();
            board.begin(base);
            resizeRates();
        }
        if (tail + count <= board.length())
        {
            return true;
        }
        final int held = tail - head;
        if (held + count > MAX_RUNS)
        {
            return false;
        }
        if (held + count > board.length() / 2)
        {
            board.grow(Math.min(2 * MAX_RUNS, 2 * board.length()));
            resizeRates();
        }
        board.move(head, 0, held);
        moveRates(head, 0, held);
        head = 0;
        tail = held;
        return true;
    }
}
