package dev.baton.tools.drill.script;

import java.util.ArrayList;
import java.util.List;

/** Arguments and results of system calls. */
final class ExprParser
{
    private static final int MAX_DEPTH = 32;
    private static final int MAX_ITEMS = 4096;

    private final Cursor cursor;
    private int depth;

    ExprParser(final Cursor cursor)
    {
        this.cursor = cursor;
    }

    /** An expression. */
    Expr expr()
    {
        if (++depth > MAX_DEPTH)
        {
            throw cursor.wrong("brackets are nested deeper than " + MAX_DEPTH);
        }
        final Expr first = single();
        Expr whole = first;
        if (cursor.peek() == '|')
        {
            final List<Expr> parts = new ArrayList<>(List.of(first));
            while (cursor.accept("|"))
            {
                parts.add(single());
            }
            whole = new Expr.Or(parts);
        }
        depth--;
        return whole;
    }

    /** Expressions with commas between them, up to a closing bracket, which is passed over. */
    List<Expr> list(final String close)
    {
        final List<Expr> items = new ArrayList<>();
        if (cursor.accept(close))
        {
            return items;
        }
        do
        {
            items.add(expr());
            if (items.size() > MAX_ITEMS)
            {
                throw cursor.wrong("more than " + MAX_ITEMS + " values in one list");
            }
        }
        while (cursor.accept(","));
        cursor.expect(close);
        return items;
    }

    private Expr single()
    {
        final char c = cursor.peek();
        if (cursor.accept("..."))
        {
            return new Expr.Any();
        }
        if (c == '-')
        {
            cursor.expect("-");
            return new Expr.Int(-cursor.number("a number", Long.MAX_VALUE));
        }
        if (Character.isDigit(c))
        {
            return new Expr.Int(cursor.number("a number", Long.MAX_VALUE));
        }
        return switch (c)
        {
            case '"' -> text();
            case '[' ->
            {
                cursor.expect("[");
                yield new Expr.Array(list("]"));
            }
            case '{' -> braces();
            case '(' ->
            {
                cursor.expect("(");
                final Expr inner = expr();
                cursor.expect(")");
                yield inner;
            }
            default -> wordOrCall();
        };
    }

    private Expr wordOrCall()
    {
        final String name = cursor.word("a value");
        if (cursor.touches('('))
        {
            cursor.expect("(");
            return new Expr.Apply(name, list(")"));
        }
        return new Expr.Word(name);
    }

    private Expr text()
    {
        cursor.expect("\"");
        final StringBuilder value = new StringBuilder();
        while (!cursor.touches('"'))
        {
            value.append(cursor.run((c) -> c != '"' && c != '\\' && c != '\n'));
            if (cursor.touches('\\'))
            {
                cursor.expect("\\");
                value.append(escape());
            }
            else if (!cursor.touches('"'))
            {
                throw cursor.wrong("this text does not end on its line");
            }
        }
        cursor.expect("\"");
        return new Expr.Text(value.toString(), cursor.accept("..."));
    }

    private char escape()
    {
        final String rest = cursor.run(new OneCharacter());
        return switch (rest)
        {
            case "n" -> '\n';
            case "r" -> '\r';
            case "t" -> '\t';
            case "0" -> '\0';
            case "x" -> (char)Integer.parseInt(hexPair(), 16);
            case "\\", "\"" -> rest.charAt(0);
            default -> throw cursor.wrong("\\" + rest + " means nothing: there are \\n \\r \\t \\0 \\xHH \\\\ and \\\"");
        };
    }

    private String hexPair()
    {
        final String digits = cursor.run(new HexPair());
        if (digits.length() != 2)
        {
            throw cursor.wrong("\\x needs two hexadecimal digits");
        }
        return digits;
    }

    /** Takes one character of any kind. */
    private static final class OneCharacter implements java.util.function.IntPredicate
    {
        private boolean taken;

        @Override
        public boolean test(final int c)
        {
            final boolean first = !taken;
            taken = true;
            return first;
        }
    }

    /** Takes two hexadecimal digits. */
    private static final class HexPair implements java.util.function.IntPredicate
    {
        private int taken;

        @Override
        public boolean test(final int c)
        {
            return taken++ < 2 && Character.digit(c, 16) >= 0;
        }
    }

    /** A structure when its first value has a name, otherwise a tuple. */
    private Expr braces()
    {
        cursor.expect("{");
        final List<Expr> items = new ArrayList<>();
        final List<Expr.Field> fields = new ArrayList<>();
        if (cursor.accept("}"))
        {
            return new Expr.Tuple(items);
        }
        do
        {
            final Position at = cursor.position();
            final Expr first = expr();
            if (cursor.accept("="))
            {
                fields.add(field(first, at));
            }
            else
            {
                items.add(first);
            }
            if (!items.isEmpty() && !fields.isEmpty())
            {
                throw new ScriptException(at, "values with and without names in one pair of braces");
            }
        }
        while (cursor.accept(","));
        cursor.expect("}");
        return fields.isEmpty() ? new Expr.Tuple(items) : new Expr.Struct(fields);
    }

    private Expr.Field field(final Expr name, final Position at)
    {
        if (name instanceof Expr.Word word)
        {
            return new Expr.Field(word.name(), null, expr());
        }
        if (name instanceof Expr.Apply apply && apply.arguments().size() == 1)
        {
            return new Expr.Field(apply.function(), apply.arguments().get(0), expr());
        }
        throw new ScriptException(at, "before '=' stands the name of a field");
    }
}
