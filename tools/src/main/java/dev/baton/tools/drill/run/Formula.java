package dev.baton.tools.drill.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An expression of Python over numbers: {@code or}, {@code and}, {@code not}, chains of comparisons, {@code in} with
 * a tuple, bits,
 * arithmetic, {@code abs}, {@code min} and {@code max}. One method for each level of binding, loosest first. Truth is 1 and 0.
 */
final class Formula
{
    private static final Pattern TOKEN = Pattern.compile(
        "\\s*(0[xX][0-9a-fA-F]+|\\d+\\.?\\d*(?:[eE][+-]?\\d+)?|\\.\\d+|[A-Za-z_]\\w*|\"[^\"]*\"|'[^']*'|[<>=!]=|<<|>>|//|\\*\\*|\\S)");
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", ">", "<=", ">=");
    private static final int MOST_TOKENS = 1000;
    private static final int DEEPEST = 100;

    private final String text;
    private final ToDoubleFunction<String> variables;
    private final List<String> tokens = new ArrayList<>();
    private final TreeMap<String, Double> seen = new TreeMap<>();
    private int at;
    private int depth;

    Formula(final String text, final ToDoubleFunction<String> variables)
    {
        this.text = text;
        this.variables = variables;
        final Matcher matcher = TOKEN.matcher(text.strip());
        while (matcher.find() && tokens.size() < MOST_TOKENS)
        {
            tokens.add(matcher.group(1));
        }
    }

    /** The value; a message after a comma is passed over. */
    double value()
    {
        final double value = or();
        if (at < tokens.size() && !",".equals(tokens.get(at)))
        {
            throw beyond();
        }
        return value;
    }

    /** The variables that were looked at, with their values. */
    String seen()
    {
        final StringBuilder values = new StringBuilder();
        seen.forEach((name, value) -> values.append(values.isEmpty() ? "" : ", ").append(name).append(" = ").append(
            value == Math.rint(value) ? Long.toString((long)(double)value) : Double.toString(value)));
        return values.toString();
    }

    private UnsupportedScript beyond()
    {
        return new UnsupportedScript(UnsupportedReason.CODE, text);
    }

    private boolean accept(final String token)
    {
        final boolean found = at < tokens.size() && tokens.get(at).equals(token);
        at += found ? 1 : 0;
        return found;
    }

    private static double truth(final boolean holds)
    {
        return holds ? 1 : 0;
    }

    private double or()
    {
        if (++depth > DEEPEST)
        {
            throw beyond();
        }
        double value = and();
        while (accept("or"))
        {
            final double right = and();
            value = value != 0 ? value : right;
        }
        depth--;
        return value;
    }

    private double and()
    {
        double value = not();
        while (accept("and"))
        {
            final double right = not();
            value = value == 0 ? value : right;
        }
        return value;
    }

    private double not()
    {
        int count = 0;
        while (accept("not"))
        {
            count++;
        }
        final double value = comparison();
        return count == 0 ? value : truth(value == 0 == (count % 2 == 1));
    }

    private double comparison()
    {
        double left = bits(0);
        boolean holds = true;
        boolean compared = false;
        while (at < tokens.size())
        {
            final String token = tokens.get(at);
            final boolean negated = "not".equals(token);
            if ("in".equals(token) || negated)
            {
                at += negated ? 2 : 1;
                holds &= in(left) != negated;
                compared = true;
                continue;
            }
            if (!COMPARISONS.contains(token))
            {
                break;
            }
            at++;
            final double right = bits(0);
            holds &= compare(token, left, right);
            compared = true;
            left = right;
        }
        return compared ? truth(holds) : left;
    }

    private static boolean compare(final String operator, final double left, final double right)
    {
        return switch (operator)
        {
            case "==" -> left == right;
            case "!=" -> left != right;
            case "<" -> left < right;
            case ">" -> left > right;
            case "<=" -> left <= right;
            default -> left >= right;
        };
    }

    private boolean in(final double left)
    {
        final String close = accept("(") ? ")" : accept("[") ? "]" : null;
        if (close == null)
        {
            throw beyond();
        }
        boolean found = false;
        while (!accept(close))
        {
            found |= or() == left;
            if (!accept(",") && (at >= tokens.size() || !close.equals(tokens.get(at))))
            {
                throw beyond();
            }
        }
        return found;
    }

    private double bits(final int level)
    {
        final List<List<String>> levels =
            List.of(List.of("|"), List.of("^"), List.of("&"), List.of("<<", ">>"),
                List.of("+", "-"), List.of("*", "/", "//", "%"));
        if (level == levels.size())
        {
            return unary();
        }
        double value = bits(level + 1);
        while (at < tokens.size() && levels.get(level).contains(tokens.get(at)))
        {
            final String operator = tokens.get(at++);
            value = operate(operator, value, bits(level + 1));
        }
        return value;
    }

    private static double operate(final String operator, final double left, final double right)
    {
        return switch (operator)
        {
            case "|" -> (long)left | (long)right;
            case "^" -> (long)left ^ (long)right;
            case "&" -> (long)left & (long)right;
            case "<<" -> (long)left << (long)right;
            case ">>" -> (long)left >> (long)right;
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            default -> left - right * Math.floor(left / right);
        };
    }

    private double unary()
    {
        if (accept("-"))
        {
            return -unary();
        }
        if (accept("~"))
        {
            return ~(long)unary();
        }
        return accept("+") ? unary() : primary();
    }

    private double primary()
    {
        if (at >= tokens.size())
        {
            throw beyond();
        }
        final String token = tokens.get(at++);
        if ("(".equals(token))
        {
            final double value = or();
            if (!accept(")"))
            {
                throw beyond();
            }
            return value;
        }
        if (Character.isDigit(token.charAt(0)) || token.charAt(0) == '.' && token.length() > 1)
        {
            return token.startsWith("0x") || token.startsWith("0X") ? Long.decode(token) : Double.parseDouble(token);
        }
        if (!Character.isLetter(token.charAt(0)) && token.charAt(0) != '_')
        {
            throw beyond();
        }
        return accept("(") ? function(token) : named(token);
    }

    private double named(final String name)
    {
        if ("True".equals(name) || "False".equals(name))
        {
            return truth("True".equals(name));
        }
        final double value = variables.applyAsDouble(name);
        seen.put(name, value);
        return value;
    }

    private double function(final String name)
    {
        final List<Double> arguments = new ArrayList<>();
        while (!accept(")"))
        {
            arguments.add(or());
            if (!accept(",") && (at >= tokens.size() || !")".equals(tokens.get(at))))
            {
                throw beyond();
            }
        }
        if (arguments.isEmpty())
        {
            throw beyond();
        }
        return switch (name)
        {
            case "abs" -> Math.abs(arguments.get(0));
            case "int" -> (long)(double)arguments.get(0);
            case "min" -> arguments.stream().mapToDouble(Double::doubleValue).min().getAsDouble();
            case "max" -> arguments.stream().mapToDouble(Double::doubleValue).max().getAsDouble();
            default -> throw beyond();
        };
    }
}
