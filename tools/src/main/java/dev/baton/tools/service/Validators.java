package dev.baton.tools.service;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What tells one version of a file from another: its entity tag, {@code "LENGTH-MODIFIED"} in hexadecimal digits, and
 * its modification time; and what a request's preconditions make of them (RFC 9110, section 13). Not thread safe.
 */
final class Validators
{
    private static final int MAX_TAG = 40;
    private static final String DIGITS = "0123456789abcdef";

    private final UnsafeBuffer tag = new UnsafeBuffer(new byte[MAX_TAG]);
    private int tagLength;
    private long modifiedSeconds;

    /**
     * Take the validators of a file.
     *
     * @param file to be served.
     */
    void of(final ServedFile file)
    {
        modifiedSeconds = file.modifiedMs() / 1000;
        int at = 0;
        tag.putByte(at++, (byte)'"');
        at += putHex(at, file.length());
        tag.putByte(at++, (byte)'-');
        at += putHex(at, file.modifiedMs());
        tag.putByte(at++, (byte)'"');
        tagLength = at;
    }

    /**
     * Write the entity tag.
     *
     * @return bytes written.
     */
    int putTag(final MutableDirectBuffer dst, final int offset)
    {
        dst.putBytes(offset, tag, 0, tagLength);
        return tagLength;
    }

    long modifiedSeconds()
    {
        return modifiedSeconds;
    }

    /**
     * Has the client this version already? If-None-Match goes before If-Modified-Since (RFC 9110, section 13.2.2).
     *
     * @param fields of a GET or HEAD.
     * @return true for 304.
     */
    boolean notModified(final RequestFields fields)
    {
        if (fields.ifNoneMatch().present())
        {
            return listed(fields.buffer(), fields.ifNoneMatch().offset(), fields.ifNoneMatch().length());
        }
        if (!fields.ifModifiedSince().present())
        {
            return false;
        }
        final long since =
            HttpDate.parse(fields.buffer(), fields.ifModifiedSince().offset(), fields.ifModifiedSince().length());
        return since != HttpDate.INVALID && modifiedSeconds <= since;
    }

    /**
     * May a part be served? If-Range needs a strong tag or the exact date (RFC 9110, section 13.1.5).
     *
     * @param fields of a request with a Range.
     * @return false when the whole file must be served.
     */
    boolean rangeApplies(final RequestFields fields)
    {
        if (!fields.ifRange().present())
        {
            return true;
        }
        final int offset = fields.ifRange().offset();
        final int length = fields.ifRange().length();
        return isTag(fields.buffer(), offset, length) ||
            HttpDate.parse(fields.buffer(), offset, length) == modifiedSeconds;
    }

    /** If-None-Match compares weakly, so the mark of a weak tag does not matter. */
    private boolean listed(final DirectBuffer src, final int offset, final int length)
    {
        if (length == 1 && src.getByte(offset) == '*')
        {
            return true;
        }
        for (int at = offset; at + tagLength <= offset + length; at++)
        {
            final boolean starts = at == offset || " ,\t/".indexOf(src.getByte(at - 1)) >= 0;
            if (starts && isTag(src, at, tagLength))
            {
                return true;
            }
        }
        return false;
    }

    private boolean isTag(final DirectBuffer src, final int offset, final int length)
    {
        if (length != tagLength)
        {
            return false;
        }
        for (int i = 0; i < length; i++)
        {
            if (src.getByte(offset + i) != tag.getByte(i))
            {
                return false;
            }
        }
        return true;
    }

    private int putHex(final int offset, final long value)
    {
        int digits = 1;
        while (digits < 16 && value >>> 4 * digits != 0)
        {
            digits++;
        }
        for (int i = 0; i < digits; i++)
        {
            tag.putByte(offset + i, (byte)DIGITS.charAt((int)(value >>> 4 * (digits - 1 - i)) & 0xF));
        }
        return digits;
    }
}
