package dev.baton.tools.drill.script;

/**
 * When an event is to happen. Times are in microseconds: since the start of the script, or since the event before.
 */
public sealed interface When
{
    /** {@code 1.5}: at a time. */
    record At(long us) implements When
    {
    }

    /** {@code +.1}: so long after the event before. */
    record After(long us) implements When
    {
    }

    /** {@code *}: at any time (outbound packets only). */
    record Any() implements When
    {
    }

    /** {@code 1~2}: between two times (outbound packets only). */
    record Between(long fromUs, long toUs) implements When
    {
    }

    /** {@code +1~+2}: between two times after the event before (outbound packets only). */
    record AfterBetween(long fromUs, long toUs) implements When
    {
    }
}
