package dev.baton.tools.service;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Dates of HTTP (RFC 9110, section 5.6.7): writes the fixed form, {@code Sun, 06 Nov 1994 08:49:37 GMT}, and reads that
 * and the two obsolete ones, {@code Sunday, 06-Nov-94 08:49:37 GMT} and {@code Sun Nov  6 08:49:37 1994}. The name of
 * the day is not checked. Days are counted by the proleptic Gregorian calendar with years that begin in March, so that
 * a leap day comes last. Stateless.
 */
final class HttpDate
{
    /** Length of the fixed form in bytes. */
    static final int LENGTH = 29;
    /** Result of {@link #parse} when the text is no date. */
    static final long INVALID = Long.MIN_VALUE;

    private static final String DAYS = "SunMonTueWedThuFriSat";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int DAY_SECONDS = 86_400;
    /** Days from the first of March of year 0 to the first of January 1970. */
    private static final int EPOCH_DAYS = 719_468;
    private static final int DAYS_PER_400_YEARS = 146_097;

    private HttpDate()
    {
    }

    /**
     * Write a date in the fixed form.
     *
     * @param dst          where to.
     * @param offset       in it.
     * @param epochSeconds time since the epoch, not before it.
     * @return bytes written: {@link #LENGTH}.
     */
    static int write(final MutableDirectBuffer dst, final int offset, final long epochSeconds)
    {
        final long days = epochSeconds / DAY_SECONDS;
        final int second = (int)(epochSeconds % DAY_SECONDS);
        final long shifted = days + EPOCH_DAYS;
        final int inEra = (int)(shifted % DAYS_PER_400_YEARS);
        final int yearOfEra = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365;
        final int dayOfYear = inEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        final int monthFromMarch = (5 * dayOfYear + 2) / 153;
        final int day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        final int month = monthFromMarch < 10 ? monthFromMarch + 2 : monthFromMarch - 10;
        final int year = (int)(shifted / DAYS_PER_400_YEARS) * 400 + yearOfEra + (month < 2 ? 1 : 0);

        putName(dst, offset, DAYS, (int)((days + 4) % 7));
        dst.putByte(offset + 3, (byte)',');
        putTwo(dst, offset + 4, ' ', day);
        dst.putByte(offset + 7, (byte)' ');
        putName(dst, offset + 8, MONTHS, month);
        putTwo(dst, offset + 11, ' ', year / 100 % 100);
        dst.putByte(offset + 14, (byte)('0' + year % 100 / 10));
        dst.putByte(offset + 15, (byte)('0' + year % 10));
        putTwo(dst, offset + 16, ' ', second / 3600);
        putTwo(dst, offset + 19, ':', second / 60 % 60);
        putTwo(dst, offset + 22, ':', second % 60);
        dst.putStringWithoutLengthAscii(offset + 25, " GMT");
        return LENGTH;
    }

    /**
     * Read a date in any of the three forms.
     *
     * @param src    where from.
     * @param offset of the text.
     * @param length of the text.
     * @return seconds since the epoch, or {@link #INVALID}.
     */
    static long parse(final DirectBuffer src, final int offset, final int length)
    {
        if (length == LENGTH && src.getByte(offset + 3) == ',')
        {
            return seconds(
                two(src, offset + 12) * 100 + two(src, offset + 14), month(src, offset + 8), two(src, offset + 5),
                src, offset + 17);
        }
        if (length == 24 && src.getByte(offset + 3) == ' ')
        {
            final boolean oneDigit = src.getByte(offset + 8) == ' ';
            final int day = oneDigit ? src.getByte(offset + 9) - '0' : two(src, offset + 8);
            return seconds(
                two(src, offset + 20) * 100 + two(src, offset + 22), month(src, offset + 4), day, src, offset + 11);
        }
        for (int i = 6; i <= 9; i++)
        {
            if (length == i + 24 && src.getByte(offset + i) == ',')
            {
                final int at = offset + i;
                final int year = two(src, at + 9);
                return seconds(
                    year < 0 ? -1 : year + (year < 70 ? 2000 : 1900), month(src, at + 5), two(src, at + 2),
                    src, at + 12);
            }
        }
        return INVALID;
    }

    private static long seconds(
        final int year, final int month, final int day, final DirectBuffer src, final int timeOffset)
    {
        final int hour = two(src, timeOffset);
        final int minute = two(src, timeOffset + 3);
        final int second = two(src, timeOffset + 6);
        final boolean colons = src.getByte(timeOffset + 2) == ':' && src.getByte(timeOffset + 5) == ':';
        if (year < 0 || month < 0 || day < 1 || day > 31 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
            second < 0 || second > 60 || !colons)
        {
            return INVALID;
        }
        final int fromMarch = month < 2 ? month + 10 : month - 2;
        final long marchYear = month < 2 ? year - 1L : year;
        final long dayOfYear = (153L * fromMarch + 2) / 5 + day - 1;
        final long days = marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - EPOCH_DAYS;
        return days * DAY_SECONDS + hour * 3600L + minute * 60L + second;
    }

    private static int two(final DirectBuffer src, final int offset)
    {
        final byte tens = src.getByte(offset);
        final byte ones = src.getByte(offset + 1);
        return Ascii.isDigit(tens) && Ascii.isDigit(ones) ? (tens - '0') * 10 + ones - '0' : -10_000;
    }

    private static int month(final DirectBuffer src, final int offset)
    {
        for (int i = 0; i < 12; i++)
        {
            if (src.getByte(offset) == MONTHS.charAt(3 * i) && src.getByte(offset + 1) == MONTHS.charAt(3 * i + 1) &&
                src.getByte(offset + 2) == MONTHS.charAt(3 * i + 2))
            {
                return i;
            }
        }
        return -1;
    }

    private static void putName(final MutableDirectBuffer dst, final int offset, final String names, final int index)
    {
        for (int i = 0; i < 3; i++)
        {
            dst.putByte(offset + i, (byte)names.charAt(3 * index + i));
        }
    }

    private static void putTwo(
        final MutableDirectBuffer dst, final int offset, final char before, final int value)
    {
        dst.putByte(offset, (byte)before);
        dst.putByte(offset + 1, (byte)('0' + value / 10));
        dst.putByte(offset + 2, (byte)('0' + value % 10));
    }
}
