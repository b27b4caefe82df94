package dev.baton.stack.tcp;

import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SentLogTest
{
    private static final int MSS = 100;
    private static final int BASE = Integer.MAX_VALUE - 500;

    private final SentLog log = new SentLog();
    private final AckNews news = new AckNews();

    /** Ten segments, a nanosecond apart. */
    private void ten()
    {
        log.reset(BASE);
        for (int i = 1; i <= 10; i++)
        {
            log.append(BASE + i * MSS, i);
        }
    }

    @Test
    void shouldJoinWhatWasSentAtTheSameTime()
    {
        log.reset(0);
        log.append(100, 5);
        log.append(200, 5);
        log.append(300, 6);
        assertEquals(2, log.runCount());
        assertEquals(300, log.pipeBytes());
    }

    @Test
    void shouldSampleTheNewestOfWhatIsAcknowledged()
    {
        ten();
        log.ackTo(BASE + 3 * MSS, news);
        assertEquals(3, news.sampleSentNs());
        log.ackTo(BASE + 3 * MSS + 50, news);
        assertEquals(4, news.sampleSentNs());
        assertEquals(650, log.pipeBytes());
    }

    @Test
    void shouldNotSampleWhatWasSentTwice()
    {
        ten();
        log.markRetransmitted(BASE, BASE + MSS, 20);
        log.ackTo(BASE + 2 * MSS, news);
        assertEquals(Tcb.NONE, news.sampleSentNs());
        log.ackTo(BASE + 3 * MSS, news);
        assertEquals(3, news.sampleSentNs());
    }

    @Test
    void shouldNotSampleWhatWasSackedLongAgo()
    {
        ten();
        log.markSacked(BASE + MSS, BASE + 10 * MSS, news);
        log.markRetransmitted(BASE, BASE + MSS, 20);
        log.ackTo(BASE + 10 * MSS, news);
        assertEquals(Tcb.NONE, news.sampleSentNs());
    }

    @Test
    void shouldTakeForLostWhatHasMoreThanTwoSegmentsSackedAbove()
    {
        ten();
        assertEquals(2 * MSS, log.markSacked(BASE + 5 * MSS, BASE + 7 * MSS, news));
        log.markLostBySack(MSS);
        assertFalse(log.frontIsLost());
        assertEquals(1, log.markSacked(BASE + 7 * MSS, BASE + 7 * MSS + 1, news));
        log.markLostBySack(MSS);
        assertTrue(log.frontIsLost());
        assertEquals(5 * MSS, log.lostWaitingBytes());
        assertEquals(10 * MSS - 5 * MSS - 2 * MSS - 1, log.pipeBytes());
    }

    @Test
    void shouldTakeForLostWhatHasThreeSackedRunsAbove()
    {
        ten();
        log.markSacked(BASE + 3 * MSS, BASE + 3 * MSS + 1, news);
        log.markSacked(BASE + 5 * MSS, BASE + 5 * MSS + 1, news);
        log.markLostBySack(MSS);
        assertFalse(log.frontIsLost());
        log.markSacked(BASE + 7 * MSS, BASE + 7 * MSS + 1, news);
        log.markLostBySack(MSS);
        assertTrue(log.frontIsLost());
    }

    @Test
    void shouldFindWhatIsToBeSentAgainInOrder()
    {
        ten();
        log.markAllLost();
        final int first = log.nextLost();
        assertEquals(BASE, log.startOf(first));
        log.markRetransmitted(BASE, BASE + 2 * MSS, 30);
        assertEquals(BASE + 2 * MSS, log.startOf(log.nextLost()));
        assertEquals(2 * MSS, log.pipeBytes());
        log.markRetransmitted(BASE + 2 * MSS, BASE + 10 * MSS, 31);
        assertEquals(-1, log.nextLost());
        assertEquals(10 * MSS, log.pipeBytes());
    }

    @Test
    void shouldKeepCountsAndCoverageThroughAnySequenceOfMarks()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            final Random random = new Random(seed);
            log.reset(BASE);
            int una = BASE;
            int end = BASE;
            for (int step = 1; step < 400; step++)
            {
                final int flight = end - una;
                final int a = una + (flight == 0 ? 0 : random.nextInt(flight));
                final int b = a + (end - a == 0 ? 0 : 1 + random.nextInt(end - a));
                switch (random.nextInt(12))
                {
                    case 8:
                        markLostAsACopyWithoutBoundsDoes(step - random.nextInt(20), b, step - random.nextInt(40));
                        break;
                    case 9:
                        log.markLostOnTimeout(MSS, step - random.nextInt(40), news);
                        break;
                    case 11:
                        if (random.nextInt(4) == 0)
                        {
                            log.forgetSacked();
                        }
                        break;
                    case 10:
                        if (random.nextInt(4) == 0)
                        {
                            log.forgetLost();
                        }
                        break;
                    case 0:
                        log.markSacked(a, b, news);
                        break;
                    case 1:
                        log.markRetransmitted(a, b, step);
                        break;
                    case 2:
                        log.markLostBySack(MSS);
                        break;
                    case 3:
                        log.markFrontLost(MSS);
                        break;
                    case 4:
                        if (random.nextInt(4) == 0)
                        {
                            log.markAllLost();
                        }
                        break;
                    case 5:
                        una = a;
                        log.ackTo(una, news);
                        break;
                    default:
                        end += 1 + random.nextInt(3 * MSS);
                        log.append(end, step);
                        break;
                }
                check(una, end);
            }
        }
    }

    /** What the search passes over must make no difference: a restored log knows no bounds. */
    private void markLostAsACopyWithoutBoundsDoes(final long rackSentNs, final int rackEnd, final long expiredNs)
    {
        final SentLog copy = new SentLog();
        copy.reset(log.base());
        for (int i = log.firstRun(); i < log.firstRun() + log.runCount(); i++)
        {
            copy.restore(log.endOf(i), log.sentNsOf(i), log.marksOf(i));
        }
        assertEquals(copy.markLostSentBefore(rackSentNs, rackEnd, expiredNs, new AckNews()),
            log.markLostSentBefore(rackSentNs, rackEnd, expiredNs, news));
        for (int i = 0; i < log.runCount(); i++)
        {
            assertEquals(copy.marksOf(copy.firstRun() + i), log.marksOf(log.firstRun() + i));
        }
        final int next = log.nextLost();
        final int copied = copy.nextLost();
        assertEquals(copied < 0 ? -1 : copied - copy.firstRun(), next < 0 ? -1 : next - log.firstRun());
    }

    @Test
    void shouldTakeForLostWhatWasSentBeforeTheSegmentThatArrived()
    {
        ten();
        log.markSacked(BASE + 4 * MSS, BASE + 5 * MSS, news);
        assertEquals(4, log.markLostSentBefore(5, BASE + 5 * MSS, 2, news));
        assertEquals(2 * MSS, log.lostWaitingBytes());
        assertEquals(Long.MIN_VALUE, log.markLostSentBefore(5, BASE + 5 * MSS, 5, news));
        assertEquals(4 * MSS, log.lostWaitingBytes());
        assertEquals(0, log.marksOf(log.firstRun() + log.runCount() - 1), "sent later");
    }

    @Test
    void shouldTakeARetransmissionForLostAgain()
    {
        ten();
        log.markAllLost();
        log.markRetransmitted(BASE, BASE + 2 * MSS, 30);
        log.markRetransmitted(BASE + 2 * MSS, BASE + 3 * MSS, 31);
        log.markSacked(BASE + 2 * MSS, BASE + 3 * MSS, news);
        news.begin(Tcbs.established(MSS), false, 0, 40);
        log.markLostSentBefore(31, BASE + 3 * MSS, 40, news);
        assertEquals(2 * MSS, news.lostAgainBytes());
        assertEquals(BASE, log.startOf(log.nextLost()));
    }

    @Test
    void shouldLetTheSequenceDecideWhatWasSentBefore()
    {
        log.reset(0);
        log.append(10 * MSS, 1);
        log.markSacked(4 * MSS, 5 * MSS, news);
        log.markLostSentBefore(1, 5 * MSS, 1, news);
        assertEquals(4 * MSS, log.lostWaitingBytes());
    }

    private void check(final int una, final int end)
    {
        int at = una;
        int pipe = 0;
        for (int i = log.firstRun(); i < log.firstRun() + log.runCount(); i++)
        {
            assertEquals(at, log.startOf(i));
            final int length = log.endOf(i) - at;
            assertTrue(length > 0);
            final int marks = log.marksOf(i);
            pipe += (marks & (SentLog.SACKED | SentLog.LOST)) == 0 ? length : 0;
            pipe += (marks & SentLog.RETRANSMITTED) != 0 ? length : 0;
            at = log.endOf(i);
        }
        assertEquals(end, at);
        assertEquals(pipe, log.pipeBytes());
    }

    @Test
    void shouldStayWithinItsLimit()
    {
        log.reset(0);
        for (int i = 1; i <= 2 * SentLog.MAX_RUNS; i++)
        {
            log.append(i * 10, i);
        }
        assertEquals(SentLog.MAX_RUNS, log.runCount());
        assertEquals(20 * SentLog.MAX_RUNS, log.pipeBytes());
        assertEquals(0, log.markSacked(15, 17, news), "no room for the edges");
        log.markRetransmitted(15, 17, 0);
        check(0, 20 * SentLog.MAX_RUNS);
        log.ackTo(20 * SentLog.MAX_RUNS, news);
        assertEquals(0, log.pipeBytes());
    }
}
