package dev.baton.stack.state;

/**
 * An image, or a connection that was to become one, was refused; nothing has changed. The message names the field, its
 * value and the rule that it breaks.
 */
public final class StateException extends IllegalArgumentException
{
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * A refusal.
     *
     * @param field name of the field, as in the schema.
     * @param value what it holds.
     * @param rule  what it must be.
     */
    public StateException(final String field, final long value, final String rule)
    {
        this(field, Long.toString(value), rule);
    }

    /**
     * A refusal.
     *
     * @param field name of the field, as in the schema.
     * @param value what it holds, in words.
     * @param rule  what it must be.
     */
    public StateException(final String field, final String value, final String rule)
    {
        super("connection image refused: " + field + " is " + value + "; " + rule);
        this.field = field;
    }

    /**
     * The field that broke a rule.
     *
     * @return its name in the schema.
     */
    public String field()
    {
        return field;
    }
}
