package dev.baton.tools.lab;

import static dev.baton.tools.lab.LabRig.namespaces;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.tools.host.Rights;
import dev.baton.tools.host.TunAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A JVM that makes a lab is ended in the middle: once it has journalled a certain line. */
@Tag("lab")
class CrashedLabTest
{
    private static final String NAME = "crashtest";

    @TempDir
    private Path temporary;

    @BeforeEach
    void needRoot()
    {
        assumeTrue(Rights.current().canMakeNamespaces(), "needs root: makes network namespaces");
        assumeTrue(TunAccess.problem().isEmpty(), "needs /dev/net/tun");
    }

    @ParameterizedTest
    @CsvSource({"ROOT, mode", "ROOT, netns", "ROOT, inode", "ROOTLESS, mode", "ROOTLESS, holder", "ROOTLESS, netns"})
    void shouldLeaveNothingAfterDown(final LabMode mode, final String line) throws Exception
    {
        final Path runDir = temporary.resolve("run");
        final Process maker = startUp(mode, runDir);
        awaitJournal(runDir, line, maker);
        maker.destroyForcibly().waitFor();
        Lab.down(NAME, mode, runDir);
        assertNothingIsLeft(runDir);
        Lab.up(config(), mode, runDir).down();
        assertNothingIsLeft(runDir);
    }

    @ParameterizedTest
    @CsvSource({"ROOT, netns", "ROOTLESS, holder"})
    void shouldRollBackByItselfWhenItIsTerminated(final LabMode mode, final String line) throws Exception
    {
        final Path runDir = temporary.resolve("run");
        final Process maker = startUp(mode, runDir);
        awaitJournal(runDir, line, maker);
        maker.destroy();
        maker.waitFor();
        if (!Lab.isUp(runDir))
        {
            assertNothingIsLeft(runDir);
        }
        Lab.down(NAME, mode, runDir);
    }

    private static Process startUp(final LabMode mode, final Path runDir) throws Exception
    {
        final Path file = Files.write(runDir.resolveSibling("lab.conf"), LabFile.write(config()));
        final List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
            "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "dev.baton.tools.Main",
            "lab", "up", "-f", file.toString(), "--run-dir", runDir.toString()));
        if (mode == LabMode.ROOTLESS)
        {
            command.add("--rootless");
        }
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void awaitJournal(final Path runDir, final String line, final Process maker) throws Exception
    {
        boolean seen = false;
        while (!seen && maker.isAlive())
        {
            seen = LabJournal.isIn(runDir) && Files.readString(LabJournal.fileIn(runDir)).contains(line + " ");
            LockSupport.parkNanos(200_000);
        }
        assertTrue(seen, "the maker ended before it wrote '" + line + "'");
    }

    private static void assertNothingIsLeft(final Path runDir) throws Exception
    {
        assertEquals(List.of(), namespaces(NAME));
        assertFalse(Files.exists(runDir), "run directory");
        final String mark = LabHolder.MARK + "=" + runDir;
        assertEquals(0, ProcFs.processes(pid -> ProcFs.hasEnvironment(pid, mark)).count(), "holders");
    }

    private static LabConfig config()
    {
        return LabConfig.defaults().withName(NAME).withBacks(1);
    }
}
