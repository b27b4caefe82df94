package dev.baton.tools.drill.run;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class FormulaTest
{
    private static double value(final String text)
    {
        return new Formula(text, FormulaTest::variable).value();
    }

    private static double variable(final String name)
    {
        final Double value = Map.of("a", 5.0, "b", 7.0).get(name);
        if (value == null)
        {
            throw new UnsupportedScript(UnsupportedReason.VARIABLE, name);
        }
        return value;
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "1 + 2 * 3; 7", "(1 + 2) * 3; 9", "7 // 2; 3", "-7 // 2; -4", "-7 % 3; 2", "7 / 2; 3.5", "1 << 4 | 1; 17", "6 & 3; 2", "~0; -1",
        "0x10; 16", "a == 5; 1", "a == 5 and b == 8; 0", "a == 6 or b == 7; 1", "not a == 6; 1", "not not a == 6; 0", "4 < a < 6; 1",
        "4 < a < 5; 0", "a in (1, 5); 1", "a not in [1, 5]; 0", "abs(a - b) <= 2; 1", "min(a, b, 3); 3", "max(a, b); 7", "True; 1",
        "a == 5, a; 1", "- - 3; 3", "2 ^ 3; 1", "int(7 / 2); 3"})
    void shouldCountAsPythonDoes(final String text, final double expected)
    {
        assertEquals(expected, value(text), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 +", "a b", "f(1)", "(1", "a.b", "[1]", "a == 'x'", "a in b", "lambda: 1"})
    void shouldNotPretendToKnowMore(final String text)
    {
        assertThrows(UnsupportedScript.class, () -> value(text.isEmpty() ? " " : text));
    }

    @Test
    void shouldTellWhatItHasLookedAt()
    {
        final Formula formula = new Formula("a == b", (name) -> "a".equals(name) ? 1.5 : 2);
        assertEquals(0, formula.value());
        assertEquals("a = 1.5, b = 2", formula.seen());
    }

    @Test
    void shouldNotFollowBracketsWithoutEnd()
    {
        assertThrows(UnsupportedScript.class, () -> value("(".repeat(400) + "1" + ")".repeat(400)));
    }
}
