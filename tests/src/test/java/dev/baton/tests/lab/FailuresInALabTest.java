package dev.baton.tests.lab;

import dev.baton.tools.host.Rights;
import dev.baton.tools.host.TunAccess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static dev.baton.tests.lab.HandoffLab.B1;
import static dev.baton.tests.lab.HandoffLab.B2;
import static dev.baton.tests.lab.HandoffLab.FRONT;
import static dev.baton.tests.lab.HandoffLab.PEER_DEAD_MS;
import static dev.baton.tests.lab.HandoffLab.SLACK_MS;
import static dev.baton.tests.lab.HandoffLab.USER_TIMEOUT_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * What breaks in the middle of a handed-off download, on real TUN devices: nothing hangs, nothing is left, the next
 * request works.
 */
@Tag("lab")
@Timeout(180)
class FailuresInALabTest
{
    private static final int FAST_BYTES_PER_S = 12 << 20;
    private static final int SLOW_BYTES_PER_S = 5 << 20;

    @TempDir
    static Path directory;
    private static HandoffLab lab;

    @BeforeAll
    static void start() throws IOException, InterruptedException
    {
        assumeTrue(Rights.current().canMakeNamespaces(), "needs root: makes network namespaces");
        assumeTrue(TunAccess.problem().isEmpty(), "needs /dev/net/tun");
        lab = new HandoffLab(directory);
    }

    @AfterAll
    static void end()
    {
        if (lab != null)
        {
            lab.close();
        }
    }

    @Test
    void shouldResetTheClientOfABackThatIsKilled() throws Exception
    {
        final HandoffLab.Download download = lab.download(FAST_BYTES_PER_S);
        assertEquals(1, lab.client(FRONT).liveEntries());

        lab.cluster.process(B1).destroyForcibly().waitFor();

        assertNotEquals(0, download.end(PEER_DEAD_MS + SLACK_MS), "curl cannot have got the whole file");
        lab.awaitNothingLeft(FRONT, SLACK_MS);
        assertTrue(lab.client(FRONT).ask("module", "ls").toString().contains("reset: back dead"));
        assertEquals(B2, lab.ask("/b2/small"));
        assertEquals(FRONT, lab.ask("/b1/small"), "what a dead back should serve stays");

        lab.cluster.start(B1);
        lab.awaitChannels(FRONT, 2);
        assertEquals(B1, lab.ask("/b1/small"));
    }

    @Test
    void shouldGoOnForwardingWhileTheControlChannelIsCut() throws Exception
    {
        final HandoffLab.Download download = lab.download(SLOW_BYTES_PER_S);

        lab.lab.cutManagement(B1);
        lab.awaitChannels(FRONT, 1);
        download.awaitProgress();
        assertEquals(FRONT, lab.ask("/b1/small"), "a back that cannot be asked gets nothing");
        assertEquals(B2, lab.ask("/b2/small"));
        assertTrue(lab.client(FRONT).liveEntries() > 0, "the download is still forwarded");

        lab.lab.mendManagement(B1);
        lab.awaitChannels(FRONT, 2);
        assertEquals(B1, lab.ask("/b1/small"));
        assertEquals(0, download.end(3 * SLACK_MS));
        assertTrue(download.isWhole());
        lab.awaitNothingLeft(FRONT, SLACK_MS);
        lab.awaitNothingLeft(B1, SLACK_MS);
    }

    @Test
    void shouldForgetAClientThatVanishes() throws Exception
    {
        final HandoffLab.Download download = lab.download(SLOW_BYTES_PER_S);

        lab.atClient("ip", "link", "set", "eth0", "down");
        try
        {
            lab.awaitNothingLeft(B1, USER_TIMEOUT_MS + SLACK_MS);
            lab.awaitNothingLeft(FRONT, SLACK_MS);
        }
        finally
        {
            download.process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
            lab.atClient("ip", "link", "set", "eth0", "up");
            lab.atClient("ip", "route", "replace", "default", "via", lab.lab.addresses().router4("client"));
        }
        assertEquals(B1, lab.ask("/b1/small"));
    }
}
