package dev.baton.tools.drill.script;

import java.util.List;

/** An argument or a result of a system call, as it is written. */
public sealed interface Expr
{
    /** A number, decimal, hexadecimal or negative. */
    record Int(long value) implements Expr
    {
    }

    /** A name that has a value: {@code SOCK_STREAM}. */
    record Word(String name) implements Expr
    {
    }

    /** A text; {@code open} when three dots follow it, so that only the beginning counts. */
    record Text(String value, boolean open) implements Expr
    {
    }

    /** {@code a|b|c}. */
    record Or(List<Expr> parts) implements Expr
    {
    }

    /** {@code [a, b]}. */
    record Array(List<Expr> items) implements Expr
    {
    }

    /** {@code ...}: any buffer, or the address that is usual there. */
    record Any() implements Expr
    {
    }

    /** {@code {a, b}}: values without names. */
    record Tuple(List<Expr> items) implements Expr
    {
    }

    /** {@code {name=a, name(n)=b}}: values with names. */
    record Struct(List<Field> fields) implements Expr
    {
        /**
         * The value of a field.
         *
         * @param name of it.
         * @return null when it is not there.
         */
        public Expr get(final String name)
        {
            for (final Field field : fields)
            {
                if (field.name().equals(name))
                {
                    return field.value();
                }
            }
            return null;
        }
    }

    /**
     * A field of a structure.
     *
     * @param name   of it.
     * @param length what stands in parentheses after the name; null when nothing does.
     * @param value  of it.
     */
    record Field(String name, Expr length, Expr value)
    {
    }

    /** {@code htons(8080)}. */
    record Apply(String function, List<Expr> arguments) implements Expr
    {
    }
}
