package dev.baton.tools.drill.script;

import java.util.List;

/** What happens at an event. */
public sealed interface Action permits PacketSpec, Action.Call, Action.Shell, Action.Code
{
    /**
     * A system call with its result.
     *
     * @param name      of it.
     * @param arguments as written.
     * @param result    expected.
     * @param errno     name of the error expected, or null.
     * @param end       when a blocking call must return; null when it does not block. A duration counts from where the
     *                  event's own time counts.
     */
    record Call(String name, List<Expr> arguments, Expr result, String errno, When end) implements Action
    {
    }

    /** A shell command. */
    record Shell(String command) implements Action
    {
    }

    /** Lines of Python. */
    record Code(String text) implements Action
    {
    }
}
