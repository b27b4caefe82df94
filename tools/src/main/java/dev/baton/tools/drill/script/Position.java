package dev.baton.tools.drill.script;

/**
 * A place in a script.
 *
 * @param file   name of the script, or of what it includes.
 * @param line   from 1.
 * @param column from 1, in characters.
 */
public record Position(String file, int line, int column)
{
    @Override
    public String toString()
    {
        return file + ":" + line + ":" + column;
    }
}
