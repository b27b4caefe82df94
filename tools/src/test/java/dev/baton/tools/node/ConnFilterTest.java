package dev.baton.tools.node;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ConnFilterTest
{
    private static final List<Map<String, Object>> LINES = List.of(
        Map.of("id", "a", "state", "ESTAB", "family", 4L),
        Map.of("id", "b", "state", "SYN-RECV", "family", 6L),
        Map.of("id", "c", "state", "TIME-WAIT", "family", 4L),
        Map.of("id", "d", "state", "LISTEN"));

    @ParameterizedTest
    @CsvSource({
        "'', abc",
        "state established, a",
        "state ESTABLISHED state time-wait, ac",
        "state all, abcd",
        "state connected, abc",
        "state synchronized, abc",
        "state bucket, bc",
        "state big, ad",
        "exclude time-wait, ab",
        "state all exclude listening exclude syn-recv, ac",
    })
    void shouldPickByState(final String words, final String ids)
    {
        assertEquals(ids, ids(words, 0));
    }

    @Test
    void shouldPickByFamily()
    {
        assertEquals("ac", ids("", 4));
        assertEquals("b", ids("", 6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"established", "state", "state nonsense", "dport = :80"})
    void shouldRefuseWhatItDoesNotUnderstand(final String words)
    {
        assertThrows(IllegalArgumentException.class, () -> ids(words, 0));
    }

    private static String ids(final String words, final int family)
    {
        final List<String> list = words.isEmpty() ? List.of() : List.of(words.split(" "));
        return ConnFilter.parse(list, family).pick(LINES).stream()
            .map((line) -> String.valueOf(line.get("id")))
            .collect(Collectors.joining());
    }
}
