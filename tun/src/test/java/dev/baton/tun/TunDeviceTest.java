package dev.baton.tun;

import dev.baton.stack.Packet;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Tag("tun")
@Timeout(60)
class TunDeviceTest
{
    private static final long SYS_SETRESUID = 117;
    private static final int NOBODY = 65534;
    private static final int O_RDWR = 2;
    private static final int F_GETFD = 1;
    private static final int FD_CLOEXEC = 1;
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;

    @Test
    void shouldReadWhatADeviceIs() throws Exception
    {
        NetNs.requireUsers();
        NetNs.run(() ->
        {
            NetNs.sh("ip tuntap add dev t0 mode tun multi_queue vnet_hdr user 1234; ip link set dev t0 mtu 9000");
            NetNs.sh("ip tuntap add dev t1 mode tun; ip link set dev t1 up; ip tuntap add dev tap0 mode tap");

            assertEquals(new TunInfo("t0", true, false, 9000, true, true, false, true, 1234), TunInfo.find("t0").orElseThrow());
            assertEquals(new TunInfo("t1", true, true, 1500, false, false, false, true, -1), TunInfo.find("t1").orElseThrow());
            assertFalse(TunInfo.find("tap0").orElseThrow().tun());
            assertFalse(TunInfo.find("lo").orElseThrow().tun());
            assertTrue(TunDevice.exists("t0"));
            assertFalse(TunDevice.exists("t2"));
        });
    }

