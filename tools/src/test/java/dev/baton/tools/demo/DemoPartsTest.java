package dev.baton.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.tools.cli.Json;
import dev.baton.tools.host.Cleanup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoPartsTest
{
    private static final RequestPlan PLAN = new RequestPlan(List.of("b1", "b2"));

    @Test
    void shouldPlanAHundredRequestsOfEveryKind()
    {
        final List<CurlCall> all = PLAN.all();
        assertEquals(RequestPlan.REQUESTS, all.stream().mapToInt(call -> call.paths().size()).sum());
        assertEquals(all.size(), all.stream().map(CurlCall::number).distinct().count());
        for (final boolean ip6 : new boolean[]{false, true})
        {
            assertTrue(all.stream().anyMatch(c -> c.ip6() == ip6 && c.head()));
            assertTrue(all.stream().anyMatch(c -> c.ip6() == ip6 && !c.close() && c.paths().size() > 1));
            assertTrue(all.stream().anyMatch(c -> c.ip6() == ip6 &&
                c.paths().get(0).endsWith("/" + Site.name(Site.GREAT))));
            final Set<String> chosen = new HashSet<>();
            all.stream().filter(c -> c.ip6() == ip6).forEach(c -> chosen.add(PLAN.chosen(c.paths().get(0), "front")));
            assertEquals(Set.of("b1", "b2", "front"), chosen);
        }
    }

    @Test
    void shouldTellThePolicyWhatItExpectsOfIt()
    {
        assertEquals("/b1=b1,/b2=b2,*=stay", PLAN.rules());
        assertEquals(List.of("b1", "b2", "home"), PLAN.directories());
        assertEquals("b2", PLAN.chosen("/b2/1.bin", "front"));
        assertEquals("front", PLAN.chosen("/home/1.bin", "front"));
    }

    @Test
    void shouldServeOneFileUnderEveryDirectory(@TempDir final Path root) throws IOException
    {
        final Site site = new Site(root, PLAN.directories());
        for (final String path : List.of("/b1/0.bin", "/b2/65536.bin", "/home/1048576.bin"))
        {
            assertEquals(site.sha256Of(path), Site.sha256(root.resolve(path.substring(1))));
        }
        assertEquals(65_535, Files.size(root.resolve("home/65535.bin")));
    }

    @Test
    void shouldReadWhoAnsweredEachRequest()
    {
        assertEquals(List.of("b1", "", "nginx"), CurlHeaders.servers(List.of(
            "HTTP/1.1 200 OK", "Server: baton/b1", "", "HTTP/1.1 404 Not Found", "Content-Length: 0", "",
            "HTTP/1.1 200 OK",
            "server: nginx", "")));
    }

    @Test
    void shouldFillHolesWithRetransmissions()
    {
        final Coverage coverage = new Coverage(-5);
        final SegmentBuilder segment = new SegmentBuilder().payload(10);
        coverage.add(segment.seq(-5).build());
        coverage.add(segment.seq(15).flags(1).build());
        assertFalse(coverage.isWhole());
        coverage.add(segment.seq(3).flags(0).payload(12).build());
        assertTrue(coverage.isWhole());
        assertTrue(coverage.finSeen());
        assertEquals(30, coverage.bytes());
        coverage.add(segment.seq(-6).build());
        assertFalse(coverage.isWhole());
    }

    @Test
    void shouldAddUpTheModulesThatANodeHad()
    {
        final CensusLog log = new CensusLog();
        final HandoffRecord one = new HandoffRecord("front", "front", "b1", "a", 2, SyntheticRun.CLIENT4, 1, 0, 0, 0,
            "terminated: CLOSED", 1);
        final HandoffRecord two = new HandoffRecord("front", "front", "b1", "b", 2, SyntheticRun.CLIENT4, 2, 0, 0, 0,
            "terminated: CLOSED", 1);
        log.lastWords(new ModuleCensus("front", List.of(one), List.of(), List.of(), Map.of("handoffs", 5L), 0, 0));
        log.now(new ModuleCensus("front", List.of(two), List.of(), List.of(), Map.of("handoffs", 2L), 0, 0));
        log.now(new ModuleCensus("front", List.of(two), List.of(), List.of(), Map.of("handoffs", 3L), 0, 0));
        assertEquals(8, log.counter("front", "handoffs"));
        assertEquals(0, log.counter("b1", "handoffs"));
        assertEquals(List.of(one, two), log.records("front"));
    }

    @Test
    void shouldReadACensus()
    {
        final ModuleCensus census = ModuleCensus.of("front", Json.parseObject("""
            {"back":[],"counters":{"handoffs":1},"front":[{"client":"fd00::1","client_port":5,"epoch":2,"id":"a","local":"fd00::2",
            "local_port":80,"peer":"b1","phase":"forwarding"}],"history":[{"absorbed_segments":0,"acknowledged_us":9,"back":"1.2.3.4",
            "client":"1.2.3.5","client_port":7,"delta":4294967295,"epoch":2,"forwarded_segments":3,"handshake_rtt_us":1,"id":"b",
            "isn_back":1,"isn_front":0,"lived_us":5,"outcome":"terminated: CLOSED","peer":"b1","requested_us":4,"role":"front",
            "vip":"1.2.3.6","vip_port":80}],"history_total":1,"holds_in_use":0,"pending_cancels":0}"""));
        assertEquals(-1, census.history().get(0).delta());
        assertTrue(census.history().get(0).isServed());
        assertEquals(List.of("fd00::1:5 forwarding"), census.front());
        assertFalse(census.isIdle());
        assertTrue(assertThrows(IllegalArgumentException.class,
            () -> ModuleCensus.of("front", Map.of())).getMessage().contains("missing"));
    }

    @Test
    void shouldUndoLastThingsFirstAndEachOnce()
    {
        final List<String> undone = new ArrayList<>();
        final List<String> told = new ArrayList<>();
        final Cleanup cleanup = new Cleanup(told::add);
        cleanup.add(() -> undone.add("lab"));
        cleanup.add(() ->
        {
            throw new IOException("stuck");
        });
        cleanup.add(() -> undone.add("nodes"));
        cleanup.close();
        assertEquals(List.of("nodes", "lab"), undone);
        assertEquals(List.of("cleaning up: stuck"), told);
    }

    @Test
    void shouldDrawAHandoff()
    {
        final List<String> lines = Timeline.of(new SyntheticRun().evidence()).lines();
        final String text = String.join("\n", lines);
        for (final String word : List.of("client", "front", "SYN seq", "SYN/ACK seq", "HANDOFF REQUEST", "HANDOFF ACK",
            "request, rewritten",
            "FIN", "TERMINATION"))
        {
            assertTrue(text.contains(word), text);
        }
        assertTrue(text.indexOf("HANDOFF ACK") < text.indexOf("request, rewritten"), text);
        assertTrue(text.indexOf("HANDOFF REQUEST") < text.indexOf("HANDOFF ACK"), text);
        assertTrue(lines.stream().allMatch(line -> line.length() <= 130), text);
    }

    @Test
    void shouldWriteADocumentThatCanBeReadBack()
    {
        final DemoResult result = new DemoResult(new SyntheticRun().evidence(), "curl 8", false, 1);
        final Map<String, Object> document = Json.parseObject(Json.write(result.document()));
        assertEquals(28, ((List<?>)document.get("checks")).size());
        assertEquals(false, document.get("ok"), "seven requests are no hundred");
        final Map<?, ?> digest = (Map<?, ?>)((List<?>)document.get("sha256")).get(0);
        assertEquals(digest.get("file"), digest.get("curl"));
        assertEquals(7L, ((Map<?, ?>)document.get("requests")).get("total"));
    }
}
