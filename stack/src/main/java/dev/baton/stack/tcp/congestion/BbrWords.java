package dev.baton.stack.tcp.congestion;

import dev.baton.stack.tcp.Tcb;

/**
 * What BBR remembers: the layout of {@link Tcb#ccWords} (draft-ietf-ccwg-bbr, section "Terminology"; names as there).
 * The first {@link #TIMES} words are times of the shard's clock. Rates are in bytes a second, volumes in bytes, spans
 * in nanoseconds; {@link #INFINITE} is no limit. Gains follow from the state and are not stored.
 */
final class BbrWords
{
    /** No limit; not known. */
    static final long INFINITE = Long.MAX_VALUE;

    static final int MIN_RTT_AT = 0;
    static final int PROBE_RTT_MIN_AT = 1;
    static final int PROBE_RTT_DONE_AT = 2;
    static final int CYCLE_AT = 3;
    static final int EXTRA_ACKED_AT = 4;
    /** How many words are times. */
    static final int TIMES = 5;

    static final int STATE = 5;
    static final int FLAGS = 6;
    static final int ACK_PHASE = 7;
    static final int ROUND_COUNT = 8;
    static final int NEXT_ROUND_DELIVERED = 9;
    /** max_bw_filter, this cycle. */
    static final int BW_THIS_CYCLE = 10;
    /** max_bw_filter, the cycle before. */
    static final int BW_LAST_CYCLE = 11;
    static final int BW_SHORT_TERM = 12;
    static final int BW_LATEST = 13;
    static final int INFLIGHT_LATEST = 14;
    static final int LOSS_ROUND_DELIVERED = 15;
    static final int MIN_RTT = 16;
    static final int PROBE_RTT_MIN_DELAY = 17;
    static final int INFLIGHT_LONG_TERM = 18;
    static final int INFLIGHT_SHORT_TERM = 19;
    static final int FULL_BW = 20;
    static final int FULL_BW_COUNT = 21;
    static final int DRAIN_START_ROUND = 22;
    static final int ROUNDS_SINCE_PROBE_UP = 23;
    static final int BW_PROBE_WAIT = 24;
    static final int PROBE_UP_ROUNDS = 25;
    static final int PROBE_UP_ACKED = 26;
    static final int PROBE_UP_ACKED_PER_INC = 27;
    static final int PRIOR_CWND = 28;
    static final int EXTRA_ACKED_DELIVERED = 29;
    /** extra_acked_filter, these rounds. */
    static final int EXTRA_ACKED_NOW = 30;
    /** extra_acked_filter, the rounds before. */
    static final int EXTRA_ACKED_BEFORE = 31;
    static final int EXTRA_ACKED_ROUND = 32;
    static final int UNDO_STATE = 33;
    static final int UNDO_BW_SHORT_TERM = 34;
    static final int UNDO_INFLIGHT_SHORT_TERM = 35;
    static final int UNDO_INFLIGHT_LONG_TERM = 36;
    static final int LOST_RUNS_IN_ROUND = 37;
    static final int RECOVERY_ROUND = 38;
    static final int INITIAL_CWND = 39;
    /** State of the connection's random source (SplitMix64). */
    static final int RANDOM = 40;
    /** How many words there are. */
    static final int COUNT = 41;

    static final int STARTUP = 0;
    static final int DRAIN = 1;
    static final int PROBE_BW_DOWN = 2;
    static final int PROBE_BW_CRUISE = 3;
    static final int PROBE_BW_REFILL = 4;
    static final int PROBE_BW_UP = 5;
    static final int PROBE_RTT = 6;
    /** {@link #UNDO_STATE}: no transition is to be taken back. */
    static final int UNDO_NONE = 7;

    static final int ACKS_INIT = 0;
    static final int ACKS_REFILLING = 1;
    static final int ACKS_PROBE_STARTING = 2;
    static final int ACKS_PROBE_FEEDBACK = 3;
    static final int ACKS_PROBE_STOPPING = 4;

