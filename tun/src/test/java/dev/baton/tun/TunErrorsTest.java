package dev.baton.tun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TunErrorsTest
{
    private static final TunInfo FOREIGN = new TunInfo("tun7", true, true, 1500, true, true, false, true, 1001);

    @Test
    void shouldNameCallDeviceErrnoCauseAndMend()
    {
        final TunException e = new TunException("TUNSETIFF", "tun7", 1, "the cause", "the mend");

        assertEquals("TUNSETIFF tun7: EPERM (Operation not permitted): the cause; to mend: the mend", e.getMessage());
        assertEquals("TUNSETIFF", e.call());
        assertEquals("tun7", e.device());
        assertEquals(1, e.errno());
        assertEquals("EPERM", e.errnoName());
        assertEquals("the cause", e.why());
        assertEquals("the mend", e.mend());
    }

    @Test
    void shouldLeaveOutErrnoThatThereIsNot()
    {
        final TunException e = new TunException("load", "libc", 0, "the cause", "the mend");

        assertEquals("load libc: the cause; to mend: the mend", e.getMessage());
        assertEquals("", e.errnoName());
    }

    @Test
    void shouldNameUnknownErrnoByNumber()
    {
        assertTrue(new TunException("c", "d", 9999, "w", "m").getMessage().contains("errno 9999 (unknown error)"));
    }

    @Test
    void shouldTellHowToMakeDeviceWhenNotPermittedToCreate()
    {
        assertMessage(TunErrors.attach("tun7", TunErrors.EPERM, null, 1000),
            "TUNSETIFF tun7: EPERM", "CAP_NET_ADMIN",
            "run as root, or let root create it: ip tuntap add dev tun7 mode tun multi_queue vnet_hdr user 1000");
    }

    @Test
    void shouldNameOwnerOfForeignDevice()
    {
        assertMessage(TunErrors.attach("tun7", TunErrors.EPERM, FOREIGN, 1000),
            "belongs to user 1001, not to user 1000", "ip tuntap del dev tun7 mode tun multi_queue; ip tuntap add dev tun7");
    }

    @Test
    void shouldExplainBusyAndMismatchedDevice()
    {
        assertMessage(TunErrors.attach("tun7", TunErrors.EBUSY, null, 0), "EBUSY", "only queue", "/proc/*/fdinfo/*");
        assertMessage(TunErrors.attach("tun7", TunErrors.EINVAL, FOREIGN, 0), "EINVAL", "multi_queue with vnet_hdr", "ip tuntap");
        assertMessage(TunErrors.attach("tun7", TunErrors.EINVAL, null, 0), "the device is not known");
        assertMessage(TunErrors.attach("tun7", 12, null, 0), "ENOMEM", "ip tuntap add");
    }

    @Test
    void shouldExplainNodeThatIsMissingOrClosedToUser()
    {
        assertMessage(TunErrors.openNode("/dev/net/tun", TunErrors.ENOENT, 1000),
            "open /dev/net/tun: ENOENT", "no node", "mknod -m 666 /dev/net/tun c 10 200");
        assertMessage(TunErrors.openNode("/dev/net/tun", TunErrors.EACCES, 1000),
            "EACCES", "user 1000 may not open it", "chmod 666 /dev/net/tun");
    }

    @Test
    void shouldExplainDescriptorThatCannotBeAdopted()
    {
        assertMessage(TunErrors.adopt(5, TunErrors.EBADF), "TUNGETIFF descriptor 5: EBADF", "5<>/dev/net/tun");
        assertMessage(TunErrors.adopt(5, TunErrors.ENOTTY), "ENOTTY", "not one of /dev/net/tun");
        assertMessage(TunErrors.adopt(5, TunErrors.EBADFD), "EBADFD", "not attached");
    }

    @Test
    void shouldExplainDeviceThatIsDownOrGone()
    {
        assertMessage(TunErrors.down("tun7"), "tun7: EIO", "down", "ip link set dev tun7 up");
        assertMessage(TunErrors.lost("tun7", TunErrors.EBADFD), "tun7: EBADFD", "deleted", "ip tuntap add dev tun7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "tun%d", "a:b", ".", "..", "tab\t"})
    void shouldRefuseNameThatNoDeviceCanHave(final String name)
    {
        assertEquals(TunErrors.EINVAL, assertThrows(TunException.class, () -> TunErrors.checkName(name)).errno());
    }

    @Test
    void shouldRefuseNameThatTheKernelWouldCut() throws Exception
    {
        TunErrors.checkName("fifteen-letters");
        assertMessage(assertThrows(TunException.class, () -> TunErrors.checkName("sixteen--letters")),
            "sixteen--letters: ENAMETOOLONG", "at most 15 bytes", "shorter");
    }

    @Test
    void shouldRefuseQueuesAndMtuOutOfRange()
    {
        final TunConfig good = TunConfig.attach("tun7");

        assertMessage(refused(good.withQueues(0)), "0 queues", "1 to 256");
        assertMessage(refused(good.withQueues(257)), "257 queues");
        assertMessage(refused(good.withMtu(67)), "MTU of 67", "68 to 65535");
        assertMessage(refused(good.withMtu(65536)), "MTU of 65536");
    }

    private static TunException refused(final TunConfig config)
    {
        return assertThrows(TunException.class, () -> TunErrors.checkConfig(config));
    }

    private static void assertMessage(final TunException e, final String... parts)
    {
        for (final String part : parts)
        {
            assertTrue(e.getMessage().contains(part), () -> "'" + part + "' is not in: " + e.getMessage());
        }
    }
}
