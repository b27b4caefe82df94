package dev.baton.stack.tcp;

import dev.baton.stack.wire.IpEcn;

/**
 * The ACE field: the flags AE, CWR and ECE read as a number (RFC 9768, section 3.2.2). It is the peer's count of CE
 * marks modulo 8, but for the handshake, where it tells the ECN field of a SYN or SYN/ACK (section 3.1.1, table 2;
 * section 3.2.2.1, tables 3 and 4):
 * <pre>
 *   0   none; on the ACK of a SYN/ACK: the path zeroes the field
 *   1   classic ECN; on the ACK of a SYN/ACK: not used
 *   2   it came with Not-ECT
 *   3   it came with ECT(1)
 *   4   it came with ECT(0)
 *   5   not used: counts as it was sent
 *   6   it came with CE
 *   7   a SYN that asks; elsewhere not used
 * </pre>
 */
final class AceField
{
    /** Counts of marks are sent from here on, so that the field is never 0 at the start (section 3.2.1). */
    static final int INITIAL = 5;
    /** In a SYN: classic ECN is asked for (RFC 3168, section 6.1.1). */
    static final int CLASSIC_SYN = 3;
    /** In a SYN/ACK: classic ECN is agreed. */
    static final int CLASSIC_SYN_ACK = 1;
    /** In a SYN: accurate ECN is asked for. */
    static final int ACCURATE_SYN = 7;
    /** In an answer: how the SYN or SYN/ACK came is not told, and counts as it was sent. */
    static final int UNCHANGED = -1;
    /** The most marks between two ACKs that the field can tell apart. */
    static final int MAX_MARKS = 7;

    private static final int[] TOLD = {2, 3, 4, 6};

    private AceField()
    {
    }

    /** The field that tells an ECN field. */
    static int tell(final int ipEcn)
    {
        return TOLD[ipEcn];
    }

    /** The ECN field that is told, or {@link #UNCHANGED}. */
    static int told(final int ace)
    {
        switch (ace)
        {
            case 2:
                return IpEcn.NOT_ECT;
            case 3:
                return IpEcn.ECT_1;
            case 4:
                return IpEcn.ECT_0;
            case 6:
                return IpEcn.CE;
            default:
                return UNCHANGED;
        }
    }

    /** The field that shows a count of marks. */
    static int count(final int marks)
    {
        return INITIAL + marks & MAX_MARKS;
    }

    /**
     * How many marks an ACK reports (section 3.2.2.5.2; appendix A.2 sketches such an algorithm).
     * <p>
     * One that delivers up to seven segments is clear. Beyond that the field may have wrapped: when the option tells
     * bytes, the least count that explains both is taken; without it, the greatest that is possible once the field has
     * moved at all. One that stands still counts as no mark: marks that come in eights are unlikely, and where ACKs are
     * thinned every one would look like them.
     *
     * @param ace      of the ACK.
     * @param known    marks known so far.
     * @param segments that the ACK says were delivered.
     * @param ceBytes  bytes with CE that its option adds, or a negative number when there is none.
     * @param mss      payload of a segment in bytes.
     * @return 0 or more.
     */
    static int marks(final int ace, final int known, final int segments, final int ceBytes, final int mss)
    {
        final int least = ace - count(known) & MAX_MARKS;
        if (segments <= MAX_MARKS)
        {
            return least;
        }
        final int most = Math.max(least, segments - (segments - least & MAX_MARKS));
        if (ceBytes < 0)
        {
            return least == 0 ? 0 : most;
        }
        final int missing = Math.max(0, (ceBytes + mss - 1) / mss - least);
        return Math.min(most, least + (missing + MAX_MARKS & ~MAX_MARKS));
    }
}
