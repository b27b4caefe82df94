package dev.baton.tests.node;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What keeps a node from starting: one clear error each, the right exit code, and nothing left behind. */
@Tag("tun")
@Timeout(120)
class NodeStartTest
{
    private static TestNamespace namespace;

    @TempDir
    Path dir;

    @BeforeAll
    static void make() throws IOException, InterruptedException
    {
        namespace = TestNamespace.make("start");
    }

    @AfterAll
    static void end()
    {
        if (namespace != null)
        {
            namespace.close();
        }
    }

    @BeforeEach
    void deviceIsUp() throws IOException, InterruptedException
    {
        namespace.inside("ip", "link", "set", "bt0", "up");
    }

    @Test
    void shouldRefuseAMissingDevice() throws Exception
    {
        assertRefused(4, "tun.name absent0", "tun.name = absent0\n");
    }

    @Test
    void shouldRefuseADeviceThatIsDown() throws Exception
    {
        namespace.inside("ip", "link", "set", "bt0", "down");

        assertRefused(4, "down", "tun.name = bt0\n");
    }

    @Test
    void shouldRefuseADeviceThatAnotherNodeHas() throws Exception
    {
        final Path first = Files.createDirectory(dir.resolve("first")).resolve("node.conf");
        Files.writeString(first, text("tun.name = bt0\n"));
        try (NodeChild node = NodeChild.start(namespace, first))
        {
            assertRefused(4, "EBUSY", "tun.name = bt0\n");
            assertTrue(node.isAlive());
            assertEquals(0, node.terminate());
        }
    }

    @Test
    void shouldRefuseARunDirectoryInUse() throws Exception
    {
        final Path first = Files.writeString(dir.resolve("node.conf"), text("tun.name = bt0\n"));
        try (NodeChild node = NodeChild.start(namespace, first))
        {
            final Map<String, Object> refusal = NodeChild.refused(namespace, first);

            assertEquals(4L, refusal.get("exit"));
            assertTrue(refusal.get("stderr").toString().contains("belongs to a node that is running"));
            assertEquals("front", node.ask(0, "node", "status").get("node"), "the first one must not notice");
            assertEquals(0, node.terminate());
        }
    }

    @Test
    void shouldReplaceWhatAKilledNodeLeft() throws Exception
    {
        final Path conf = Files.writeString(dir.resolve("node.conf"), text("tun.name = bt0\n"));
        try (NodeChild killed = NodeChild.start(namespace, conf))
        {
            killed.kill();
        }
        assertTrue(Files.exists(dir.resolve("run/admin.sock")));

        try (NodeChild node = NodeChild.start(namespace, conf))
        {
            assertEquals("front", node.ask(0, "node", "status").get("node"));
            assertEquals(0, node.terminate());
        }
    }

    @Test
    void shouldRefuseAModuleThatIsNone() throws Exception
    {
        Files.writeString(dir.resolve("broken.jar"), "no jar");

        assertRefused(2, "not a jar file", "tun.name = bt0\nmodule.broken.jar = broken.jar\n");
    }

    @Test
    void shouldRefuseAModuleUnderAnotherName() throws Exception
    {
        CountingModule.jar(dir.resolve("counting.jar"));

        assertRefused(2, "calls itself counting", "tun.name = bt0\nmodule.other.jar = counting.jar\n");
    }

    @Test
    void shouldRefuseKeysThatCannotBeRead() throws Exception
    {
        Files.writeString(dir.resolve("front.p12"), "no key store");
        Files.writeString(dir.resolve("password"), "secret\n");
        Files.writeString(dir.resolve("ca.pem"), "no certificate");

        assertRefused(2, "control channel of front", "tun.name = bt0\ncontrol.listen = 127.0.0.1:7000\n" +
            "control.keystore = front.p12\ncontrol.keystore.password.file = password\ncontrol.truststore = ca.pem\n");
    }

    private void assertRefused(final int exitCode, final String cause, final String lines) throws Exception
    {
        final Map<String, Object> refusal =
            NodeChild.refused(namespace, Files.writeString(dir.resolve("node.conf"), text(lines)));
        final String errors = refusal.get("stderr").toString();

        assertEquals((long)exitCode, refusal.get("exit"), errors);
        assertTrue(errors.contains(cause), errors);
        assertTrue(errors.contains("\n  mend: "), errors);
        assertFalse(errors.contains("\tat "), errors);
        assertEquals(2, errors.lines().filter((line) -> !line.startsWith("20")).count(), errors);
        assertEquals(false, refusal.get("ok"));
        assertFalse(Files.exists(dir.resolve("run/admin.sock")));
    }

    private static String text(final String lines)
    {
        return "node.name = front\nnode.run.dir = run\nstack.addresses = " + TestNamespace.V4 + "\n" + lines;
    }
}
