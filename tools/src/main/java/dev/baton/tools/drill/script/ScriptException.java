package dev.baton.tools.drill.script;

/**
 * A script that cannot be read: where, and what would have been right there.
 */
public final class ScriptException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final transient Position position;
    private final String problem;

    /**
     * A script that cannot be read.
     *
     * @param position of the fault.
     * @param problem  what is wrong, and what was expected.
     */
    public ScriptException(final Position position, final String problem)
    {
        super(position + ": " + problem);
        this.position = position;
        this.problem = problem;
    }

    /**
     * Where it is.
     *
     * @return file, line and column.
     */
    public Position position()
    {
        return position;
    }

    /**
     * What is wrong.
     *
     * @return without the position.
     */
    public String problem()
    {
        return problem;
    }
}
