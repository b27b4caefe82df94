package dev.baton.tools.service;

import org.agrona.DirectBuffer;

/** Looks at ASCII text in a buffer without making strings of it. */
final class Ascii
{
    private Ascii()
    {
    }

    static int lower(final byte b)
    {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }

    static boolean isSpace(final byte b)
    {
        return b == ' ' || b == '\t';
    }

    static boolean isDigit(final byte b)
    {
        return b >= '0' && b <= '9';
    }

    /**
     * Value of a hexadecimal digit.
     *
     * @return -1 when it is none.
     */
    static int hex(final byte b)
    {
        if (isDigit(b))
        {
            return b - '0';
        }
        final int low = lower(b);
        return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
    }

    /** RFC 9110, section 5.6.2. */
    static boolean isTokenChar(final byte b)
    {
        final int low = lower(b);
        return low >= 'a' && low <= 'z' || isDigit(b) || b > ' ' && "!#$%&'*+-.^_`|~".indexOf(b) >= 0;
    }

    /**
     * Compare without regard to case.
     *
     * @param lowerText what to compare with, in lower case.
     */
    static boolean equalsIgnoreCase(
        final DirectBuffer buffer, final int offset, final int length, final String lowerText)
    {
        if (length != lowerText.length())
        {
            return false;
        }
        for (int i = 0; i < length; i++)
        {
            if (lower(buffer.getByte(offset + i)) != lowerText.charAt(i))
            {
                return false;
            }
        }
        return true;
    }

    static boolean equals(final DirectBuffer buffer, final int offset, final int length, final String text)
    {
        if (length != text.length())
        {
            return false;
        }
        for (int i = 0; i < length; i++)
        {
            if (buffer.getByte(offset + i) != text.charAt(i))
            {
                return false;
            }
        }
        return true;
    }

    /**
     * Read a decimal number that fills a range.
     *
     * @return -1 when it is empty, has other characters than digits, or does not fit 18 digits.
     */
    static long parseDecimal(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < 1 || length > 18)
        {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < length; i++)
        {
            final byte b = buffer.getByte(offset + i);
            if (!isDigit(b))
            {
                return -1;
            }
            value = value * 10 + (b - '0');
        }
        return value;
    }
}
