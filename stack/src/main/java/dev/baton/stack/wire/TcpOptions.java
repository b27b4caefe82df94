package dev.baton.stack.wire;

import org.agrona.DirectBuffer;

import java.nio.ByteOrder;

/**
 * A bounded parser of TCP options into one reused struct (RFC 9293, section 3.2; RFC 7323; RFC 2018; RFC
 * 9768).
 * <p>
 * Every read is inside {@code [offset, offset + length)}. A length below 2 or past the end stops the parse and sets
 * {@link #malformed()}; what was read before it stays. Unknown kinds are skipped by their length. Of a repeated option
 * the first one counts.
 * <p>
 * Not thread safe; allocates nothing after construction.
 */
public final class TcpOptions
{
    /** Kind: end of option list. */
    public static final int EOL = 0;
    /** Kind: no operation. */
    public static final int NOP = 1;
    /** Kind: maximum segment size, length 4, in a SYN. */
    public static final int MSS = 2;
    /** Kind: window scale, length 3, in a SYN. */
    public static final int WINDOW_SCALE = 3;
    /** Kind: SACK permitted, length 2, in a SYN. */
    public static final int SACK_PERMITTED = 4;
    /** Kind: SACK, length 8n + 2. */
    public static final int SACK = 5;
    /** Kind: timestamps, length 10. */
    public static final int TIMESTAMPS = 8;
    /** Kind: user time-out, length 4 (RFC 5482). */
    public static final int USER_TIMEOUT = 28;
    /** Kind: Fast Open cookie, length 2 (a request) or 6 to 18 (RFC 7413). */
    public static final int FAST_OPEN = 34;
    /** Kind: accurate ECN, counters in the order ECT(0), CE, ECT(1); length 2, 5, 8 or 11 (RFC 9768, section 3.2.3). */
    public static final int ACCURATE_ECN_0 = 172;
    /** Kind: accurate ECN, counters in the order ECT(1), CE, ECT(0). */
    public static final int ACCURATE_ECN_1 = 174;
    /** Kind: experimental (RFC 6994), of which {@link #FAST_OPEN_MAGIC} marks Fast Open as it was before RFC 7413. */
    public static final int EXPERIMENTAL = 254;
    /** Experiment identifier of Fast Open. */
    public static final int FAST_OPEN_MAGIC = 0xF989;
    /** Longest Fast Open cookie in bytes. */
    public static final int MAX_COOKIE = 16;
    /** The most SACK blocks that fit into a header. */
    public static final int MAX_SACK_BLOCKS = 4;
    /** Value of {@link #windowScale()} and of the ECN counters when they are absent. */
    public static final int ABSENT = -1;
    /** Greatest shift (RFC 7323, section 2.3). */
    public static final int MAX_WINDOW_SCALE = 14;

    private final int[] sackStart = new int[MAX_SACK_BLOCKS];
    private final int[] sackEnd = new int[MAX_SACK_BLOCKS];
    private int mss;
    private int windowScale;
    private boolean sackPermitted;
    private boolean hasTimestamps;
    private int tsVal;
    private int tsEcr;
    private int tsOffset;
    private int sackOffset;
    private int sackCount;
    private boolean hasAccurateEcn;
    private int ect0Bytes;
    private int ceBytes;
    private int ect1Bytes;
    private int userTimeout;
    private int unknownCount;
    private boolean malformed;
    private int fastOpenLength;
    private boolean fastOpenExperimental;
    private long fastOpenHi;
    private long fastOpenLo;

    /**
     * Parse the options of a segment.
     *
     * @param buffer that holds the segment.
     * @param offset of the first option byte, that is, of the TCP header plus 20.
     * @param length of the options in bytes, 0 to 40.
     * @return this.
     */
    public TcpOptions parse(final DirectBuffer buffer, final int offset, final int length)
    {
        clear();
        final int end = offset + length;
        int at = offset;
        while (at < end)
        {
            final int kind = buffer.getByte(at) & 0xFF;
            if (kind == EOL)
            {
                return this;
            }
            if (kind == NOP)
            {
                at++;
                continue;
            }
            final int size = at + 1 < end ? buffer.getByte(at + 1) & 0xFF : 0;
            if (size < 2 || size > end - at)
            {
                malformed = true;
                return this;
            }
            one(buffer, at, kind, size);
            at += size;
        }
        return this;
    }