    @Test
    void shouldMatchMultiQueueDeviceWithHeader() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0").withQueues(2)))
            {
                assertTrue(device.multiQueue());
                assertTrue(device.vnetHeader());
                assertEquals(2, device.queueCount());
                assertEquals(FD_CLOEXEC, Native.libc().fcntl(device.queue(1).fd(), F_GETFD, 0), "no child inherits a queue");
                assertTrue(Offloads.segmentsTcp(device.offloads()), device::toString);
                assertEquals(65535, device.queue(1).maxGsoBytes());
                assertTrue(device.queue(1).checksumOffload());
            }
        });
    }

    @Test
    void shouldMatchSingleQueueDeviceWithoutHeaderAndNotChangeIt() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "");
            final TunInfo before = TunInfo.find("t0").orElseThrow();
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0")))
            {
                assertFalse(device.multiQueue());
                assertFalse(device.vnetHeader());
                assertEquals(0, device.offloads());
                assertEquals(0, device.queue(0).maxGsoBytes());
                assertFalse(device.queue(0).checksumOffload());
            }
            assertEquals(before, TunInfo.find("t0").orElseThrow());
        });
    }

    @Test
    void shouldBringHeaderToSingleQueueDeviceThatIsClaimed() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "");
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0").claiming()))
            {
                assertTrue(device.vnetHeader());
                assertTrue(Offloads.segmentsTcp(device.offloads()), device::toString);
            }
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0").claiming().withoutOffload()))
            {
                assertFalse(device.vnetHeader());
            }
        });
    }

    @Test
    void shouldTakeMultiQueueDeviceAsItIsEvenWhenClaimed() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue");
            final TunInfo before = TunInfo.find("t0").orElseThrow();
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0").claiming()))
            {
                assertFalse(device.vnetHeader());
            }
            assertEquals(before, TunInfo.find("t0").orElseThrow());
        });
    }

    @Test
    void shouldOpenWithoutHeaderWhenOffloadIsNotWanted() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0").withoutOffload()))
            {
                assertFalse(device.vnetHeader());
                assertFalse(device.queue(0).checksumOffload());
            }
        });
    }

    @Test
    void shouldTakeHeaderThatAnEarlierQueueBroughtEvenWhenNotWanted() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            try (TunDevice first = TunDevice.open(TunConfig.attach("t0"));
                TunDevice second = TunDevice.open(TunConfig.attach("t0").withoutOffload()))
            {
                assertTrue(first.vnetHeader());
                assertTrue(second.vnetHeader());
                assertEquals(0, second.offloads());
                assertEquals(0, second.queue(0).maxGsoBytes());
            }
        });
    }

    @Test
    void shouldCreateDeviceThatEndsWithItsLastQueueUnlessPersistent() throws Exception
    {
        NetNs.requireUsers();
        NetNs.run(() ->
        {
            try (TunDevice device = TunDevice.open(TunConfig.create("t0")))
            {
                assertTrue(device.vnetHeader());
                assertFalse(device.multiQueue());
                assertEquals(1500, device.mtu());
            }
            assertFalse(TunDevice.exists("t0"));

            try (TunDevice device = TunDevice.open(TunConfig.create("t0").withQueues(3)))
            {
                assertTrue(device.multiQueue());
                device.persist(true);
                device.owner(4321);
            }
            final TunInfo info = TunInfo.find("t0").orElseThrow();
            assertTrue(info.persistent());
            assertEquals(4321, info.ownerUid());
        });
    }

    @Test
    void shouldFallBackToNoHeaderWhenTheKernelRefusesIt() throws Exception
    {
        NetNs.run(() ->
        {
            final LibC refusing = new DelegatingLibC()
            {
                @Override
                public int ioctl(final int fd, final long request, final long argument)
                {
                    if (request == TunIoctl.TUNSETIFF)
                    {
                        refuseHeader(new UnsafeBuffer(argument, 40));
                    }
                    return super.ioctl(fd, request, argument);
                }
            };
            try (TunDevice device = new TunOpener(refusing, TunInfo::find).open(TunConfig.create("t0")))
            {
                assertFalse(device.vnetHeader());
                assertEquals("t0", device.name());
            }
        });
    }

    @Test
    void shouldTakeThePoorerOffloadsOfAKernelThatKnowsFewer() throws Exception
    {
        NetNs.run(() ->
        {
            assertEquals(0x6f, offloadsOfKernelThatKnows(0x6f));
            assertEquals(0x0f, offloadsOfKernelThatKnows(0x0f));
            assertEquals(0x07, offloadsOfKernelThatKnows(0x07));
            assertEquals(0x01, offloadsOfKernelThatKnows(0x03));
            assertEquals(0x00, offloadsOfKernelThatKnows(0x00));
        });
    }

    @Test
    void shouldAttachByTryingWhenTheKernelDoesNotSayWhatIsThere() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            NetNs.sh("ip tuntap add dev t1 mode tun vnet_hdr; ip link set dev t1 mtu 1280");
            final TunOpener.Lookup mute = name ->
            {
                throw new TunException("rtnetlink", name, 1, "refused", "allow it");
            };
            try (TunDevice multi = new TunOpener(Native.libc(), mute).open(TunConfig.attach("t0"));
                TunDevice single = new TunOpener(Native.libc(), mute).open(TunConfig.attach("t1")))
            {
                assertTrue(multi.multiQueue());
                assertFalse(single.multiQueue());
                assertEquals(1280, single.mtu());
            }
        });
    }

    @Test
    void shouldReadMtuAgainOrTakeItFromConfiguration() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            NetNs.sh("ip link set dev t0 mtu 1400");
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0"));
                TunDevice told = TunDevice.open(TunConfig.attach("t0").withMtu(1300)))
            {
                assertEquals(1400, device.mtu());
                assertEquals(1300, told.queue(0).mtu());
                NetNs.sh("ip link set dev t0 mtu 9000");
                assertEquals(1400, device.queue(0).mtu());
                assertEquals(9000, device.refreshMtu());
                assertEquals(9000, device.queue(0).mtu());
            }
        });
    }

    @Test
    void shouldAdoptDescriptorAndRefuseOthers() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            final TunDevice opened = TunDevice.open(TunConfig.attach("t0"));
            try (TunDevice adopted = TunDevice.adopt(opened.queue(0).fd(), true, 0))
            {
                assertEquals("t0", adopted.name());
                assertTrue(adopted.multiQueue() && adopted.vnetHeader());
                assertEquals(opened.offloads(), adopted.offloads());
                assertEquals(1500, adopted.mtu());
            }
            assertEquals(TunErrors.EBADF, assertThrows(TunException.class, () -> TunDevice.adopt(9999, true, 0)).errno());
            try (EventFd event = EventFd.open())
            {
                assertThrows(TunException.class, () -> TunDevice.adopt(event.getFD(), true, 0));
            }
        });
    }

    @Test
    void shouldMakeAdoptedDescriptorNonBlockingAndItsOwn() throws Exception
    {
        NetNs.run(() ->
        {
            final int fd = attach("t0", TunIoctl.IFF_TUN | TunIoctl.IFF_NO_PI);
            try (TunDevice device = TunDevice.adopt(fd, true, 1280))
            {
                assertEquals(1280, device.mtu());
                assertEquals(FD_CLOEXEC, Native.libc().fcntl(fd, F_GETFD, 0));
                assertFalse(device.queue(0).receive(new Packet()), "a blocking read would never return");
            }
        });
    }

    @Test
    void shouldRefuseDescriptorInAnotherModeAndOneThatIsNotAttached() throws Exception
    {
        NetNs.run(() ->
        {
            final int withInfo = attach("t0", TunIoctl.IFF_TUN);
            assertEquals("TUNGETIFF", refusedAdoption(withInfo).call());
            assertTrue(refusedAdoption(withInfo).mend().contains("IFF_NO_PI"));
            assertEquals(0, Native.libc().close(withInfo), "a refused descriptor is still the caller's");
            final int alone = node();
            assertEquals("EBADFD", refusedAdoption(alone).errnoName());
            Native.libc().close(alone);
        });
    }

    @Test
    void shouldRefuseToShareADeviceWhosePacketsHaveAProtocolWord() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr pi");
            final int other = attach("t0", TunIoctl.IFF_TUN | TunIoctl.IFF_MULTI_QUEUE);
            assertTrue(TunInfo.find("t0").orElseThrow().packetInfo());
            assertTrue(refused(TunConfig.attach("t0")).why().contains("protocol word"));
            Native.libc().close(other);
            TunDevice.open(TunConfig.attach("t0")).close();
        });
    }

    @Test
    void shouldSetLengthOfHeaderThatAnotherProgramLeft() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            final int flags = TunIoctl.IFF_TUN | TunIoctl.IFF_NO_PI | TunIoctl.IFF_VNET_HDR | TunIoctl.IFF_MULTI_QUEUE;
            final int other = attach("t0", flags);
            final UnsafeBuffer length = new UnsafeBuffer(ByteBuffer.allocateDirect(8));
            length.putInt(0, 12);
            assertEquals(0, Native.libc().ioctl(other, TunIoctl.TUNSETVNETHDRSZ, length.addressOffset()));
            Native.libc().close(other);
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0")))
            {
                final int fd = device.queue(0).fd();
                assertEquals(0, Native.libc().ioctl(fd, TunIoctl.TUNGETVNETHDRSZ, length.addressOffset()));
                assertEquals(VnetHeader.LENGTH, length.getInt(0));
            }
        });
    }

    @Test
    void shouldAdoptDescriptorThatWasPassedOverASocket() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            final int[] sockets = socketPair();
            try (TunDevice opened = TunDevice.open(TunConfig.attach("t0")))
            {
                Descriptors.send(sockets[0], opened.queue(0).fd());
                final int fd = Descriptors.receive(sockets[1]);
                assertNotEquals(opened.queue(0).fd(), fd);
                try (TunDevice adopted = TunDevice.adopt(fd, true, 0))
                {
                    assertEquals("t0", adopted.name());
                }
                assertEquals(0, Native.libc().close(sockets[0]));
                assertEquals("recvmsg", assertThrows(TunException.class, () -> Descriptors.receive(sockets[1])).call());
                assertThrows(TunException.class, () -> Descriptors.send(sockets[1], opened.queue(0).fd()));
            }
            finally
            {
                Native.libc().close(sockets[1]);
            }
        });
    }

    @Test
    void shouldSayDeviceIsDownOrGone() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "multi_queue vnet_hdr");
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0")))
            {
                device.requireUp();
                NetNs.sh("ip link set dev t0 down");
                assertTrue(assertThrows(TunException.class, device::requireUp).getMessage().contains("is down"));
                NetNs.sh("ip link del dev t0");
                assertTrue(assertThrows(TunException.class, device::requireUp).getMessage().contains("deleted"));
            }
        });
    }

    @Test
    void shouldRefuseWhatIsNotThereNotATunOrHasTooFewQueues() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.sh("ip tuntap add dev tap0 mode tap; ip tuntap add dev t1 mode tun");

            final TunException absent = refused(TunConfig.attach("t0"));
            assertEquals(TunErrors.ENODEV, absent.errno());
            assertTrue(absent.mend().contains("ip tuntap add dev t0"));
            assertTrue(refused(TunConfig.attach("tap0")).why().contains("not a TUN"));
            assertTrue(refused(TunConfig.attach("lo")).why().contains("not a TUN"));
            assertTrue(refused(TunConfig.attach("t1").withQueues(2)).why().contains("only one"));
            assertFalse(TunDevice.exists("t0"), "attaching must not make a device");
        });
    }

    @Test
    void shouldSayBusyWhenTheOnlyQueueIsTaken() throws Exception
    {
        NetNs.run(() ->
        {
            NetNs.device("t0", "vnet_hdr");
            try (TunDevice device = TunDevice.open(TunConfig.attach("t0")))
            {
                assertNull(device.queue(0).failure());
                final TunException e = refused(TunConfig.attach("t0"));
                assertEquals("EBUSY", e.errnoName());
                assertEquals("TUNSETIFF", e.call());
            }
            TunDevice.open(TunConfig.attach("t0")).close();
        });
    }

    @Test
    void shouldSayNotPermittedWithoutPrivilege(@TempDir final Path dir) throws Exception
    {
        NetNs.requireUsers();
        NetNs.run(() ->
        {
            final Path node = dir.resolve("tun");
            NetNs.sh("ip tuntap add dev theirs mode tun vnet_hdr user 1001");
            NetNs.sh("ip tuntap add dev mine mode tun vnet_hdr user " + NOBODY);
            NetNs.sh("mknod -m 666 " + node + " c 10 200 && chmod 755 " + dir);
            Assumptions.assumeTrue(
                NetNs.start("true <>" + node).waitFor() == 0, "needs a temporary directory that is not mounted nodev");
            assertEquals(0, TestLibC.INSTANCE.syscall(SYS_SETRESUID, NOBODY, NOBODY, NOBODY));

            final TunException create = refused(TunConfig.create("t0").withNode(node.toString()));
            assertEquals("EPERM", create.errnoName());
            assertTrue(create.mend().contains("ip tuntap add dev t0 mode tun multi_queue vnet_hdr user " + NOBODY));
            assertTrue(refused(TunConfig.attach("theirs").withNode(node.toString())).why().contains("user 1001"));
            try (TunDevice device = TunDevice.open(TunConfig.attach("mine").withNode(node.toString())))
            {
                assertTrue(Offloads.segmentsTcp(device.offloads()));
                assertNotNull(device.queue(0));
            }
        });
    }

    @Test
    void shouldSayWhenTheNodeIsMissingOrClosed(@TempDir final Path dir) throws Exception
    {
        NetNs.requireUsers();
        NetNs.run(() ->
        {
            final Path closed = Files.createFile(dir.resolve("closed"));
            Files.setPosixFilePermissions(closed, Set.of(OWNER_READ));
            NetNs.sh("chmod 755 " + dir);
            assertEquals("ENOENT", refused(TunConfig.create("t0").withNode(dir + "/none")).errnoName());
            assertEquals("ENOTTY", refused(TunConfig.create("t0").withNode(closed.toString())).errnoName());
            assertEquals(0, TestLibC.INSTANCE.syscall(SYS_SETRESUID, NOBODY, NOBODY, NOBODY));
            final TunException e = refused(TunConfig.create("t0").withNode(closed.toString()));
            assertEquals("EACCES", e.errnoName());
            assertTrue(e.mend().contains("chmod 666 " + closed));
        });
    }

    /** A blocking descriptor, attached past all checks. */
    private static int attach(final String name, final int flags)
    {
        final int fd = node();
        assertEquals(0, new TunIoctl(Native.libc()).setIff(fd, name, flags));
        return fd;
    }

    private static int node()
    {
        final UnsafeBuffer path = new UnsafeBuffer(ByteBuffer.allocateDirect(32));
        path.putStringWithoutLengthAscii(0, TunConfig.DEFAULT_NODE);
        return Native.libc().open(path.addressOffset(), O_RDWR, 0);
    }

    private static TunException refusedAdoption(final int fd)
    {
        return assertThrows(TunException.class, () -> TunDevice.adopt(fd, true, 0));
    }

    private static int[] socketPair()
    {
        final UnsafeBuffer fds = new UnsafeBuffer(ByteBuffer.allocateDirect(8));
        assertEquals(0, TestLibC.INSTANCE.socketpair(AF_UNIX, SOCK_STREAM, 0, fds.addressOffset()));
        return new int[]{fds.getInt(0), fds.getInt(4)};
    }

    private static int offloadsOfKernelThatKnows(final int known) throws TunException
    {
        final LibC old = new DelegatingLibC()
        {
            @Override
            public int ioctl(final int fd, final long request, final long argument)
            {
                return request == TunIoctl.TUNSETOFFLOAD && (argument & ~known) != 0 ? -1 : super.ioctl(fd, request, argument);
            }
        };
        try (TunDevice device = new TunOpener(old, TunInfo::find).open(TunConfig.create("t0")))
        {
            return device.offloads();
        }
    }

    /** Flags without a kind of device are refused with EINVAL, as an old kernel refuses flags that it does not know. */
    private static void refuseHeader(final UnsafeBuffer ifreq)
    {
        if ((ifreq.getShort(16) & TunIoctl.IFF_VNET_HDR) != 0)
        {
            ifreq.putShort(16, (short)0);
        }
    }

    private static TunException refused(final TunConfig config)
    {
        return assertThrows(TunException.class, () -> TunDevice.open(config).close());
    }
}
