package dev.baton.tools.drill.script;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a script: options, an initial command, events, a final command. Every fault names file, line and column, and what would
 * have been right.
 */
public final class ScriptParser
{
    private static final int MAX_EVENTS = 100_000;
    private static final Pattern PROFILE = Pattern.compile("(?m)^\\s*(?://|/\\*|\\*)\\s*profile:\\s*(\\S*)");
    private static final Set<String> PROFILES = Set.of("linux", "freebsd", "neutral");

    private final Cursor cursor;
    private final String name;

    private ScriptParser(final Source source, final String name)
    {
        this.cursor = new Cursor(source);
        this.name = name;
    }

    /**
     * Read a script.
     *
     * @param path       of its file.
     * @param symbols    words to be replaced by texts.
     * @param conditions names for which {@code #ifdef} holds.
     * @return the script.
     * @throws ScriptException when it cannot be read.
     */
    public static Script parse(final Path path, final Map<String, String> symbols, final Set<String> conditions)
    {
        final Source source = Source.of(path, new HashMap<>(symbols), conditions);
        return new ScriptParser(source, path.toString()).script(profile(source));
    }

    private static String profile(final Source source)
    {
        final Matcher matcher = PROFILE.matcher(source.text());
        if (!matcher.find())
        {
            return null;
        }
        if (!PROFILES.contains(matcher.group(1)))
        {
            throw new ScriptException(source.position(matcher.start(1)), "'" + matcher.group(1) +
                "' is no profile: there are linux, freebsd and neutral");
        }
        return matcher.group(1);
    }

    private Script script(final String profile)
    {
        final List<Script.Option> options = options();
        final String init = cursor.accept("`") ? cursor.until("`", "this command") : null;
        final List<Script.Event> events = new ArrayList<>();
        while (!cursor.isEnd() && cursor.peek() != '`')
        {
            events.add(event());
            if (events.size() > MAX_EVENTS)
            {
                throw cursor.wrong("more than " + MAX_EVENTS + " events");
            }
        }
        if (events.isEmpty())
        {
            throw cursor.wrong("a script without events: it needs at least one, at time 0");
        }
        final String cleanup = cursor.accept("`") ? cursor.until("`", "this command") : null;
        if (!cursor.isEnd())
        {
            throw cursor.expected("the end of the script after its final command");
        }
        EventTimes.check(events);
        return new Script(name, List.copyOf(options), profile, init, List.copyOf(events), cleanup);
    }

    private List<Script.Option> options()
    {
        final List<Script.Option> options = new ArrayList<>();
        while (cursor.sees("--"))
        {
            final Position at = cursor.position();
            cursor.expect("--");
            final String option = cursor.run((c) -> Cursor.isWordPart(c) || c == '-');
            if (option.isEmpty())
            {
                throw cursor.expected("the name of an option");
            }
            final String value = cursor.touches('=') ? cursor.restOfLine().substring(1) : "";
            options.add(new Script.Option(at, option, value.strip()));
        }
        return options;
    }

    private Script.Event event()
    {
        final Position at = cursor.position();
        final int start = cursor.offset();
        final When when = when();
        When end = null;
        if (cursor.accept("..."))
        {
            end = when instanceof When.After ? new When.After(time()) : new When.At(time());
        }
        final Action action = action(end);
        final Script.Event event = new Script.Event(at, when, action, cursor.slice(start, cursor.offset()));
        EventTimes.checkForm(event, end != null);
        return event;
    }

    private long time()
    {
        cursor.accept("+");
        return cursor.seconds();
    }

    private When when()
    {
        if (cursor.accept("*"))
        {
            return new When.Any();
        }
        if (cursor.accept("+"))
        {
            final long us = cursor.seconds();
            return cursor.accept("~") ? new When.AfterBetween(us, time()) : new When.After(us);
        }
        if (cursor.peek() == '.' || Character.isDigit(cursor.peek()))
        {
            final long us = cursor.seconds();
            return cursor.accept("~") ? new When.Between(us, cursor.seconds()) : new When.At(us);
        }
        throw cursor.expected("the time of an event: 1.5, +.1, * or a range");
    }

    private Action action(final When end)
    {
        if (cursor.accept("<"))
        {
            return new PacketParser(cursor).packet(false);
        }
        if (cursor.accept(">"))
        {
            return new PacketParser(cursor).packet(true);
        }
        if (cursor.accept("`"))
        {
            return new Action.Shell(cursor.until("`", "this command"));
        }
        if (cursor.accept("%{"))
        {
            return new Action.Code(cursor.until("}%", "this code"));
        }
        return call(end);
    }

    private Action call(final When end)
    {
        final ExprParser parser = new ExprParser(cursor);
        final String function = cursor.word("a packet (< or >), a system call, `a command` or %{ code }%");
        cursor.expect("(");
        final List<Expr> arguments = parser.list(")");
        cursor.expect("=");
        final Expr result = parser.expr();
        final String errno = Character.isLetter(cursor.peek()) ? cursor.word("the name of an error") : null;
        while (cursor.accept("("))
        {
            cursor.until(")", "this note");
        }
        return new Action.Call(function, arguments, result, errno, end);
    }
}
