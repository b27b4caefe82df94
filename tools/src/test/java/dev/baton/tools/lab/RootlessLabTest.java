package dev.baton.tools.lab;

import static dev.baton.tools.lab.LabRig.assertPings;
import static dev.baton.tools.lab.LabRig.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.host.Rights;
import dev.baton.tools.host.TunAccess;
import dev.baton.tools.host.UserNamespaces;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("lab")
class RootlessLabTest
{
    private static final int NOBODY = 65534;

    @TempDir
    private Path temporary;

    private Path runDir;

    @BeforeEach
    void needUserNamespaces()
    {
        assumeTrue(TunAccess.problem().isEmpty(), "needs /dev/net/tun");
        assumeTrue(UserNamespaces.problem().isEmpty(), () -> "needs user namespaces: " + UserNamespaces.problem());
        runDir = temporary.resolve("run");
    }

    @AfterEach
    void takeAway()
    {
        Lab.down("small", LabMode.ROOTLESS, runDir);
    }

    @Test
    void shouldJoinAllHostsInBothFamilies() throws Exception
    {
        final Lab lab = up(runDir);
        assertPings(lab, "client", lab.addresses().kernel4("b1"));
        assertPings(lab, "client", lab.addresses().kernel6("b1"));
        assertPings(lab, "b1", lab.addresses().mgmt4("front"));
        assertTrue(run(lab.exec("b1", "ip", "-d", "link", "show", "bt0")).out().contains("vnet_hdr on"));
        assertEquals(List.of(), LabRig.namespaces("small"), "nothing of it may be seen outside");
    }

    @Test
    void shouldRunCommandsInTheCallersDirectoryWithTheirExitCode() throws Exception
    {
        final LabRig.Ran ran = run(up(runDir).exec("b1", "sh", "-c", "pwd; exit 9"));
        assertEquals(9, ran.exitCode());
        assertEquals(System.getProperty("user.dir"), ran.out().strip());
    }

    @Test
    void shouldDropEveryRightForAnUnprivilegedCommand() throws Exception
    {
        final String status = run(up(runDir).execUnprivileged("b1", List.of("grep", "^Cap", "/proc/self/status"))).out();
        assertEquals(5, status.lines().count(), status);
        assertTrue(status.lines().allMatch(line -> line.endsWith("0000000000000000")), status);
    }

    @Test
    void shouldShowARunDirectoryBelowRunInside() throws Exception
    {
        assumeTrue(Rights.current().canMakeNamespaces(), "needs root: makes a directory in /run");
        final Path below = Path.of("/run/baton-rootless-test");
        try
        {
            final Lab lab = up(below);
            assertEquals(0, run(lab.exec("b1", "test", "-f", lab.nodeConf("b1").toString())).exitCode());
        }
        finally
        {
            Lab.down("small", LabMode.ROOTLESS, below);
        }
        assertFalse(Files.exists(below));
    }

    @Test
    void shouldEndEverythingOnDown() throws Exception
    {
        final Lab lab = up(runDir);
        final Process sleeper = lab.exec("b1", "sh", "-c", "echo on; exec sleep 1000").start();
        assertEquals("on", sleeper.inputReader().readLine());
        final LabHolder holder = new LabJournal(runDir).holder();
        lab.down();
        assertTrue(sleeper.waitFor(5, TimeUnit.SECONDS));
        assertFalse(holder.isAlive());
        assertFalse(Files.exists(runDir));
    }

    @Test
    void shouldEndWhatSurvivedItsHolder() throws Exception
    {
        final Lab lab = up(runDir);
        final Process survivor = lab.exec("b1", "sh", "-c", "echo on; exec sleep 1000").start();
        assertEquals("on", survivor.inputReader().readLine());
        final ProcessHandle holder = ProcessHandle.of(new LabJournal(runDir).holder().pid()).orElseThrow();
        holder.destroyForcibly();
        holder.onExit().join();
        assertEquals(ExitCodes.REFUSED, assertThrows(CliError.class, () -> Lab.attach(runDir)).exitCode());
        Lab.down("small", LabMode.ROOTLESS, runDir);
        assertTrue(survivor.waitFor(5, TimeUnit.SECONDS));
    }

