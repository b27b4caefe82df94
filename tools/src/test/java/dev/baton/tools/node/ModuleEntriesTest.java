package dev.baton.tools.node;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ModuleEntriesTest
{
    private static final Map<String, Object> ENTRY = Map.of(
        "client", "198.18.0.9", "client_port", 4000L, "local", "198.18.0.1", "local_port", 80L,
        "peer", "b1", "epoch", 3L, "phase", "forwarding");

    @Test
    void shouldGiveAConnectionTheEpochAndPhaseThatItsModuleSays()
    {
        final Map<String, Object> connection =
            new TreeMap<>(Map.of("peer", "198.18.0.9", "peer_port", 4000, "epoch", 0, "phase", "serving"));

        assertEquals(List.of(), ModuleEntries.join(List.of(connection), modules(Map.of("back", List.of(ENTRY)))));
        assertEquals(3L, connection.get("epoch"));
        assertEquals("forwarding", connection.get("phase"));
        assertEquals("early", connection.get("module"));
    }

    @Test
    void shouldListAnEntryThatTcpKnowsNothingOf()
    {
        final List<Map<String, Object>> others = ModuleEntries.join(List.of(), modules(Map.of("front", List.of(ENTRY))));

        assertEquals(1, others.size());
        assertEquals("front", others.get(0).get("role"));
        assertEquals("b1", others.get(0).get("owner"));
        assertEquals("198.18.0.9", others.get(0).get("peer"));
    }

    @Test
    void shouldPassOverWhatIsNoEntry()
    {
        assertEquals(List.of(), ModuleEntries.join(List.of(), modules(
            Map.of("counters", Map.of("x", 1L), "list", List.of(1L, "text", Map.of("client", "a")), "text", "x"))));
        assertEquals(List.of(), ModuleEntries.join(List.of(), List.of(Map.of("name", "early", "census", "broken"))));
    }

    private static List<Map<String, Object>> modules(final Map<String, Object> census)
    {
        return List.of(Map.of("name", "early", "census", census));
    }
}
