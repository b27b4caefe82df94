package dev.baton.tools.cli;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON as this project writes and reads it. A document is built of {@link Map} with string keys, {@link Iterable},
 * {@link CharSequence}, {@link Number}, {@link Boolean} and null, and is written on one line with sorted keys, so that equal
 * documents are equal texts. Integers stay integers; a unit is part of the key ({@code rto_us}).
 */
public final class Json
{
    private static final int MAX_DEPTH = 64;

    private Json()
    {
    }

    /**
     * Write a value.
     *
     * @param value of the types above.
     * @return one line without its end.
     * @throws IllegalArgumentException for another type, a number that is not finite, or nesting deeper than 64.
     */
    public static String write(final Object value)
    {
        final StringBuilder text = new StringBuilder(256);
        append(text, value, 0);
        return text.toString();
    }

    /**
     * Read one document: strict RFC 8259, no duplicate keys, nesting at most 64 deep.
     *
     * @param text all of it.
     * @return sorted {@link Map}, {@link java.util.List}, {@link String}, {@link Long} (integers), {@link Double},
     *         {@link Boolean} or null.
     * @throws IllegalArgumentException with the offset and what was expected.
     */
    public static Object parse(final String text)
    {
        return new JsonParser(text, MAX_DEPTH).document();
    }

    /**
     * Read one document that must be an object.
     *
     * @param text all of it.
     * @return its members, sorted.
     * @throws IllegalArgumentException as {@link #parse(String)}, or when it is not an object.
     */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> parseObject(final String text)
    {
        if (parse(text) instanceof Map<?, ?> map)
        {
            return (Map<String, Object>)map;
        }
        throw new IllegalArgumentException("JSON: the document is not an object");
    }

    private static void append(final StringBuilder text, final Object value, final int depth)
    {
        if (depth > MAX_DEPTH)
        {
            throw new IllegalArgumentException("JSON: nested deeper than " + MAX_DEPTH);
        }
        if (value instanceof Map<?, ?> map)
        {
            appendObject(text, map, depth);
        }
        else if (value instanceof Iterable<?> items)
        {
            appendArray(text, items, depth);
        }
        else if (value instanceof CharSequence string)
        {
            quote(text, string);
        }
        else if (value instanceof Double || value instanceof Float)
        {
            appendReal(text, ((Number)value).doubleValue());
        }
        else if (value == null || value instanceof Boolean || value instanceof Number)
        {
            text.append(value);
        }
        else
        {
            throw new IllegalArgumentException("JSON: no form for " + value.getClass().getName());
        }
    }

    private static void appendObject(final StringBuilder text, final Map<?, ?> map, final int depth)
    {
        final TreeMap<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put((String)key, value));
        text.append('{');
        String separator = "";
        for (final Map.Entry<String, Object> entry : sorted.entrySet())
        {
            text.append(separator);
            quote(text, entry.getKey());
            text.append(':');
            append(text, entry.getValue(), depth + 1);
            separator = ",";
        }
        text.append('}');
    }

    private static void appendArray(final StringBuilder text, final Iterable<?> items, final int depth)
    {
        text.append('[');
        final Iterator<?> iterator = items.iterator();
        while (iterator.hasNext())
        {
            append(text, iterator.next(), depth + 1);
            if (iterator.hasNext())
            {
                text.append(',');
            }
        }
        text.append(']');
    }

    private static void appendReal(final StringBuilder text, final double value)
    {
        if (!Double.isFinite(value))
        {
            throw new IllegalArgumentException("JSON: number is not finite: " + value);
        }
        text.append(value);
    }

    private static void quote(final StringBuilder text, final CharSequence string)
    {
        text.append('"');
        for (int i = 0; i < string.length(); i++)
        {
            final char c = string.charAt(i);
            switch (c)
            {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default ->
                {
                    if (c < 0x20 || Character.isSurrogate(c) || c == 0x7F)
                    {
                        text.append(String.format("\\u%04x", (int)c));
                    }
                    else
                    {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