    @Test
    void shouldFindAHolderThatNeverReachedTheJournal() throws Exception
    {
        RunDirectories.make(runDir);
        final LabJournal journal = new LabJournal(runDir);
        journal.append("mode rootless");
        final LabHolder holder = LabHolder.start(runDir, journal);
        Files.writeString(LabJournal.fileIn(runDir), "mode rootless\nholder 12");
        Lab.down("small", LabMode.ROOTLESS, runDir);
        assertFalse(holder.isAlive());
    }

    @Test
    void shouldWorkForAnOrdinaryUser() throws Exception
    {
        assumeTrue(Rights.current().canMakeNamespaces(), "needs root: becomes nobody");
        final Path home = Files.createTempDirectory("baton-nobody");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        final String classPath = copyClassPath(home.resolve("classes"));
        final String where = home.resolve("run").toString();
        try
        {
            final LabRig.Ran up = asNobody(classPath, home, "lab", "up", "--rootless", "--run-dir", where, "--json");
            assertEquals(ExitCodes.OK, up.exitCode(), up.out());
            final LabRig.Ran ping = asNobody(classPath, home,
                "lab", "exec", "--run-dir", where, "client", "--", "ping", "-c", "1", "198.18.3.2");
            final LabRig.Ran down = asNobody(classPath, home, "lab", "down", "--rootless", "--run-dir", where);
            assertEquals(0, ping.exitCode(), ping.out());
            assertEquals(ExitCodes.OK, down.exitCode(), down.out());
            assertFalse(Files.exists(home.resolve("run")));
            final LabRig.Ran root = asNobody(classPath, home, "lab", "up", "--run-dir", where);
            assertEquals(ExitCodes.REFUSED, root.exitCode());
            assertTrue(root.out().contains("--rootless"), root.out());
        }
        finally
        {
            asNobody(classPath, home, "lab", "down", "--rootless", "--run-dir", where);
            deleteTree(home);
        }
    }

    private static Lab up(final Path directory)
    {
        return Lab.up(LabConfig.defaults().withName("small").withBacks(1), LabMode.ROOTLESS, directory).downOnExit();
    }

    private static LabRig.Ran asNobody(final String classPath, final Path home, final String... args) throws Exception
    {
        final List<String> command = new ArrayList<>(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY,
            "--clear-groups", "--inh-caps=-all", System.getProperty("java.home") + "/bin/java",
            "-XX:TieredStopAtLevel=1", "-cp", classPath, "dev.baton.tools.Main"));
        command.addAll(List.of(args));
        final ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().put("HOME", home.toString());
        builder.environment().remove("XDG_RUNTIME_DIR");
        return run(builder);
    }

    /** The checkout may be in a directory that other users cannot enter. */
    private static String copyClassPath(final Path target) throws IOException
    {
        final List<String> copies = new ArrayList<>();
        for (final String entry : System.getProperty("java.class.path").split(":"))
        {
            final Path source = Path.of(entry);
            final boolean needed = entry.matches(".*/(tools|stack)/target/(classes|[^/]*\\.jar)|.*/picocli[^/]*\\.jar");
            if (needed)
            {
                final Path copy = target.resolve(Integer.toString(copies.size()));
                copyTree(source, copy);
                copies.add(copy.toString());
            }
        }
        return String.join(":", copies);
    }

    private static void copyTree(final Path source, final Path target) throws IOException
    {
        Files.createDirectories(target.getParent());
        Files.walkFileTree(source, new SimpleFileVisitor<>()
        {
            @Override
            public FileVisitResult preVisitDirectory(final Path directory, final BasicFileAttributes attributes)
                throws IOException
            {
                Files.createDirectories(target.resolve(source.relativize(directory).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException
            {
                final Path copy = file.equals(source) ? target : target.resolve(source.relativize(file).toString());
                Files.copy(file, copy);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void deleteTree(final Path directory) throws IOException
    {
        try (Stream<Path> tree = Files.walk(directory))
        {
            for (final Path path : tree.sorted(Comparator.reverseOrder()).toList())
            {
                Files.delete(path);
            }
        }
    }
}
