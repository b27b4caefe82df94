package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.Expr;

import java.util.List;
import java.util.stream.Collectors;

/** Expressions as scripts write them. */
final class PrintedExpr
{
    private PrintedExpr()
    {
    }

    static String of(final Expr expr)
    {
        if (expr instanceof Expr.Int value)
        {
            return Long.toString(value.value());
        }
        if (expr instanceof Expr.Word word)
        {
            return word.name();
        }
        if (expr instanceof Expr.Text text)
        {
            return '"' + text.value() + '"';
        }
        if (expr instanceof Expr.Or or)
        {
            return joined(or.parts(), "|");
        }
        if (expr instanceof Expr.Array array)
        {
            return "[" + joined(array.items(), ", ") + "]";
        }
        if (expr instanceof Expr.Tuple tuple)
        {
            return "{" + joined(tuple.items(), ", ") + "}";
        }
        if (expr instanceof Expr.Apply apply)
        {
            return apply.function() + "(" + joined(apply.arguments(), ", ") + ")";
        }
        if (expr instanceof Expr.Struct struct)
        {
            return struct.fields().stream().map((field) -> field.name() + "=" + of(field.value()))
                .collect(Collectors.joining(", ", "{", "}"));
        }
        return "...";
    }

    private static String joined(final List<Expr> items, final String separator)
    {
        return items.stream().map(PrintedExpr::of).collect(Collectors.joining(separator));
    }
}
