package dev.baton.tools.drill.script;

import java.util.function.IntPredicate;

/**
 * A place in the text of a script that moves forward. Blanks, line ends and comments are passed over between tokens.
 */
final class Cursor
{
    private static final long MAX_SECONDS = 1_000_000_000L;
    private static final long US_PER_SECOND = 1_000_000L;

    private final Source source;
    private final String text;
    private int at;

    Cursor(final Source source)
    {
        this.source = source;
        this.text = source.text();
    }

    int offset()
    {
        return at;
    }

    /** What stands between two offsets, on one line. */
    String slice(final int from, final int until)
    {
        return text.substring(from, until).strip().replaceAll("\\s+", " ");
    }

    Position position()
    {
        return source.position(Math.min(at, Math.max(0, text.length() - 1)));
    }

    ScriptException wrong(final String problem)
    {
        return new ScriptException(position(), problem);
    }

    /** An error that says what stands here instead of what was expected. */
    ScriptException expected(final String what)
    {
        skip();
        return wrong("expected " + what + ", found " + (isEnd() ? "the end of the script" : "'" + nextToken() + "'"));
    }

    private String nextToken()
    {
        int end = at + 1;
        while (end < text.length() && end - at < 24 && !Character.isWhitespace(text.charAt(end)))
        {
            end++;
        }
        return text.substring(at, end);
    }

    /** Pass over blanks and comments. */
    void skip()
    {
        while (at < text.length())
        {
            if (Character.isWhitespace(text.charAt(at)))
            {
                at++;
            }
            else if (text.startsWith("//", at))
            {
                at = lineEnd();
            }
            else if (text.startsWith("/*", at))
            {
                final int end = text.indexOf("*/", at + 2);
                if (end < 0)
                {
                    throw wrong("this comment does not end");
                }
                at = end + 2;
            }
            else
            {
                return;
            }
        }
    }

    private int lineEnd()
    {
        final int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    /** The rest of the line, without a comment at its end. */
    String restOfLine()
    {
        final int end = lineEnd();
        String rest = text.substring(at, end);
        final int comment = rest.indexOf(" //");
        rest = comment < 0 ? rest : rest.substring(0, comment);
        at = end;
        return rest.strip();
    }

    boolean isEnd()
    {
        skip();
        return at >= text.length();
    }

    /** The next character that is not blank; 0 at the end. */
    char peek()
    {
        skip();
        return at < text.length() ? text.charAt(at) : 0;
    }

    /** Is this what follows, blanks aside? */
    boolean sees(final String token)
    {
        skip();
        return text.startsWith(token, at);
    }

    /** Does a character follow at once, without a blank? */
    boolean touches(final char c)
    {
        return at < text.length() && text.charAt(at) == c;
    }

    /** Is a word what follows: these letters, and no more? */
    boolean seesWord(final String word)
    {
        return sees(word) && (at + word.length() >= text.length() || !isWordPart(text.charAt(at + word.length())));
    }

    boolean accept(final String token)
    {
        if (sees(token))
        {
            at += token.length();
            return true;
        }
        return false;
    }

    boolean acceptWord(final String word)
    {
        if (seesWord(word))
        {
            at += word.length();
            return true;
        }
        return false;
    }

    void expect(final String token)
    {
        if (!accept(token))
        {
            throw expected("'" + token + "'");
        }
    }

    void expectWord(final String word)
    {
        if (!acceptWord(word))
        {
            throw expected("'" + word + "'");
        }
    }

    static boolean isWordPart(final int c)
    {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    /** All characters from here on that are of a kind; may be none. */
    String run(final IntPredicate kind)
    {
        final int start = at;
        while (at < text.length() && kind.test(text.charAt(at)))
        {
            at++;
        }
        return text.substring(start, at);
    }

    String word(final String what)
    {
        skip();
        final int start = at;
        final String word = run(Cursor::isWordPart);
        if (word.isEmpty() || Character.isDigit(word.charAt(0)))
        {
            at = start;
            throw expected(what);
        }
        return word;
    }

    /** Everything up to a mark, which is passed over. */
    String until(final String mark, final String what)
    {
        final int end = text.indexOf(mark, at);
        if (end < 0)
        {
            throw wrong(what + " does not end: '" + mark + "' is missing");
        }
        final String inside = text.substring(at, end);
        at = end + mark.length();
        return inside;
    }

    /** A number without a sign, decimal or hexadecimal. */
    long number(final String what, final long most)
    {
        skip();
        final int start = at;
        final String digits = run(Cursor::isWordPart);
        try
        {
            final long value = digits.startsWith("0x") || digits.startsWith("0X") ?
                Long.parseUnsignedLong(digits.substring(2), 16) : Long.parseLong(digits);
            if (value < 0 || value > most)
            {
                at = start;
                throw wrong(what + " is " + digits + ": it must be from 0 to " + most);
            }
            return value;
        }
        catch (final NumberFormatException ex)
        {
            at = start;
            throw expected(what);
        }
    }

    /** A time in seconds with at most six decimals that count, as microseconds. */
    long seconds()
    {
        skip();
        final int start = at;
        final String whole = run(Character::isDigit);
        String fraction = "";
        if (touches('.') && !text.startsWith("...", at))
        {
            at++;
            fraction = run(Character::isDigit);
        }
        if (whole.isEmpty() && fraction.isEmpty())
        {
            at = start;
            throw expected("a time in seconds");
        }
        final long seconds = whole.isEmpty() ? 0 : whole.length() > 10 ? Long.MAX_VALUE : Long.parseLong(whole);
        if (seconds > MAX_SECONDS)
        {
            at = start;
            throw wrong("a time of more than " + MAX_SECONDS + " seconds");
        }
        final String micros = (fraction + "000000").substring(0, 6);
        return seconds * US_PER_SECOND + Long.parseLong(micros);
    }

    /** Is a number followed by this, blanks aside? Nothing is passed over. */
    boolean seesNumberThen(final char c)
    {
        skip();
        int i = at;
        while (i < text.length() && Character.isDigit(text.charAt(i)))
        {
            i++;
        }
        if (i == at)
        {
            return false;
        }
        while (i < text.length() && text.charAt(i) == ' ')
        {
            i++;
        }
        return i < text.length() && text.charAt(i) == c;
    }
}
