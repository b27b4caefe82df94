package dev.baton.tools.drill.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Lines of Python, as far as scripts use them to look at a connection: {@code assert} with an expression and {@code
 * print}. Whatever
 * else there is makes the script unsupported.
 */
final class CodeBlock
{
    private final Supplier<byte[]> info;

    /**
     * A block.
     *
     * @param info {@code struct tcp_info} of the connection under test at that moment.
     */
    CodeBlock(final Supplier<byte[]> info)
    {
        this.info = info;
    }

    void run(final String text)
    {
        for (final String statement : statements(text))
        {
            if (statement.startsWith("assert") && statement.length() > 6 && !Character.isLetterOrDigit(statement.charAt(6)))
            {
                check(statement.substring(6).strip());
            }
            else if (!statement.startsWith("print") && !"pass".equals(statement))
            {
                throw new UnsupportedScript(UnsupportedReason.CODE, statement);
            }
        }
    }

    private void check(final String text)
    {
        final Formula formula = new Formula(text, this::variable);
        if (formula.value() == 0)
        {
            throw new ScriptFailure("the assertion does not hold", "assert " + text, formula.seen());
        }
    }

    private double variable(final String name)
    {
        if (name.startsWith("tcpi_"))
        {
            return TcpInfoNames.value(name, info.get());
        }
        final Long constant = Constants.find(name);
        if (constant == null)
        {
            throw new UnsupportedScript(UnsupportedReason.VARIABLE, name);
        }
        return constant;
    }

    /** Statements end with a line or a semicolon, but not inside brackets or texts, nor where a backslash stands. */
    private static List<String> statements(final String text)
    {
        final List<String> statements = new ArrayList<>();
        final StringBuilder current = new StringBuilder();
        int depth = 0;
        char quote = 0;
        boolean comment = false;
        for (final char c : (text.replace("\\\n", " ") + "\n").toCharArray())
        {
            comment = c != '\n' && (comment || quote == 0 && c == '#');
            if (comment)
            {
                continue;
            }
            quote = quote == 0 && (c == '"' || c == '\'') ? c : quote == c ? 0 : quote;
            depth += quote != 0 ? 0 : c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (quote == 0 && depth == 0 && (c == '\n' || c == ';'))
            {
                statements.add(current.toString().strip());
                current.setLength(0);
            }
            else
            {
                current.append(c);
            }
        }
        statements.add(current.toString().strip());
        statements.removeIf(String::isEmpty);
        return statements;
    }
}
