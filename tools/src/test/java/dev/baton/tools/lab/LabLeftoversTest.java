package dev.baton.tools.lab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.baton.tools.host.Rights;
import dev.baton.tools.host.TunAccess;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
class LabLeftoversTest
{
    private static final String NAME = "lefttest";

    private final Path directory = RunDirectories.of(NAME, LabMode.ROOT);

    @BeforeEach
    void needRoot()
    {
        assumeTrue(Rights.current().canMakeNamespaces(), "needs root: makes a directory in /run");
        RunDirectories.make(directory);
    }

    @AfterEach
    void takeAway()
    {
        if (Rights.current().canMakeNamespaces())
        {
            Lab.down(NAME, LabMode.ROOT, directory);
        }
    }

    @Test
    void shouldFindAndRemoveALabThatWasInterrupted()
    {
        new LabJournal(directory).append("mode root");
        assertTrue(LabLeftovers.find().contains(NAME));
        LabLeftovers.remove(NAME::equals);
        assertFalse(LabJournal.isIn(directory));
        assertFalse(LabLeftovers.find().contains(NAME));
    }

    @Test
    void shouldNotTouchALabThatIsBeingMade() throws Exception
    {
        new LabJournal(directory).append("mode root");
        try (FileChannel channel = FileChannel.open(
            RunDirectories.lockOf(directory), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.lock())
        {
            assertTrue(lock.isValid());
            assertFalse(LabLeftovers.find().contains(NAME));
        }
    }

    @Test
    void shouldNotTouchALabThatIsUp()
    {
        assumeTrue(TunAccess.problem().isEmpty(), "needs /dev/net/tun");
        Lab.up(LabConfig.defaults().withName(NAME).withBacks(1), LabMode.ROOT);
        assertFalse(LabLeftovers.find().contains(NAME));
    }
}
