package dev.baton.tests.drill;

import dev.baton.tools.drill.DrillJobs;
import dev.baton.tools.drill.ScriptFiles;
import dev.baton.tools.drill.run.Drill;
import dev.baton.tools.drill.run.Mode;
import dev.baton.tools.drill.run.Profile;
import dev.baton.tools.drill.run.Verdict;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** Our own conformance scripts, in every mode that they allow. */
class ConformanceTest
{
    private static final Path CORPUS = Path.of("src/test/drill");

    private static Drill drill()
    {
        return new Drill(Profile.LINUX, List.of(Mode.values()), Map.of(), true, false, null);
    }

    @TestFactory
    Stream<DynamicTest> shouldDoWhatScriptsSay()
    {
        final Drill drill = drill();
        return ScriptFiles.find(List.of(CORPUS)).stream().map((script) ->
            DynamicTest.dynamicTest(CORPUS.relativize(script).toString(), () -> shouldPass(drill, script)));
    }

    private static void shouldPass(final Drill drill, final Path script)
    {
        final List<Verdict> verdicts = drill.run(script);
        assertFalse(verdicts.isEmpty(), "no mode is allowed");
        for (final Verdict verdict : verdicts)
        {
            assertEquals(Verdict.Kind.PASS, verdict.kind(), verdict::toString);
        }
    }

    @Test
    void shouldGiveTheSameVerdictsTwice() throws InterruptedException
    {
        final List<Path> scripts = ScriptFiles.find(List.of(CORPUS.resolve("rexmit"), CORPUS.resolve("tlp")));
        assertEquals(DrillJobs.run(drill(), scripts, 1), DrillJobs.run(drill(), scripts, 2));
    }
}
