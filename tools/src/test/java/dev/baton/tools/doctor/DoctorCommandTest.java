package dev.baton.tools.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baton.tools.Main;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DoctorCommandTest
{
    @Test
    void shouldNameTheMendOfEverythingThatIsNotWell()
    {
        for (final Diagnosis diagnosis : Checks.all().stream().map(Supplier::get).toList())
        {
            if (diagnosis.level() != Diagnosis.Level.OK)
            {
                assertFalse(diagnosis.mend().isEmpty(), diagnosis.toString());
            }
            assertFalse(diagnosis.text().isEmpty(), diagnosis.toString());
        }
    }

    @Test
    void shouldUseEachIdOnce()
    {
        final List<String> ids = Checks.all().stream().map(Supplier::get).map(Diagnosis::id).toList();
        assertEquals(ids.size(), ids.stream().distinct().count(), ids.toString());
    }

    @Test
    void shouldGiveOneDocumentWhoseVerdictIsItsExitCode()
    {
        final StringWriter out = new StringWriter();
        final int exitCode = Main.run(new PrintWriter(out), new PrintWriter(new StringWriter()), "doctor", "--json");
        final Map<String, Object> document = Json.parseObject(out.toString());
        assertEquals(exitCode == ExitCodes.OK, document.get("ok"));
        final List<?> checks = (List<?>)document.get("checks");
        assertTrue(checks.size() > 10, checks.toString());
        assertEquals(document.get("ok"), checks.stream().allMatch(check -> Boolean.TRUE.equals(((Map<?, ?>)check).get("ok"))));
    }
}
