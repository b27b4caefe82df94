package dev.baton.tools.service;

import org.agrona.DirectBuffer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The path of a request target as a relative file name: percent-encoding is undone (RFC 3986, section 2.1), empty and
 * single-dot segments are dropped. A target with a double-dot segment is refused, however it is encoded, since no
 * client needs one. Reused; not thread safe.
 */
final class TargetPath
{
    /** The text is no path: bad encoding, a control character, a slash in disguise, bytes that are no UTF-8. */
    static final int MALFORMED = -1;
    /** The target leads upwards. */
    static final int FORBIDDEN = -2;
    /** {@link #text()} holds the path. */
    static final int OK = 0;

    private static final int MAX_BYTES = 8192;

    private final byte[] decoded = new byte[MAX_BYTES];
    private int length;
    private String text;

    /**
     * Read the path of a target (RFC 3986, section 3.3).
     *
     * @param src    where from.
     * @param offset of the path: of its first slash.
     * @param size   of the path in bytes; 0 for the root.
     * @return {@link #OK}, {@link #MALFORMED} or {@link #FORBIDDEN}.
     */
    int parse(final DirectBuffer src, final int offset, final int size)
    {
        final int end = offset + size;
        int at = offset;
        length = 0;
        if (size > MAX_BYTES)
        {
            return MALFORMED;
        }
        while (at < end)
        {
            final int segment = length;
            at = decodeSegment(src, at + 1, end);
            if (at < 0)
            {
                return MALFORMED;
            }
            final int verdict = closeSegment(segment);
            if (verdict != OK)
            {
                return verdict;
            }
        }
        try
        {
            final ByteBuffer path = ByteBuffer.wrap(decoded, 0, Math.max(0, length - 1));
            text = StandardCharsets.UTF_8.newDecoder().decode(path).toString();
            return OK;
        }
        catch (final CharacterCodingException ex)
        {
            return MALFORMED;
        }
    }

    /**
     * The path.
     *
     * @return relative, with slashes between its segments; empty for the root.
     */
    String text()
    {
        return text;
    }

    private int decodeSegment(final DirectBuffer src, final int from, final int end)
    {
        int at = from;
        for (byte b; at < end && (b = src.getByte(at)) != '/'; at++)
        {
            int value = b & 0xFF;
            if (b == '%')
            {
                value = at + 2 < end ? Ascii.hex(src.getByte(at + 1)) << 4 | Ascii.hex(src.getByte(at + 2)) : -1;
                at += 2;
            }
            if (value < ' ' || value == 0x7F || b == '%' && value == '/')
            {
                return MALFORMED;
            }
            decoded[length++] = (byte)value;
        }
        return at;
    }

    private int closeSegment(final int start)
    {
        final int size = length - start;
        final boolean dot = size > 0 && decoded[start] == '.';
        if (size == 2 && dot && decoded[start + 1] == '.')
        {
            return FORBIDDEN;
        }
        if (size == 0 || size == 1 && dot)
        {
            length = start;
        }
        else
        {
            decoded[length++] = '/';
        }
        return OK;
    }
}
