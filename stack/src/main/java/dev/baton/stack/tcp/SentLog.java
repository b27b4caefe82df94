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
 * Not thread safe.
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

    private static final int FIRST_RUNS = 16;
    private static final int KEPT_RUNS = 512;

    private int[] runEnd = new int[FIRST_RUNS];
    private long[] runSentNs = new long[FIRST_RUNS];
    private byte[] runMarks = new byte[FIRST_RUNS];
    private int head;
    private int tail;
    private int base;
    private int highestSacked;
    private int sackedBytes;
    private int lostBytes;
    private int retransmittedBytes;
    private int lostWaitingBytes;
    private int lostFrom;
    private int resentTo;
    private int decidedTo;
    private long sampleSentNs;
    private boolean ackedAmbiguous;
    /** Stamps runs and hears of what becomes of them; null when nobody wants rates. */
    private DeliveryRate rates;

    /** An empty log. */
    public SentLog()
    {
        reset(0);
    }

    /**
     * Empty it.
     *
     * @param seq SND.UNA.
     */
    public void reset(final int seq)
    {
        if (runEnd.length > KEPT_RUNS)
        {
            runEnd = new int[FIRST_RUNS];
            runSentNs = new long[FIRST_RUNS];
            runMarks = new byte[FIRST_RUNS];
            resizeRates();
        }
        head = 0;
        tail = 0;
        base = seq;
        highestSacked = lostFrom = resentTo = decidedTo = seq;
        sackedBytes = lostBytes = retransmittedBytes = lostWaitingBytes = 0;
        sampleSentNs = Tcb.NONE;
        ackedAmbiguous = false;
    }

    /**
     * Have runs stamped for delivery rates from now on, or no longer.
     *
     * @param rates of the connection, or null.
     */
    void rates(final DeliveryRate rates)
    {
        this.rates = rates;
        resizeRates();
        for (int i = 0; rates != null && i < runEnd.length; i++)
        {
            rates.runs.clear(i);
        }
    }

    private void resizeRates()
    {
        if (rates != null)
        {
            rates.runs.resize(runEnd.length);
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
        if (head < tail && runMarks[tail - 1] == 0 && runSentNs[tail - 1] == nowNs)
        {
            runEnd[tail - 1] = end;
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
        runEnd[i] = end;
        runMarks[i] = (byte)(runMarks[i] & ~SACKED | AMBIGUOUS);
        count(i);
        decidedTo = Seq.min(decidedTo, startOf(i));
    }

    /**
     * Everything before a number has been acknowledged.
     *
     * @param seq  SND.UNA from now on; not before the old one, not after SND.NXT.
     * @param news is told of what was not known before.
     */
    public void ackTo(final int seq, final AckNews news)
    {
        sampleSentNs = Tcb.NONE;
        ackedAmbiguous = false;
        while (head < tail && Seq.lt(base, seq))
        {
            uncount(head);
            ackedAmbiguous |= (runMarks[head] & AMBIGUOUS) != 0;
            if ((runMarks[head] & SACKED) == 0)
            {
                final int end = Seq.min(runEnd[head], seq);
                sampleSentNs = runSentNs[head];
                news.delivered(end - base, end, runSentNs[head], runMarks[head], false);
                delivered(head, end - base);
            }
            if (Seq.gt(runEnd[head], seq))
            {
                base = seq;
                count(head);
                break;
            }
            base = runEnd[head];
            head++;
        }
        base = seq;
        highestSacked = Seq.max(highestSacked, seq);
        lostFrom = Seq.max(lostFrom, seq);
        resentTo = Seq.max(resentTo, seq);
        decidedTo = Seq.max(decidedTo, seq);
        if (head == tail)
        {
            head = 0;
            tail = 0;
        }
    }

    /**
     * When the newest of what the last {@link #ackTo(int, AckNews)} took off was sent, for an RTT sample (RFC 6298,
     * section 3).
     *
     * @return a time; {@link Tcb#NONE} when some of it was sent twice, or had been reported by SACK before.
     */
    public long sampleSentNs()
    {
        return ackedAmbiguous ? Tcb.NONE : sampleSentNs;
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
        if (!makeRoom(2))
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
            if (Seq.gt(runEnd[i], end))
            {
                split(i, end);
            }
            if ((runMarks[i] & SACKED) == 0)
            {
                final int bytes = runEnd[i] - startOf(i);
                news.delivered(bytes, runEnd[i], runSentNs[i], runMarks[i], true);
                uncount(i);
                known += bytes;
                delivered(i, bytes);
                runMarks[i] = (byte)(runMarks[i] & AMBIGUOUS | SACKED);
                count(i);
                highestSacked = Seq.max(highestSacked, runEnd[i]);
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
            final boolean sacked = (runMarks[i] & SACKED) != 0;
            if (sacked)
            {
                above += runEnd[i] - startOf(i);
                runsAbove += inSacked ? 0 : 1;
            }
            else if ((runsAbove >= 3 || above > 2 * mss) && (runMarks[i] & (LOST | RETRANSMITTED)) == 0)
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
            if (Seq.geq(startOf(i), resentTo) && Seq.lt(startOf(i), decidedTo))
            {
                i = Math.max(i + 1, runAt(decidedTo));
                continue;
            }
            if ((runMarks[i] & SACKED) == 0 && (runMarks[i] & (LOST | RETRANSMITTED)) != LOST)
            {
                final boolean before = AckNews.isSentAfter(rackSentNs, rackEnd, runSentNs[i], runEnd[i]);
                if (before && runSentNs[i] <= expiredNs)
                {
                    lose(i, news);
                }
                else
                {
                    waitsNs = before ? Math.max(waitsNs, runSentNs[i]) : waitsNs;
                    undecided = (runMarks[i] & RETRANSMITTED) == 0 ? Seq.min(undecided, startOf(i)) : undecided;
                    if (!before && (runMarks[i] & AMBIGUOUS) == 0)
                    {
                        break;
                    }
                }
            }
            i++;
        }
        decidedTo = Seq.max(decidedTo, undecided);
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
        if (head < tail && runSentNs[head] > expiredNs && Seq.gt(runEnd[head], base + mss) && makeRoom(1))
        {
            split(head, base + mss);
        }
        for (int i = head; i < tail; i++)
        {
            if ((runMarks[i] & SACKED) == 0 && (runMarks[i] & (LOST | RETRANSMITTED)) != LOST &&
                (i == head || runSentNs[i] <= expiredNs))
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
            if ((runMarks[i] & LOST) != 0)
            {
                uncount(i);
                runMarks[i] &= ~LOST;
                count(i);
            }
        }
        decidedTo = base;
    }

    private void lose(final int i, final AckNews news)
    {
        uncount(i);
        news.lost(runEnd[i] - startOf(i), (runMarks[i] & RETRANSMITTED) != 0);
        runMarks[i] = (byte)(runMarks[i] & AMBIGUOUS | LOST);
        count(i);
        lostFrom = Seq.min(lostFrom, startOf(i));
        lost(i, true);
    }

    /**
     * Take what is at the front for lost.
     *
     * @param bytes how much, from SND.UNA on.
     */
    public void markFrontLost(final int bytes)
    {
        if (head < tail && (runMarks[head] & (SACKED | LOST)) == 0)
        {
            final int end = base + bytes;
            if (Seq.gt(runEnd[head], end) && makeRoom(1))
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
            if ((runMarks[i] & SACKED) == 0)
            {
                final boolean news = (runMarks[i] & (LOST | RETRANSMITTED)) != LOST;
                uncount(i);
                runMarks[i] = (byte)(runMarks[i] & AMBIGUOUS | LOST);
                count(i);
                lost(i, news);
            }
        }
        lostFrom = base;
    }

    /** Forget what SACK has reported: the peer may have dropped it (RFC 2018, section 8). */
    public void forgetSacked()
    {
        for (int i = head; i < tail; i++)
        {
            if ((runMarks[i] & SACKED) != 0)
            {
                uncount(i);
                runMarks[i] &= ~SACKED;
                count(i);
            }
        }
        highestSacked = decidedTo = base;
    }

    /**
     * Is SND.UNA itself reported by SACK? A peer that reports it without acknowledging it has dropped what it had.
     *
     * @return true when it is.
     */
    public boolean frontIsSacked()
    {
        return head < tail && (runMarks[head] & SACKED) != 0;
    }

    /**
     * Is SND.UNA taken for lost?
     *
     * @return true when it is.
     */
    public boolean frontIsLost()
    {
        return head < tail && (runMarks[head] & LOST) != 0;
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
        final boolean room = makeRoom(2);
        final boolean wasIdle = pipeBytes() == 0;
        int i = runAt(start);
        if (room && i < tail && Seq.lt(startOf(i), start))
        {
            split(i, start);
            i++;
        }
        while (i < tail && Seq.lt(startOf(i), end))
        {
            if (room && Seq.gt(runEnd[i], end))
            {
                split(i, end);
            }
            if ((runMarks[i] & SACKED) == 0)
            {
                uncount(i);
                runMarks[i] |= RETRANSMITTED | AMBIGUOUS;
                runSentNs[i] = nowNs;
                count(i);
                if (rates != null)
                {
                    rates.onSent(i, wasIdle, pipeBytes(), nowNs);
                }
                resentTo = Seq.max(resentTo, runEnd[i]);
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
        for (int i = lostWaitingBytes > 0 ? runAt(lostFrom) : tail; i < tail; i++)
        {
            if ((runMarks[i] & (LOST | RETRANSMITTED)) == LOST)
            {
                lostFrom = startOf(i);
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
        for (int i = head; i < tail && Seq.lt(startOf(i), highestSacked); i++)
        {
            if ((runMarks[i] & (SACKED | RETRANSMITTED)) == 0)
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
            if ((runMarks[i] & SACKED) == 0)
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
        return end() - base - sackedBytes - lostBytes + retransmittedBytes;
    }

    /**
     * Bytes that SACK has reported.
     *
     * @return 0 or more.
     */
    public int sackedBytes()
    {
        return sackedBytes;
    }

    /**
     * Bytes that were sent again and are under way.
     *
     * @return 0 or more.
     */
    public int retransmittedBytes()
    {
        return retransmittedBytes;
    }

    /**
     * Bytes that are lost and not sent again.
     *
     * @return 0 or more.
     */
    public int lostWaitingBytes()
    {
        return lostWaitingBytes;
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
        return run == head ? base : runEnd[run - 1];
    }

    /**
     * Sequence number after a run.
     *
     * @param run its number.
     * @return a sequence number.
     */
    public int endOf(final int run)
    {
        return runEnd[run];
    }

    /**
     * When a run was last sent.
     *
     * @param run its number.
     * @return a time.
     */
    public long sentNsOf(final int run)
    {
        return runSentNs[run];
    }

    /**
     * What is known of a run.
     *
     * @param run its number.
     * @return a set of the marks.
     */
    public int marksOf(final int run)
    {
        return runMarks[run];
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
        count(tail - 1);
        if ((marks & SACKED) != 0)
        {
            highestSacked = end;
        }
        if ((marks & RETRANSMITTED) != 0)
        {
            resentTo = end;
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
        highestSacked = seq;
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
        return highestSacked;
    }

    private int end()
    {
        return head == tail ? base : runEnd[tail - 1];
    }

    private int runAt(final int seq)
    {
        int low = head;
        int high = tail;
        while (low < high)
        {
            final int middle = low + high >>> 1;
            if (Seq.leq(runEnd[middle], seq))
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
        runEnd[i] = end;
        runSentNs[i] = sentNs;
        runMarks[i] = (byte)marks;
    }

    private void mark(final int i, final int mark)
    {
        final boolean news = mark == LOST && (runMarks[i] & (LOST | RETRANSMITTED)) != LOST;
        uncount(i);
        runMarks[i] = (byte)(runMarks[i] | mark);
        count(i);
        lostFrom = Seq.min(lostFrom, startOf(i));
        lost(i, news);
    }

    private void lost(final int i, final boolean news)
    {
        if (rates != null && news)
        {
            rates.onLost(i, runEnd[i] - startOf(i));
        }
    }

    /** Bytes of a run have been delivered that had not been SACKed; its marks are still the old ones. */
    private void delivered(final int i, final int bytes)
    {
        if (rates != null)
        {
            rates.onDelivered(i, bytes, runEnd[i], runSentNs[i], (runMarks[i] & AMBIGUOUS) == 0);
            if (bytes == runEnd[i] - startOf(i))
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
        account(i, runEnd[i] - startOf(i));
    }

    private void uncount(final int i)
    {
        account(i, startOf(i) - runEnd[i]);
    }

    private void account(final int i, final int bytes)
    {
        final int marks = runMarks[i];
        sackedBytes += (marks & SACKED) != 0 ? bytes : 0;
        lostBytes += (marks & LOST) != 0 ? bytes : 0;
        retransmittedBytes += (marks & RETRANSMITTED) != 0 ? bytes : 0;
        lostWaitingBytes += (marks & (LOST | RETRANSMITTED)) == LOST ? bytes : 0;
    }

    /** Cut a run in two at a number inside of it; there is room. */
    private void split(final int i, final int at)
    {
        System.arraycopy(runEnd, i, runEnd, i + 1, tail - i);
        System.arraycopy(runSentNs, i, runSentNs, i + 1, tail - i);
        System.arraycopy(runMarks, i, runMarks, i + 1, tail - i);
        moveRates(i, i + 1, tail - i);
        runEnd[i] = at;
        tail++;
    }

    /**
     * One run out of two neighbours of which nothing different is known; returns the number of the run that holds it
     * now.
     */
    private int joinWithPrevious(final int i)
    {
        if (i == head || runMarks[i] != runMarks[i - 1] ||
            (runMarks[i] & SACKED) == 0 && runSentNs[i] != runSentNs[i - 1])
        {
            return i;
        }
        System.arraycopy(runEnd, i, runEnd, i - 1, tail - i);
        System.arraycopy(runSentNs, i + 1, runSentNs, i, tail - i - 1);
        System.arraycopy(runMarks, i + 1, runMarks, i, tail - i - 1);
        moveRates(i, i - 1, tail - i);
        tail--;
        return i - 1;
    }

    /** Have room behind the tail. It may give every run another number. */
    private boolean makeRoom(final int count)
    {
        if (tail + count <= runEnd.length)
        {
            return true;
        }
        final int held = tail - head;
        if (held + count > MAX_RUNS)
        {
            return false;
        }
        if (held + count > runEnd.length / 2)
        {
            final int length = Math.min(2 * MAX_RUNS, 2 * runEnd.length);
            runEnd = Arrays.copyOf(runEnd, length);
            runSentNs = Arrays.copyOf(runSentNs, length);
            runMarks = Arrays.copyOf(runMarks, length);
            resizeRates();
        }
        System.arraycopy(runEnd, head, runEnd, 0, held);
        System.arraycopy(runSentNs, head, runSentNs, 0, held);
        System.arraycopy(runMarks, head, runMarks, 0, held);
        moveRates(head, 0, held);
        head = 0;
        tail = held;
        return true;
    }
}
