package dev.baton.tools.drill.script;

import java.util.ArrayList;
import java.util.List;

/** TCP options between {@code <} and {@code >}. */
final class TcpOptionParser
{
    private static final long MAX_32 = 0xFFFF_FFFFL;
    private static final int MAX_COUNTER = 0xFF_FFFF;
    private static final int MAX_DATA_BYTES = 38;
    private static final int DIGEST_BYTES = 16;

    private final Cursor cursor;

    TcpOptionParser(final Cursor cursor)
    {
        this.cursor = cursor;
    }

    /** The options, after {@code <}; null for {@code ...}, which says that they are not to be looked at. */
    List<TcpOptionSpec> options()
    {
        final Position at = cursor.position();
        if (cursor.accept("..."))
        {
            cursor.expect(">");
            return null;
        }
        final List<TcpOptionSpec> options = new ArrayList<>();
        if (cursor.accept(">"))
        {
            return options;
        }
        do
        {
            options.add(option());
        }
        while (cursor.accept(","));
        cursor.expect(">");
        checkLength(options, at);
        return options;
    }

    private static void checkLength(final List<TcpOptionSpec> options, final Position at)
    {
        int bytes = 0;
        for (final TcpOptionSpec option : options)
        {
            bytes += TcpOptionBytes.length(option);
        }
        if (bytes % 4 != 0)
        {
            throw new ScriptException(at, "the options have " + bytes +
                " bytes, which is no multiple of 4: write the padding out, as nop or eol");
        }
        if (bytes > 40)
        {
            throw new ScriptException(at, "the options have " + bytes + " bytes; a TCP header has room for 40");
        }
    }

    private TcpOptionSpec option()
    {
        final Position at = cursor.position();
        final String name = cursor.word("a TCP option");
        return switch (name)
        {
            case "mss" -> new TcpOptionSpec.Mss((int)cursor.number("an MSS", 0xFFFF));
            case "wscale" -> new TcpOptionSpec.WindowScale((int)cursor.number("a shift", 0xFF));
            case "sackOK" -> new TcpOptionSpec.SackPermitted();
            case "sack" -> new TcpOptionSpec.Sack(blocks());
            case "TS" -> timestamps();
            case "nop" -> new TcpOptionSpec.Nop();
            case "eol" -> new TcpOptionSpec.Eol();
            case "FO" -> new TcpOptionSpec.FastOpen(hex(MAX_DATA_BYTES), false);
            case "FOEXP" -> new TcpOptionSpec.FastOpen(hex(MAX_DATA_BYTES - 2), true);
            case "md5" -> digest();
            case "ECN" -> accurateEcn();
            case "gen" -> new TcpOptionSpec.Generic((int)cursor.number("the kind of an option", 0xFF), hex(MAX_DATA_BYTES));
            default -> throw new ScriptException(at, "'" + name +
                "' is no TCP option: there are mss wscale sackOK sack TS nop eol FO FOEXP md5 ECN gen");
        };
    }

    private List<TcpOptionSpec.Block> blocks()
    {
        final List<TcpOptionSpec.Block> blocks = new ArrayList<>();
        while (Character.isDigit(cursor.peek()))
        {
            final long start = cursor.number("the start of a block", MAX_32);
            cursor.expect(":");
            blocks.add(new TcpOptionSpec.Block(start, cursor.number("the end of a block", MAX_32)));
        }
        return blocks;
    }

    private TcpOptionSpec timestamps()
    {
        cursor.expectWord("val");
        final long value = cursor.number("TSval", MAX_32);
        cursor.expectWord("ecr");
        return new TcpOptionSpec.Timestamps(value, cursor.number("TSecr", MAX_32));
    }

    private TcpOptionSpec digest()
    {
        final byte[] digest = hex(DIGEST_BYTES);
        if (digest.length != DIGEST_BYTES)
        {
            throw cursor.wrong("a digest of MD5 has 16 bytes, not " + digest.length);
        }
        return new TcpOptionSpec.Md5(digest);
    }

    private TcpOptionSpec accurateEcn()
    {
        final boolean firstOrder = !cursor.seesWord("e1b");
        final String[] order = firstOrder ? new String[]{"e0b", "ceb", "e1b"} : new String[]{"e1b", "ceb", "e0b"};
        final List<Long> counters = new ArrayList<>();
        for (final String name : order)
        {
            if (!cursor.acceptWord(name))
            {
                break;
            }
            counters.add(cursor.number("a counter of 24 bits", MAX_COUNTER));
        }
        return new TcpOptionSpec.AccurateEcn(firstOrder, counters);
    }

    /** Pairs of hexadecimal digits; none when a comma or the end of the options follows. */
    private byte[] hex(final int mostBytes)
    {
        cursor.skip();
        final Position at = cursor.position();
        final String digits = cursor.run(Cursor::isWordPart);
        if (digits.length() % 2 != 0 || digits.length() / 2 > mostBytes)
        {
            throw new ScriptException(at, "'" + digits + "' is not a row of at most " + mostBytes + " bytes in hexadecimal");
        }
        final byte[] bytes = new byte[digits.length() / 2];
        for (int i = 0; i < bytes.length; i++)
        {
            final int high = Character.digit(digits.charAt(2 * i), 16);
            final int low = Character.digit(digits.charAt(2 * i + 1), 16);
            if (high < 0 || low < 0)
            {
                throw new ScriptException(at, "'" + digits + "' is not hexadecimal");
            }
            bytes[i] = (byte)(high << 4 | low);
        }
        return bytes;
    }
}
