package dev.baton.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher and the executable jar, as {@code mvn package} has left them. */
@Tag("packaged")
class LauncherTest
{
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Path LAUNCHER = ROOT.resolve("tools/baton");
    private static final Path JAR = ROOT.resolve("tools/target/baton.jar");

    @TempDir
    private Path elsewhere;

    /** How a process ended. */
    private record Ran(int exitCode, String out, String err)
    {
    }

    @BeforeEach
    void needJar()
    {
        assumeTrue(Files.exists(JAR), "needs tools/target/baton.jar: run mvn verify, not mvn test");
    }

    @Test
    void shouldRunFromAnyDirectoryThroughASymbolicLink() throws Exception
    {
        final Path link = Files.createSymbolicLink(elsewhere.resolve("b"), LAUNCHER);
        final Ran ran = run(elsewhere, List.of(link.toString(), "--help"));
        assertEquals(0, ran.exitCode, ran.err);
        assertTrue(ran.out.contains("Usage: baton"), ran.out);
        assertEquals("", ran.err);
    }

    @Test
    void shouldPassExitCodesOn() throws Exception
    {
        assertEquals(2, run(elsewhere, List.of(LAUNCHER.toString(), "nonsense")).exitCode);
        assertEquals(3, run(elsewhere, List.of(LAUNCHER.toString(), "lab", "status", "-f", "/nowhere")).exitCode);
    }

    @Test
    void shouldBecomeTheJvmItself() throws Exception
    {
        final Path pid = elsewhere.resolve("pid");
        final ProcessBuilder builder = new ProcessBuilder("sh", "-c",
            "echo $$ >'" + pid + "'; exec '" + LAUNCHER + "' --version");
        builder.environment().put("BATON_JAVA_OPTS", "-Xlog:logging=debug:file=" +
            elsewhere.resolve("log-%p"));
        assertEquals(0, builder.redirectErrorStream(true).start().waitFor());
        assertTrue(Files.exists(elsewhere.resolve("log-" + Files.readString(pid).strip())));
    }

    @Test
    void shouldRunTheJarWithoutAFlagAndWithoutAWarningOnEveryJavaHere() throws Exception
    {
        for (final Path java : javas())
        {
            final Ran ran = run(elsewhere, List.of(java.toString(), "-jar", JAR.toString(), "doctor", "--json"));
            assertTrue(ran.out.contains("\"id\":\"add-opens\",\"level\":\"ok\""), java + ": " + ran.out);
            assertEquals("", ran.err, java.toString());
        }
    }

    @Test
    void shouldKeepTheEarlyHandoffModuleOutOfTheExecutableJar() throws IOException
    {
        try (JarFile jar = new JarFile(JAR.toFile()))
        {
            assertFalse(jar.stream().anyMatch(entry -> entry.getName().startsWith("dev/baton/handoff/early/")));
            assertEquals(null, jar.getEntry("META-INF/services/dev.baton.stack.intercept.InterceptorModule"));
            final Attributes manifest = jar.getManifest().getMainAttributes();
            assertEquals("java.base/jdk.internal.misc", manifest.getValue("Add-Opens"));
            assertEquals("ALL-UNNAMED", manifest.getValue("Enable-Native-Access"));
        }
        assertTrue(Files.exists(ROOT.resolve("tools/target/modules/early-handoff.jar")));
    }

    @Test
    void shouldSumTheReportsHonestly() throws Exception
    {
        final Path reports = Files.createDirectories(elsewhere.resolve("m/target/surefire-reports"));
        Files.writeString(reports.resolve("TEST-a.xml"), """
            <testsuite name="a" time="1" tests="5" errors="1" skipped="1" failures="1">
              <testcase name="one" classname="a.A" time="0"/>
              <testcase name="two" classname="a.A" time="0">
                <skipped message="no such device"/>
              </testcase>
              <testcase name="three" classname="a.A" time="0">
                <failure message="1 is not 2" type="x">trace</failure>
              </testcase>
            </testsuite>
            """);
        final Ran ran = run(elsewhere, List.of(ROOT.resolve("tools/launcher/summary").toString(), elsewhere.toString()));
        assertEquals(1, ran.exitCode);
        assertTrue(ran.out.contains("skipped: a.A.two: no such device"), ran.out);
        final String closing = "Tests run: 5, Failures: 1, Errors: 1, Skipped: 1\n2 passed, 2 failed, 1 skipped\n";
        assertTrue(ran.out.endsWith(closing), ran.out);
    }

    @Test
    void shouldNotPassWhenNothingRan() throws Exception
    {
        final Ran ran = run(elsewhere, List.of(ROOT.resolve("tools/launcher/summary").toString(), elsewhere.toString()));
        assertEquals(1, ran.exitCode);
    }

    private static List<Path> javas() throws IOException
    {
        final List<Path> javas = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java")));
        final Path all = Path.of("/usr/lib/jvm");
        if (Files.isDirectory(all))
        {
            try (Stream<Path> homes = Files.list(all))
            {
                homes.filter(home -> home.toString().matches(".*(17|21|25).*")).map(home -> home.resolve("bin/java"))
                    .filter(Files::isExecutable).forEach(javas::add);
            }
        }
        return javas;
    }

    private static Ran run(final Path directory, final List<String> command) throws IOException, InterruptedException
    {
        final Path err = Files.createTempFile(directory, "err", "");
        final Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(err));
    }
}
