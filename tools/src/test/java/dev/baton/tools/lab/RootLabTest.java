package dev.baton.tools.lab;

import static dev.baton.tools.lab.LabRig.assertPings;
import static dev.baton.tools.lab.LabRig.baton;
import static dev.baton.tools.lab.LabRig.counter;
import static dev.baton.tools.lab.LabRig.namespaces;
import static dev.baton.tools.lab.LabRig.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Json;
import dev.baton.tools.host.Rights;
import dev.baton.tools.host.TunAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("lab")
class RootLabTest
{
    private static final String NAME = "roottest";

    @TempDir
    private Path temporary;

    private Path runDir;

    @BeforeEach
    void needRoot()
    {
        assumeTrue(Rights.current().canMakeNamespaces(), "needs root: makes network namespaces");
        assumeTrue(TunAccess.problem().isEmpty(), "needs /dev/net/tun");
        runDir = temporary.resolve("run");
    }

    @AfterEach
    void takeAway()
    {
        if (Rights.current().canMakeNamespaces())
        {
            Lab.down(NAME, LabMode.ROOT, runDir);
        }
    }

    @Test
    void shouldJoinAllHostsInBothFamiliesAndTheNodesOnTheManagementNetwork() throws Exception
    {
        final Lab lab = up();
        for (final String node : lab.config().nodes())
        {
            assertPings(lab, "client", lab.addresses().kernel4(node));
            assertPings(lab, "client", lab.addresses().kernel6(node));
        }
        assertPings(lab, "front", lab.addresses().mgmt4("b1"));
        assertNotEquals(0, run(lab.exec("client", "ping", "-c", "1", "-W", "1", lab.addresses().mgmt4("b1"))).exitCode(),
            "the client must not reach the management network");
    }

    @Test
    void shouldRouteStackAddressesAndVipToTheTunAndConfigureThemNowhere() throws Exception
    {
        final Lab lab = up();
        final LabAddresses addresses = lab.addresses();
        for (final String address : List.of(addresses.stack4("front"), addresses.stack6("front"), lab.vip4(), lab.vip6()))
        {
            final String route = run(lab.exec("front", "ip", "route", "get", address)).out();
            assertTrue(route.contains("dev bt0"), route);
        }
        final String hop = run(lab.exec("net", "ip", "route", "get", lab.vip4())).out();
        assertTrue(hop.contains("via " + lab.addresses().kernel4("front")), hop);
        final String link = run(lab.exec("b1", "ip", "-d", "link", "show", "bt0")).out();
        assertTrue(link.contains("vnet_hdr on") && link.contains("qlen 5000") && link.contains("persist on"), link);
        assertTrue(link.contains("user root"), link);
    }

    @Test
    void shouldLetABackSpeakToTheClientFromTheVipPastTheFront() throws Exception
    {
        final Lab lab = up();
        assertEquals(0, run(lab.exec("b1", "ip", "addr", "add", lab.vip4() + "/32", "dev", "lo")).exitCode());
        final long before = counter(lab, "client", "Icmp", "InEchos");
        final long forwarded = counter(lab, "front", "Ip", "ForwDatagrams");
        run(lab.exec("b1", "ping", "-c", "1", "-W", "1", "-I", lab.vip4(), lab.addresses().kernel4("client")));
        assertEquals(before + 1, counter(lab, "client", "Icmp", "InEchos"));
        assertEquals(forwarded + 1, counter(lab, "front", "Ip", "ForwDatagrams"), "only the answer goes by the front");
    }

    @Test
    void shouldDoNothingWhenItIsUpAlready() throws Exception
    {
        final String inode = run(up().exec("front", "readlink", "/proc/self/ns/net")).out();
        assertEquals(inode, run(up().exec("front", "readlink", "/proc/self/ns/net")).out());
        final CliError error = assertThrows(CliError.class, () -> Lab.up(config().withBacks(2), LabMode.ROOT, runDir));
        assertEquals(ExitCodes.REFUSED, error.exitCode());
        assertEquals(inode, run(Lab.attach(runDir).exec("front", "readlink", "/proc/self/ns/net")).out());
    }

    @Test
    void shouldRemoveAllThatItMadeAndEndWhatRunsInside() throws Exception
    {
        final Lab lab = up();
        final Process sleeper = lab.exec("b1", "sh", "-c", "echo on; exec sleep 1000").start();
        assertEquals("on", sleeper.inputReader().readLine());
        final Process stubborn = lab.exec("b1", "sh", "-c", "trap '' TERM; echo on; while :; do sleep 1000; done").start();
        assertEquals("on", stubborn.inputReader().readLine());
        lab.down();
        assertTrue(sleeper.waitFor(5, TimeUnit.SECONDS));
        assertTrue(stubborn.waitFor(5, TimeUnit.SECONDS));
        assertEquals(List.of(), namespaces(NAME));
        assertFalse(Files.exists(runDir));
        lab.down();
    }

    @Test
    void shouldBeTakenAwayByNameWhenItsRunDirectoryIsGone() throws Exception
    {
        up();
        Files.delete(LabJournal.fileIn(runDir));
        Lab.down(NAME, LabMode.ROOT, temporary.resolve("other"));
        assertEquals(List.of(), namespaces(NAME));
    }

    @Test
    void shouldNotTakeAwayAnotherLabByAMixedUpDirectory() throws Exception
    {
        final Lab lab = up();
        assertEquals(ExitCodes.REFUSED,
            assertThrows(CliError.class, () -> Lab.down("other", LabMode.ROOT, runDir)).exitCode());
        assertPings(lab, "client", lab.addresses().kernel4("b1"));
        assertEquals(ExitCodes.OK, baton("lab", "down", "--run-dir", runDir.toString()).exitCode());
        assertEquals(List.of(), namespaces(NAME));
    }