    private void one(final DirectBuffer buffer, final int at, final int kind, final int size)
    {
        switch (kind)
        {
            case MSS:
                if (size == 4 && mss == 0)
                {
                    mss = buffer.getShort(at + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
                }
                break;
            case WINDOW_SCALE:
                if (size == 3 && windowScale == ABSENT)
                {
                    windowScale = Math.min(buffer.getByte(at + 2) & 0xFF, MAX_WINDOW_SCALE);
                }
                break;
            case SACK_PERMITTED:
                sackPermitted |= size == 2;
                break;
            case TIMESTAMPS:
                if (size == 10 && !hasTimestamps)
                {
                    hasTimestamps = true;
                    tsOffset = at;
                    tsVal = buffer.getInt(at + 2, ByteOrder.BIG_ENDIAN);
                    tsEcr = buffer.getInt(at + 6, ByteOrder.BIG_ENDIAN);
                }
                break;
            case SACK:
                if (size >= 10 && (size - 2 & 7) == 0 && sackCount == 0)
                {
                    sackOffset = at;
                    sackCount = Math.min(size - 2 >>> 3, MAX_SACK_BLOCKS);
                    for (int i = 0; i < sackCount; i++)
                    {
                        sackStart[i] = buffer.getInt(at + 2 + 8 * i, ByteOrder.BIG_ENDIAN);
                        sackEnd[i] = buffer.getInt(at + 6 + 8 * i, ByteOrder.BIG_ENDIAN);
                    }
                }
                break;
            case ACCURATE_ECN_0:
            case ACCURATE_ECN_1:
                accurateEcn(buffer, at, kind, size);
                break;
            case USER_TIMEOUT:
                if (size == 4 && userTimeout == ABSENT)
                {
                    userTimeout = buffer.getShort(at + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF;
                }
                break;
            case FAST_OPEN:
                fastOpen(buffer, at + 2, size - 2, false);
                break;
            case EXPERIMENTAL:
                if (size >= 4 && (buffer.getShort(at + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF) == FAST_OPEN_MAGIC)
                {
                    fastOpen(buffer, at + 4, size - 4, true);
                }
                else
                {
                    unknownCount++;
                }
                break;
            default:
                unknownCount++;
                break;
        }
    }

    /** RFC 9768, section 3.2.3: counters that do not fit are left off at the end. */
    private void accurateEcn(final DirectBuffer buffer, final int at, final int kind, final int size)
    {
        final int fields = (size - 2) / 3;
        if (hasAccurateEcn || fields * 3 != size - 2 || fields > 3)
        {
            return;
        }
        hasAccurateEcn = true;
        final int first = fields > 0 ? u24(buffer, at + 2) : ABSENT;
        final int last = fields > 2 ? u24(buffer, at + 8) : ABSENT;
        ceBytes = fields > 1 ? u24(buffer, at + 5) : ABSENT;
        ect0Bytes = kind == ACCURATE_ECN_0 ? first : last;
        ect1Bytes = kind == ACCURATE_ECN_0 ? last : first;
    }

    private static int u24(final DirectBuffer buffer, final int at)
    {
        return (buffer.getByte(at) & 0xFF) << 16 | buffer.getShort(at + 1, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** RFC 7413, section 4.1.1: a cookie of any other length counts as none at all. */
    private void fastOpen(final DirectBuffer buffer, final int at, final int length, final boolean experimental)
    {
        if (fastOpenLength != ABSENT || length != 0 && (length < 4 || length > MAX_COOKIE || (length & 1) != 0))
        {
            return;
        }
        fastOpenLength = length;
        fastOpenExperimental = experimental;
        for (int i = 0; i < MAX_COOKIE; i++)
        {
            final long next = i < length ? buffer.getByte(at + i) & 0xFF : 0;
            if (i < Long.BYTES)
            {
                fastOpenHi = fastOpenHi << Byte.SIZE | next;
            }
            else
            {
                fastOpenLo = fastOpenLo << Byte.SIZE | next;
            }
        }
    }

    private void clear()
    {
        fastOpenLength = ABSENT;
        fastOpenExperimental = false;
        fastOpenHi = fastOpenLo = 0;
        mss = 0;
        windowScale = ABSENT;
        sackPermitted = false;
        hasTimestamps = false;
        tsVal = 0;
        tsEcr = 0;
        tsOffset = 0;
        sackOffset = 0;
        sackCount = 0;
        hasAccurateEcn = false;
        ect0Bytes = ABSENT;
        ceBytes = ABSENT;
        ect1Bytes = ABSENT;
        userTimeout = ABSENT;
        unknownCount = 0;
        malformed = false;
    }

    /**
     * Maximum segment size.
     *
     * @return in bytes; 0 when absent.
     */
    public int mss()
    {
        return mss;
    }

    /**
     * Window scale.
     *
     * @return 0 to 14 (greater shifts are read as 14), or {@link #ABSENT}.
     */
    public int windowScale()
    {
        return windowScale;
    }

    /**
     * SACK permitted.
     *
     * @return true when present.
     */
    public boolean sackPermitted()
    {
        return sackPermitted;
    }

    /**
     * Is there a timestamps option?
     *
     * @return true when present.
     */
    public boolean hasTimestamps()
    {
        return hasTimestamps;
    }

    /**
     * Timestamp value.
     *
     * @return TSval; counts only when {@link #hasTimestamps()}.
     */
    public int tsVal()
    {
        return tsVal;
    }

    /**
     * Timestamp echo reply.
     *
     * @return TSecr; counts only when {@link #hasTimestamps()}.
     */
    public int tsEcr()
    {
        return tsEcr;
    }

    /** Take the echo for none: what it echoes was no reading of a clock (a SYN cookie's, RFC 4987, section 3.6). */
    public void clearTsEcr()
    {
        tsEcr = 0;
    }

    /**
     * Where the timestamps option stands, for rewriting: TSval is at +2, TSecr at +6.
     *
     * @return offset in the buffer that was parsed; counts only when {@link #hasTimestamps()}.
     */
    public int tsOffset()
    {
        return tsOffset;
    }

    /**
     * Where the SACK option stands, for rewriting: the first block is at +2.
     *
     * @return offset in the buffer that was parsed; counts only when {@link #sackCount()} is above 0.
     */
    public int sackOffset()
    {
        return sackOffset;
    }

    /**
     * Number of SACK blocks.
     *
     * @return 0 to {@link #MAX_SACK_BLOCKS}.
     */
    public int sackCount()
    {
        return sackCount;
    }

    /**
     * Left edge of a SACK block.
     *
     * @param i which block.
     * @return its first sequence number.
     */
    public int sackStart(final int i)
    {
        return sackStart[i];
    }

    /**
     * Right edge of a SACK block.
     *
     * @param i which block.
     * @return the sequence number after its last.
     */
    public int sackEnd(final int i)
    {
        return sackEnd[i];
    }

    /**
     * Is there an accurate ECN option, of either order?
     *
     * @return true when present, with any number of counters.
     */
    public boolean hasAccurateEcn()
    {
        return hasAccurateEcn;
    }

    /**
     * Counter of payload bytes that came with ECT(0).
     *
     * @return 24 bits, or {@link #ABSENT}.
     */
    public int ect0Bytes()
    {
        return ect0Bytes;
    }

    /**
     * Counter of payload bytes that came with CE.
     *
     * @return 24 bits, or {@link #ABSENT}.
     */
    public int ceBytes()
    {
        return ceBytes;
    }

    /**
     * Counter of payload bytes that came with ECT(1).
     *
     * @return 24 bits, or {@link #ABSENT}.
     */
    public int ect1Bytes()
    {
        return ect1Bytes;
    }

    /**
     * User time-out.
     *
     * @return granularity bit and 15 bits of time, or {@link #ABSENT}.
     */
    public int userTimeout()
    {
        return userTimeout;
    }

    /**
     * Length of the Fast Open cookie.
     *
     * @return in bytes, 0 for a request, or {@link #ABSENT}.
     */
    public int fastOpenLength()
    {
        return fastOpenLength;
    }

    /**
     * Was Fast Open asked for by the experimental option?
     *
     * @return true for kind {@link #EXPERIMENTAL}.
     */
    public boolean fastOpenExperimental()
    {
        return fastOpenExperimental;
    }

    /**
     * First half of the Fast Open cookie.
     *
     * @return eight bytes, big-endian, zeros behind the end of the cookie.
     */
    public long fastOpenHi()
    {
        return fastOpenHi;
    }

    /**
     * Second half of the Fast Open cookie.
     *
     * @return eight bytes, big-endian, zeros behind the end of the cookie.
     */
    public long fastOpenLo()
    {
        return fastOpenLo;
    }

    /**
     * Options of kinds that this parser does not know.
     *
     * @return how many were skipped.
     */
    public int unknownCount()
    {
        return unknownCount;
    }

    /**
     * Did the parse stop at a bad length?
     *
     * @return true when it did.
     */
    public boolean malformed()
    {
        return malformed;
    }
}
