package dev.baton.tools.node;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A file of {@code key = value} lines, in UTF-8; a line that begins with {@code #} is a comment. Remembers the line of
 * every key, so that an error can name it, and which keys were asked for, so that a misspelt one is found. Every error
 * is a {@link CliError} with exit code {@link ExitCodes#USAGE}. Not thread safe.
 */
final class ConfigFile
{
    private static final int MAX_BYTES = 1 << 20;

    private final Path file;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Set<String> asked = new HashSet<>();

    private ConfigFile(final Path file)
    {
        this.file = file;
    }

    /**
     * Read a file.
     *
     * @param file to read.
     * @return its entries.
     * @throws CliError when it cannot be read, or a line is neither entry nor comment, or a key comes twice.
     */
    static ConfigFile read(final Path file)
    {
        final ConfigFile config = new ConfigFile(file.toAbsolutePath().normalize());
        int number = 0;
        for (final String line : readLines(file))
        {
            number++;
            final String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#"))
            {
                config.add(text, number);
            }
        }
        return config;
    }

    private static List<String> readLines(final Path file)
    {
        try
        {
            if (Files.size(file) > MAX_BYTES)
            {
                throw bad(file.toString(), "larger than " + MAX_BYTES + " bytes", "give a node's configuration file");
            }
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        }
        catch (final NoSuchFileException ex)
        {
            throw bad(file.toString(), "no such file", "give the path of a configuration file with -f");
        }
        catch (final CharacterCodingException ex)
        {
            throw bad(file.toString(), "not a text in UTF-8", "give a node's configuration file");
        }
        catch (final IOException ex)
        {
            throw bad(file.toString(), "cannot be read (" + ex.getMessage() + ")", "give a file that this user may read");
        }
    }

    private void add(final String text, final int line)
    {
        final int equals = text.indexOf('=');
        final String key = equals < 0 ? "" : text.substring(0, equals).strip();
        if (key.isEmpty())
        {
            throw bad(file + ":" + line, "'" + text + "' is not of the form key = value",
                "write key = value, or # in front of a comment");
        }
        final Entry previous = entries.put(key, new Entry(text.substring(equals + 1).strip(), line));
        if (previous != null)
        {
            throw bad(file + ":" + line, key + " was given in line " + previous.line + " already", "keep one of them");
        }
    }

    /**
     * The file.
     *
     * @return its absolute path.
     */
    Path file()
    {
        return file;
    }

    /**
     * Was a key given?
     *
     * @param key to look for.
     * @return true when it was.
     */
    boolean has(final String key)
    {
        asked.add(key);
        return entries.containsKey(key);
    }

    /**
     * Keys that begin alike.
     *
     * @param prefix of them.
     * @return sorted; they count as asked for.
     */
    List<String> keysWithPrefix(final String prefix)
    {
        final List<String> keys = entries.keySet().stream().filter((key) -> key.startsWith(prefix)).toList();
        asked.addAll(keys);
        return keys;
    }

    /**
     * Is there any key that begins so?
     *
     * @param prefix of it.
     * @return true when there is; the keys do not count as asked for.
     */
    boolean hasPrefix(final String prefix)
    {
        return entries.keySet().stream().anyMatch((key) -> key.startsWith(prefix));
    }

    /**
     * A text that may be missing.
     *
     * @param key   of it.
     * @param other when it is missing.
     * @return the text.
     */
    String text(final String key, final String other)
    {
        return has(key) ? entries.get(key).value : other;
    }

    /**
     * A text that must be there.
     *
     * @param key     of it.
     * @param example of a line, for the error.
     * @return the text, not empty.
     */
    String required(final String key, final String example)
    {
        final String value = text(key, null);
        if (value == null)
        {
            throw bad(file.toString(), key + " is missing", "add a line such as " + key + " = " + example);
        }
        if (value.isEmpty())
        {
            throw wrong(key, "is empty", "write for example " + key + " = " + example);
        }
        return value;
    }

    /**
     * A number.
     *
     * @param key   of it.
     * @param min   least.
     * @param max   greatest.
     * @param other when it is missing.
     * @return the number.
     */
    long number(final String key, final long min, final long max, final long other)
    {
        if (!has(key))
        {
            return other;
        }
        final long value = convert(key, Long::parseLong, "a whole number from " + min + " to " + max);
        if (value < min || value > max)
        {
            throw wrong(key, "'" + value + "' is out of range", "give a whole number from " + min + " to " + max);
        }
        return value;
    }

    /**
     * A path; a relative one begins at the file's own directory.
     *
     * @param key of it.
     * @return null when it is missing.
     */
    Path path(final String key)
    {
        return has(key) ? convert(key, file.getParent()::resolve, "a path") : null;
    }

    /**
     * Anything else.
     *
     * @param key       that was given.
     * @param converter throws IllegalArgumentException when the text is wrong.
     * @param expected  what the text should be, for the error.
     * @param <T>       of the result.
     * @return the converted value.
     */
    <T> T convert(final String key, final Function<String, T> converter, final String expected)
    {
        final String value = entries.get(key).value;
        try
        {
            return converter.apply(value);
        }
        catch (final NumberFormatException ex)
        {
            throw wrong(key, "'" + value + "' is no number", "give " + expected);
        }
        catch (final IllegalArgumentException ex)
        {
            throw wrong(key, String.valueOf(ex.getMessage()), "give " + expected);
        }
    }

    /**
     * A value is wrong.
     *
     * @param key   of it.
     * @param cause half a sentence about it.
     * @param mend  what to write instead.
     * @return to be thrown; names file and line.
     */
    CliError wrong(final String key, final String cause, final String mend)
    {
        final Entry entry = entries.get(key);
        return bad(entry == null ? file.toString() : file + ":" + entry.line, key + ": " + cause, mend);
    }

    /** Every key must have been asked for by now. */
    void refuseUnknown()
    {
        entries.forEach((key, entry) ->
        {
            if (!asked.contains(key))
            {
                throw bad(file + ":" + entry.line, "unknown key '" + key + "'",
                    "correct or remove the line; 'baton node run --help' lists the keys");
            }
        });
    }

    private static CliError bad(final String thing, final String cause, final String mend)
    {
        return new CliError(ExitCodes.USAGE, thing, cause, mend);
    }

    /** Value and where it stands. */
    private record Entry(String value, int line)
    {
    }
}
