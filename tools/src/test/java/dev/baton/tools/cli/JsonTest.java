package dev.baton.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest
{
    @Test
    void shouldSortKeysAtEveryLevel()
    {
        final Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("z", 1);
        inner.put("a", true);
        final Map<String, Object> outer = new LinkedHashMap<>();
        outer.put("rto_us", 200_000L);
        outer.put("list", List.of(inner));
        assertEquals("{\"list\":[{\"a\":true,\"z\":1}],\"rto_us\":200000}", Json.write(outer));
    }

    @Test
    void shouldEscapeWhatJsonCannotHold()
    {
        assertEquals("\"a\\\"b\\\\c\\n\\u0001\\u007f\"", Json.write("a\"b\\c\n\u0001\u007f"));
    }

    @Test
    void shouldReadBackWhatItWrote()
    {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("text", "ä\t\uD83D\uDE00/");
        document.put("long", Long.MIN_VALUE);
        document.put("real", -1.5e-7);
        document.put("none", null);
        document.put("items", List.of(Map.of(), List.of(), false));
        assertEquals(document, Json.parseObject(Json.write(document)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,]", "{\"a\":1,}", "01", "1 2", "'a'", "{\"a\" 1}", "\"\\x\"", "tru", "-", "\"a\nb\"",
        "NaN", "9223372036854775808", "{\"a\":1,\"a\":2}", "\"\\u12g4\"", "{\"a\":1]"})
    void shouldRefuseWhatIsNotStrictJson(final String text)
    {
        assertThrows(IllegalArgumentException.class, () -> Json.parse(text));
    }

    @Test
    void shouldNameTheOffsetOfAFault()
    {
        final Exception ex = assertThrows(IllegalArgumentException.class, () -> Json.parse("{\"a\":x}"));
        assertTrue(ex.getMessage().contains("offset 5"), ex.getMessage());
    }

    @Test
    void shouldLimitDepth()
    {
        assertThrows(IllegalArgumentException.class, () -> Json.parse("[".repeat(100_000)));
    }

    @Test
    void shouldRefuseNumbersThatJsonCannotHold()
    {
        assertThrows(IllegalArgumentException.class, () -> Json.write(Double.NaN));
    }
}
