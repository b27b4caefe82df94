package dev.baton.tun;

/**
 * Decides how long a waiting thread may look again and again before it parks.
 * <p>
 * Being woken on another processor costs tens of microseconds, so a packet that comes soon is had sooner by looking for it. But
 * a spin that finds nothing burns its whole length, and where processors are few it takes them from the very kernel work that is
 * waited for. So spins are judged in trials of {@value #TRIAL_SPINS}: when fewer than {@value #MIN_HITS} of them found
 * something, spinning is off for a pause, which doubles with each bad trial in a row up to a limit. A good trial makes the pause
 * short again.
 * <pre>
 *            good trial: pause = least
 *           +----------+
 *           v          |
 *   ON: count hits of a trial --- bad trial ---&gt; OFF until now + pause; pause = min(2 * pause, greatest)
 *           ^                                           |
 *           +------------- time is up ------------------+
 * </pre>
 * A spin that the caller's own deadline cut short is not judged. Time is an argument. Not thread safe; allocates nothing.
 */
public final class AdaptiveSpin
{
    /** Default length of a spin: what a wake-up across processors costs. */
    public static final long DEFAULT_SPIN_NS = 50_000;
    /** Spins of one trial. */
    public static final int TRIAL_SPINS = 16;
    /** Least hits of a trial that pays: a hit saves about one spin's time in latency, a miss costs it in processor time. */
    public static final int MIN_HITS = 4;
    /** Pause after the first bad trial. */
    public static final long MIN_PAUSE_NS = 10_000_000;
    /** Pause after many bad trials. */
    public static final long MAX_PAUSE_NS = 1_000_000_000;

    private final long spinNs;
    private long pauseNs = MIN_PAUSE_NS;
    private long offSinceNs;
    private long offForNs;
    private int trialSpins;
    private int trialHits;
    private long spins;
    private long hits;
    private long pauses;

    /**
     * A policy.
     *
     * @param spinNs greatest length of one spin; 0 never spins.
     */
    public AdaptiveSpin(final long spinNs)
    {
        if (spinNs < 0)
        {
            throw new IllegalArgumentException("spin of " + spinNs + " ns: use 0 for none, or a length");
        }
        this.spinNs = spinNs;
    }

    /**
     * How long to spin now.
     *
     * @param nowNs     the time, of a clock that only its differences count of.
     * @param timeoutNs how long the caller would wait altogether.
     * @return 0 to park at once; never more than {@code timeoutNs}.
     */
    public long budgetNs(final long nowNs, final long timeoutNs)
    {
        return nowNs - offSinceNs < offForNs ? 0 : Math.min(spinNs, timeoutNs);
    }

    /**
     * A spin has ended.
     *
     * @param hit      did it find anything?
     * @param budgetNs that it was given.
     * @param nowNs    the time.
     */
    public void record(final boolean hit, final long budgetNs, final long nowNs)
    {
        spins++;
        hits += hit ? 1 : 0;
        if (hit || budgetNs == spinNs)
        {
            trialSpins++;
            trialHits += hit ? 1 : 0;
            if (trialSpins == TRIAL_SPINS)
            {
                judge(nowNs);
            }
        }
    }

    /**
     * Spins so far.
     *
     * @return how many.
     */
    public long spins()
    {
        return spins;
    }

    /**
     * Spins that found something.
     *
     * @return how many.
     */
    public long hits()
    {
        return hits;
    }

    /**
     * How often spinning switched itself off.
     *
     * @return how many times.
     */
    public long pauses()
    {
        return pauses;
    }

    private void judge(final long nowNs)
    {
        if (trialHits < MIN_HITS)
        {
            pauses++;
            offSinceNs = nowNs;
            offForNs = pauseNs;
            pauseNs = Math.min(2 * pauseNs, MAX_PAUSE_NS);
        }
        else
        {
            pauseNs = MIN_PAUSE_NS;
        }
        trialSpins = 0;
        trialHits = 0;
    }
}
