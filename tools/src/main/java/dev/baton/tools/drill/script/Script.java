package dev.baton.tools.drill.script;

import java.util.List;

/**
 * A conformance script.
 *
 * @param name    of its file.
 * @param options in the order of the file.
 * @param profile that a comment names ({@code // profile: linux}); null when none does.
 * @param init    shell command before the first event; null when there is none.
 * @param events  in the order of the file.
 * @param cleanup shell command after the last event; null when there is none.
 */
public record Script(String name, List<Option> options, String profile, String init, List<Event> events, String cleanup)
{
    /**
     * An option at the top of a script.
     *
     * @param at    where it stands.
     * @param name  without dashes.
     * @param value empty when there is none.
     */
    public record Option(Position at, String name, String value)
    {
    }

    /**
     * An event.
     *
     * @param at     where it stands.
     * @param when   it is to happen.
     * @param action what happens.
     * @param text   as it is written, on one line.
     */
    public record Event(Position at, When when, Action action, String text)
    {
    }
}