    static final int FULL_BW_REACHED = 1;
    static final int FULL_BW_NOW = 2;
    static final int PROBE_RTT_ROUND_DONE = 4;
    static final int IDLE_RESTART = 8;
    static final int BW_PROBE_SAMPLE = 16;
    static final int PREV_PROBE_TOO_HIGH = 32;
    static final int PREV_PROBE_PRECAUTIONARY = 64;
    static final int LOSS_IN_ROUND = 128;
    /** Was a loss being repaired when the last ACK came? */
    static final int IN_RECOVERY = 256;
    /** Has the first RTT sample set the pacing rate? */
    static final int SEEN_RTT = 512;
    /** Did the ACK that is processed begin a round? */
    static final int ROUND_START = 1024;
    /** Did the ACK that is processed end a round of the loss count? */
    static final int LOSS_ROUND_START = 2048;
    /** Has the ACK that is processed found the least delay out of date? */
    static final int PROBE_RTT_EXPIRED = 4096;
    /** Was what comes back now sent in ProbeRTT, which is over? */
    static final int AFTER_PROBE_RTT = 8192;
    private static final int ALL_FLAGS = 16383;

    private static final long MAX_RATE = 1L << 42;
    private static final long MAX_SPAN = 1L << 55;
    private static final long MAX_VOLUME = 1L << 32;
    private static final long MAX_COUNT = 1L << 60;
    private static final int PROBE_UP_MAX_ROUNDS = 30;

    private BbrWords()
    {
    }

    static boolean has(final long[] w, final int flag)
    {
        return (w[FLAGS] & flag) != 0;
    }

    static void set(final long[] w, final int flag, final boolean on)
    {
        w[FLAGS] = on ? w[FLAGS] | flag : w[FLAGS] & ~flag;
    }

    static boolean isProbingBw(final long[] w)
    {
        return w[STATE] >= PROBE_BW_DOWN && w[STATE] <= PROBE_BW_UP;
    }

    /** Pacing gain of a state in percent. */
    static int pacingGain(final long state)
    {
        return switch ((int)state)
        {
            case STARTUP -> 277;
            case DRAIN -> 50;
            case PROBE_BW_DOWN -> 90;
            case PROBE_BW_UP -> 125;
            default -> 100;
        };
    }

    /** Window gain of a state in percent. */
    static int cwndGain(final long state)
    {
        return switch ((int)state)
        {
            case PROBE_BW_UP -> 225;
            case PROBE_RTT -> 50;
            default -> 200;
        };
    }

    static String stateName(final long state)
    {
        return switch ((int)state)
        {
            case STARTUP -> "startup";
            case DRAIN -> "drain";
            case PROBE_BW_DOWN -> "probe_bw_down";
            case PROBE_BW_CRUISE -> "probe_bw_cruise";
            case PROBE_BW_REFILL -> "probe_bw_refill";
            case PROBE_BW_UP -> "probe_bw_up";
            default -> "probe_rtt";
        };
    }

    /** The first word of an image that no connection can have, or -1. */
    static int firstBad(final long[] w)
    {
        for (int i = TIMES; i < COUNT; i++)
        {
            final boolean infinite = w[i] == INFINITE && mayBeInfinite(i);
            if (!infinite && i != RANDOM && (w[i] < 0 || w[i] > greatest(i)))
            {
                return i;
            }
        }
        return -1;
    }

    private static boolean mayBeInfinite(final int i)
    {
        return switch (i)
        {
            case BW_SHORT_TERM, MIN_RTT, PROBE_RTT_MIN_DELAY, INFLIGHT_LONG_TERM, INFLIGHT_SHORT_TERM,
                PROBE_UP_ACKED_PER_INC, UNDO_BW_SHORT_TERM, UNDO_INFLIGHT_SHORT_TERM, UNDO_INFLIGHT_LONG_TERM -> true;
            default -> false;
        };
    }

    private static long greatest(final int i)
    {
        return switch (i)
        {
            case STATE -> PROBE_RTT;
            case FLAGS -> ALL_FLAGS;
            case ACK_PHASE -> ACKS_PROBE_STOPPING;
            case UNDO_STATE -> UNDO_NONE;
            case PROBE_UP_ROUNDS -> PROBE_UP_MAX_ROUNDS;
            case BW_THIS_CYCLE, BW_LAST_CYCLE, BW_SHORT_TERM, BW_LATEST, FULL_BW, UNDO_BW_SHORT_TERM -> MAX_RATE;
            case MIN_RTT, PROBE_RTT_MIN_DELAY, BW_PROBE_WAIT -> MAX_SPAN;
            case ROUND_COUNT, NEXT_ROUND_DELIVERED, LOSS_ROUND_DELIVERED, DRAIN_START_ROUND, ROUNDS_SINCE_PROBE_UP,
                EXTRA_ACKED_DELIVERED, EXTRA_ACKED_ROUND, LOST_RUNS_IN_ROUND, RECOVERY_ROUND, FULL_BW_COUNT -> MAX_COUNT;
            default -> MAX_VOLUME;
        };
    }
}
