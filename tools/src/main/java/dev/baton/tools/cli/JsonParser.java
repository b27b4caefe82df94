package dev.baton.tools.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recursive descent over one text; a method per production of RFC 8259. Depth is limited, so the recursion is.
 */
final class JsonParser
{
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final String text;
    private final int maxDepth;
    private int at;

    JsonParser(final String text, final int maxDepth)
    {
        this.text = text;
        this.maxDepth = maxDepth;
    }

    Object document()
    {
        final Object value = value(0);
        skipSpace();
        if (at != text.length())
        {
            throw fail("end of document");
        }
        return value;
    }

    private Object value(final int depth)
    {
        if (depth > maxDepth)
        {
            throw fail("nesting of at most " + maxDepth);
        }
        skipSpace();
        return switch (peek())
        {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object(final int depth)
    {
        final Map<String, Object> members = new TreeMap<>();
        at++;
        if (closes('}'))
        {
            return members;
        }
        do
        {
            skipSpace();
            final int keyAt = at;
            final String key = string();
            skipSpace();
            expect(':');
            if (members.containsKey(key))
            {
                at = keyAt;
                throw fail("a key that is new in its object, not '" + key + "'");
            }
            members.put(key, value(depth + 1));
        }
        while (another('}'));
        return members;
    }

    private List<Object> array(final int depth)
    {
        final List<Object> items = new ArrayList<>();
        at++;
        if (closes(']'))
        {
            return items;
        }
        do
        {
            items.add(value(depth + 1));
        }
        while (another(']'));
        return items;
    }

    private String string()
    {
        expect('"');
        final StringBuilder string = new StringBuilder();
        for (char c = next(); c != '"'; c = next())
        {
            if (c < 0x20)
            {
                at--;
                throw fail("no control character in a string");
            }
            string.append(c == '\\' ? escaped() : c);
        }
        return string.toString();
    }

    private char escaped()
    {
        final char c = next();
        return switch (c)
        {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw fail("an escape of RFC 8259");
        };
    }

    private char unicode()
    {
        int code = 0;
        for (int i = 0; i < 4; i++)
        {
            final int digit = Character.digit(next(), 16);
            if (digit < 0)
            {
                throw fail("four hexadecimal digits");
            }
            code = code << 4 | digit;
        }
        return (char)code;
    }

    private Object number()
    {
        final Matcher matcher = NUMBER.matcher(text).region(at, text.length());
        if (!matcher.lookingAt())
        {
            throw fail("a value");
        }
        final String digits = matcher.group();
        try
        {
            final Object number;
            if (matcher.group(1) == null && matcher.group(2) == null)
            {
                number = Long.valueOf(digits);
            }
            else
            {
                number = Double.valueOf(digits);
            }
            at = matcher.end();
            return number;
        }
        catch (final NumberFormatException ex)
        {
            throw new IllegalArgumentException("JSON: offset " + at + ": an integer of at most 64 bits expected", ex);
        }
    }

    private Object word(final String word, final Object meaning)
    {
        if (!text.startsWith(word, at))
        {
            throw fail("'" + word + "'");
        }
        at += word.length();
        return meaning;
    }

    private boolean closes(final char close)
    {
        skipSpace();
        final boolean closed = peek() == close;
        if (closed)
        {
            at++;
        }
        return closed;
    }

    private boolean another(final char close)
    {
        skipSpace();
        final char c = next();
        if (c != ',' && c != close)
        {
            at--;
            throw fail("',' or '" + close + "'");
        }
        return c == ',';
    }

    private void expect(final char wanted)
    {
        if (peek() != wanted)
        {
            throw fail("'" + wanted + "'");
        }
        at++;
    }

    private char peek()
    {
        if (at >= text.length())
        {
            throw fail("more text");
        }
        return text.charAt(at);
    }

    private char next()
    {
        final char c = peek();
        at++;
        return c;
    }

    private void skipSpace()
    {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0)
        {
            at++;
        }
    }

    private IllegalArgumentException fail(final String expected)
    {
        return new IllegalArgumentException("JSON: offset " + at + ": " + expected + " expected");
    }
}