    @Test
    void shouldRollBackWhenAStepFails() throws Exception
    {
        final LabConfig config = config().withSetting("node", "a", "b");
        final Path blocker = Path.of("/run/netns", "baton-" + NAME + "-net");
        Files.createDirectories(blocker.getParent());
        // A directory where ip(8) wants a file makes the fourth namespace fail, after three have been made.
        Files.createDirectory(blocker);
        try
        {
            final CliError error = assertThrows(CliError.class, () -> Lab.up(config, LabMode.ROOT, runDir));
            assertTrue(error.getMessage().contains("baton-" + NAME + "-net"), error.getMessage());
        }
        finally
        {
            Files.deleteIfExists(blocker);
        }
        assertEquals(List.of(), namespaces(NAME));
        assertFalse(LabJournal.isIn(runDir));
    }

    @Test
    void shouldGiveAnOrdinaryUserItsDeviceAndItsFiles() throws Exception
    {
        final Lab lab = Lab.up(LabFile.parse("test", List.of("lab.name = " + NAME, "lab.backs = 1", "lab.user = nobody")),
            LabMode.ROOT, runDir);
        assertTrue(run(lab.exec("b1", "ip", "-d", "link", "show", "bt0")).out().contains("user nobody"));
        final String who = run(lab.execUnprivileged("b1", List.of("sh", "-c", "id -u; grep CapEff /proc/self/status"))).out();
        assertTrue(who.startsWith("65534\n") && who.strip().endsWith("0000000000000000"), who);
        assertEquals(65534, Files.getAttribute(lab.nodeDir("b1"), "unix:uid"));
        assertEquals(65534, Files.getAttribute(lab.certificates().keyStore("b1"), "unix:uid"));
        final CliError error = assertThrows(CliError.class, () -> Lab.up(LabFile.parse("test",
            List.of("lab.name = nouser", "lab.user = nosuchuser9")), LabMode.ROOT, temporary.resolve("x")));
        assertEquals(ExitCodes.NOT_FOUND, error.exitCode());
    }

    @Test
    void shouldCutAndMendTheManagementNetwork() throws Exception
    {
        final Lab lab = up();
        lab.cutManagement("b1");
        assertNotEquals(0, run(lab.exec("front", "ping", "-c", "1", "-W", "1", lab.addresses().mgmt4("b1"))).exitCode());
        lab.mendManagement("b1");
        assertPings(lab, "front", lab.addresses().mgmt4("b1"));
    }

    @Test
    void shouldChangeNothingWhenTheLabFileIsBroken() throws Exception
    {
        final Path file = Files.writeString(temporary.resolve("lab.conf"), "lab.name = " + NAME + "\nlab.backs = many\n");
        final LabRig.Ran ran = baton("lab", "up", "-f", file.toString(), "--run-dir", runDir.toString());
        assertEquals(ExitCodes.USAGE, ran.exitCode());
        assertEquals("", ran.out());
        assertTrue(ran.err().contains("lab.conf, line 2: lab.backs = 'many'"), ran.err());
        assertEquals(List.of(), namespaces(NAME));
        assertFalse(Files.exists(runDir));
    }

    @Test
    void shouldRefuseARunDirectoryWithForeignFiles() throws Exception
    {
        Files.createDirectories(runDir);
        final Path precious = Files.writeString(runDir.resolve("precious"), "x");
        assertEquals(ExitCodes.REFUSED, assertThrows(CliError.class, this::up).exitCode());
        assertTrue(Files.exists(precious));
    }

    @Test
    void shouldServeTheCommandLine() throws Exception
    {
        final Path file = Files.write(temporary.resolve("lab.conf"), LabFile.write(config()));
        final String[] where = {"-f", file.toString(), "--run-dir", runDir.toString()};
        assertEquals(ExitCodes.NOT_FOUND, baton(with(where, "lab", "status")).exitCode());
        final LabRig.Ran up = baton(with(where, "lab", "up", "--json"));
        assertEquals(ExitCodes.OK, up.exitCode(), up.err());
        final Map<String, Object> document = Json.parseObject(up.out());
        assertEquals(true, document.get("ok"));
        assertEquals(NAME, document.get("lab"));
        final LabRig.Ran status = baton(with(where, "lab", "status"));
        assertTrue(status.out().contains("baton-" + NAME + "-b1"), status.out());
        assertEquals(7, baton(with(where, "lab", "exec", "b1", "--", "sh", "-c", "exit 7")).exitCode());
        assertEquals(ExitCodes.NOT_FOUND, baton(with(where, "lab", "exec", "b9", "--", "true")).exitCode());
        run(Lab.attach(runDir).exec("b1", "ip", "link", "del", "bt0"));
        assertEquals(ExitCodes.CHECK_FAILED, baton(with(where, "lab", "status")).exitCode());
        assertEquals("{\"lab\":\"" + NAME + "\",\"ok\":true,\"removed\":1,\"schema\":1}\n",
            baton(with(where, "lab", "down", "--json")).out());
        assertEquals(ExitCodes.OK, baton(with(where, "lab", "down")).exitCode());
    }

    private Lab up()
    {
        return Lab.up(config(), LabMode.ROOT, runDir).downOnExit();
    }

    private static LabConfig config()
    {
        return LabConfig.defaults().withName(NAME).withBacks(1);
    }

    /** Options go before "--". */
    private static String[] with(final String[] options, final String... words)
    {
        final List<String> all = new ArrayList<>(List.of(words));
        all.addAll(2, List.of(options));
        return all.toArray(new String[0]);
    }
}
