package dev.baton.tools.drill.script;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a script after its directives have been obeyed ({@code #include}, {@code #define}, {@code #ifdef},
 * {@code #ifndef}, {@code #else}, {@code #endif}) and its symbols replaced, with the file and line that each of its
 * lines came from.
 */
final class Source
{
    /** Longest file that is read, in bytes. */
    static final int MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 16;
    private static final int MAX_LINES = 200_000;
    private static final Pattern DIRECTIVE = Pattern.compile("\\s*#\\s*(\\w+)\\s*(.*?)\\s*");
    private static final Pattern WORD = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"|`[^`]*`|[A-Za-z_]\\w*");

    private final StringBuilder text = new StringBuilder();
    private final List<String> files = new ArrayList<>();
    private final List<Integer> lines = new ArrayList<>();
    private final List<Integer> starts = new ArrayList<>();
    private final Map<String, String> symbols;
    private final Set<String> conditions;
    private final Deque<Condition> open = new ArrayDeque<>();

    /** An {@code #ifdef} that has not ended. */
    private static final class Condition
    {
        private final Position at;
        private boolean holds;
        private boolean turned;

        private Condition(final Position at, final boolean holds)
        {
            this.at = at;
            this.holds = holds;
        }
    }

    private Source(final Map<String, String> symbols, final Set<String> conditions)
    {
        this.symbols = symbols;
        this.conditions = conditions;
    }

    /**
     * Read a file with what it includes.
     *
     * @param path       of the script.
     * @param symbols    words to be replaced; directives may add to them.
     * @param conditions names for which {@code #ifdef} holds, besides symbols.
     * @return its text.
     * @throws ScriptException when a file cannot be read or a directive is wrong.
     */
    static Source of(final Path path, final Map<String, String> symbols, final Set<String> conditions)
    {
        final Source source = new Source(symbols, conditions);
        source.include(path, new Position(path.toString(), 1, 1), 0);
        if (!source.open.isEmpty())
        {
            throw new ScriptException(source.open.peek().at, "this condition has no #endif");
        }
        return source;
    }

    private void include(final Path path, final Position from, final int depth)
    {
        if (depth > MAX_DEPTH)
        {
            throw new ScriptException(from, "includes are nested deeper than " + MAX_DEPTH + "; does a file include itself?");
        }
        int number = 0;
        for (final String line : read(path, from).split("\n", -1))
        {
            number++;
            final Position at = new Position(path.toString(), number, 1);
            final Matcher matcher = DIRECTIVE.matcher(line);
            if (matcher.matches())
            {
                directive(matcher.group(1), matcher.group(2), path, at, depth);
                add("", path, number);
            }
            else
            {
                add(isActive() ? replace(line) : "", path, number);
            }
        }
    }

    private static String read(final Path path, final Position from)
    {
        try
        {
            if (Files.isDirectory(path))
            {
                throw new ScriptException(from, path + " is a directory");
            }
            if (Files.size(path) > MAX_FILE_BYTES)
            {
                throw new ScriptException(from, path + " has " + Files.size(path) + " bytes, which is no script: at most " +
                    MAX_FILE_BYTES + " are read; split it");
            }
            return Files.readString(path, StandardCharsets.UTF_8).replace("\r\n", "\n");
        }
        catch (final MalformedInputException ex)
        {
            throw new ScriptException(from, path + " is not a text in UTF-8");
        }
        catch (final IOException ex)
        {
            throw new ScriptException(from, path + " cannot be read; check its name and rights");
        }
    }

    private void add(final String line, final Path path, final int number)
    {
        if (lines.size() >= MAX_LINES)
        {
            throw new ScriptException(new Position(path.toString(), number, 1),
                "more than " + MAX_LINES + " lines with all includes");
        }
        starts.add(text.length());
        text.append(line).append('\n');
        files.add(path.toString());
        lines.add(number);
    }

    private void directive(final String name, final String rest, final Path path, final Position at, final int depth)
    {
        switch (name)
        {
            case "ifdef", "ifndef" -> open.push(new Condition(at, isDefined(rest) == "ifdef".equals(name)));
            case "else" -> turn(at);
            case "endif" -> condition(at, "#endif", true);
            case "include" ->
            {
                if (isActive())
                {
                    final String file = rest.replaceAll("^[\"<]|[\">]$", "");
                    include(path.resolveSibling(file), at, depth + 1);
                }
            }
            case "define" ->
            {
                if (isActive())
                {
                    final String[] words = rest.split("\\s+", 2);
                    symbols.put(words[0], words.length > 1 ? words[1] : "");
                }
            }
            default -> throw new ScriptException(at, "#" + name +
                " is no directive: there are #ifdef, #ifndef, #else, #endif, #define and #include");
        }
    }

    private boolean isDefined(final String name)
    {
        return symbols.containsKey(name) || conditions.contains(name);
    }

    private void turn(final Position at)
    {
        final Condition condition = condition(at, "#else", false);
        if (condition.turned)
        {
            throw new ScriptException(at, "a second #else for the condition of line " + condition.at.line());
        }
        condition.holds = !condition.holds;
        condition.turned = true;
    }

    private Condition condition(final Position at, final String what, final boolean ends)
    {
        if (open.isEmpty())
        {
            throw new ScriptException(at, what + " without #ifdef");
        }
        return ends ? open.pop() : open.peek();
    }

    private boolean isActive()
    {
        for (final Condition condition : open)
        {
            if (!condition.holds)
            {
                return false;
            }
        }
        return true;
    }

    private String replace(final String line)
    {
        if (symbols.isEmpty())
        {
            return line;
        }
        return WORD.matcher(line).replaceAll(
            (match) -> Matcher.quoteReplacement(symbols.getOrDefault(match.group(), match.group())));
    }

    String text()
    {
        return text.toString();
    }

    /** Where an offset of the text came from. */
    Position position(final int offset)
    {
        final int found = Collections.binarySearch(starts, offset);
        final int line = Math.min(found >= 0 ? found : -found - 2, lines.size() - 1);
        return new Position(files.get(line), lines.get(line), offset - starts.get(line) + 1);
    }
}
