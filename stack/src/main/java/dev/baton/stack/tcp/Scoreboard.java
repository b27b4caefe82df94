package dev.baton.stack.tcp;

import dev.baton.stack.wire.Seq;

import java.util.Arrays;

/**
 * The part of a {@link SentLog} that is there only while something is outstanding: its runs in parallel arrays, what
 * they add up to, and bounds for searches. The log holds one from the first byte that is sent until the last is
 * acknowledged. State only; the rules are the log's.
 */
final class Scoreboard
{
    private static final int FIRST_RUNS = 16;

    /** Number after each run. */
    int[] runEnd = new int[FIRST_RUNS];
    /** When each run was last sent. */
    long[] runSentNs = new long[FIRST_RUNS];
    /** What is known of each run. */
    byte[] runMarks = new byte[FIRST_RUNS];
    /** Greatest number that SACK has reported. */
    int highestSacked;
    /** Bytes with {@link SentLog#SACKED}. */
    int sackedBytes;
    /** Bytes with {@link SentLog#LOST}. */
    int lostBytes;
    /** Bytes with {@link SentLog#RETRANSMITTED}. */
    int retransmittedBytes;
    /** Bytes with {@link SentLog#LOST} alone. */
    int lostWaitingBytes;
    /** No run waits for its retransmission before this number. */
    int lostFrom;
    /** Nothing is in flight again from this number on. */
    int resentTo;
    /** Nothing that was sent once is undecided before this number. */
    int decidedTo;

    /** Nothing is known of what comes from a number on. */
    void begin(final int seq)
    {
        highestSacked = lostFrom = resentTo = decidedTo = seq;
        sackedBytes = lostBytes = retransmittedBytes = lostWaitingBytes = 0;
    }

    /** Everything before a number has been acknowledged. */
    void passTo(final int seq)
    {
        highestSacked = Seq.max(highestSacked, seq);
        lostFrom = Seq.max(lostFrom, seq);
        resentTo = Seq.max(resentTo, seq);
        decidedTo = Seq.max(decidedTo, seq);
    }

    /** How many runs there is room for. */
    int length()
    {
        return runEnd.length;
    }

    void grow(final int length)
    {
        runEnd = Arrays.copyOf(runEnd, length);
        runSentNs = Arrays.copyOf(runSentNs, length);
        runMarks = Arrays.copyOf(runMarks, length);
    }

    void put(final int i, final int end, final long sentNs, final int marks)
    {
        runEnd[i] = end;
        runSentNs[i] = sentNs;
        runMarks[i] = (byte)marks;
    }

    void move(final int from, final int to, final int count)
    {
        System.arraycopy(runEnd, from, runEnd, to, count);
        System.arraycopy(runSentNs, from, runSentNs, to, count);
        System.arraycopy(runMarks, from, runMarks, to, count);
    }

    /** Bytes with some marks count, or with a negative number no longer. */
    void account(final int marks, final int bytes)
    {
        sackedBytes += (marks & SentLog.SACKED) != 0 ? bytes : 0;
        lostBytes += (marks & SentLog.LOST) != 0 ? bytes : 0;
        retransmittedBytes += (marks & SentLog.RETRANSMITTED) != 0 ? bytes : 0;
        lostWaitingBytes += (marks & (SentLog.LOST | SentLog.RETRANSMITTED)) == SentLog.LOST ? bytes : 0;
    }
}
