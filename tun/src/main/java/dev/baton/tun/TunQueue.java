package dev.baton.tun;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.lang.ref.Reference;

/**
 * One queue of a TUN device: the link below a shard. Non-blocking; one call of the kernel per packet, where a packet may be a
 * super-segment of up to 64 KB. Allocates nothing.
 * <p>
 * A packet that is read lies in one slot, which the next read reuses. A packet that is written goes from where it lies when its
 * buffer is direct: the virtio header is put into the {@link Packet#HEADROOM} in front of it. Otherwise it is copied first.
 * <pre>
 *   slot:  | headroom ................. | virtio header | IP packet, up to 65535 bytes ... | slack |
 *          0                           118             128
 * </pre>
 * No call throws for what the network or the device does: failures are counted by errno. When the device has been deleted,
 * {@link #failure()} says so, and nothing passes any more. A device that is only down refuses writes and has nothing to read.
 * <p>
 * Belongs to one thread, except {@link #failure()}, {@link #mtu()} and the counters.
 */
public final class TunQueue implements Link
{
    private static final int EFAULT = 14;
    private static final int EAGAIN = 11;

    private static final int PACKET_OFFSET = 128;
    /** One read beyond the longest packet shows that the packet was cut. */
    private static final int SLACK = 64;
    private static final int SLOT_LENGTH = PACKET_OFFSET + Packet.MAX_LENGTH + SLACK;

    private final LibC libc;
    private final LibCQuiet quiet;
    private final TunDevice device;
    private final TunCounters counters = new TunCounters();
    private final VnetEncoder encoder = new VnetEncoder();
    private final VnetHeader header = new VnetHeader();
    private final UnsafeBuffer rxSlot = new UnsafeBuffer(BufferUtil.allocateDirectAligned(SLOT_LENGTH, 64));
    private final UnsafeBuffer txSlot = new UnsafeBuffer(BufferUtil.allocateDirectAligned(SLOT_LENGTH, 64));
    private final boolean vnet;
    private final int headerLength;
    private final int maxGsoBytes;
    private volatile int fd;
    private volatile int fatalErrno;

    TunQueue(final TunDevice device, final int fd)
    {
        this.libc = Native.libc();
        this.quiet = Native.quiet();
        this.device = device;
        this.fd = fd;
        this.vnet = device.vnetHeader();
        this.headerLength = vnet ? VnetHeader.LENGTH : 0;
        this.maxGsoBytes = vnet && Offloads.segmentsTcp(device.offloads()) ? Packet.MAX_LENGTH : 0;
        header.wrap(rxSlot, PACKET_OFFSET - VnetHeader.LENGTH);
    }

    @Override
    public boolean receive(final Packet packet)
    {
        if (fatalErrno != 0)
        {
            return false;
        }
        final int from = PACKET_OFFSET - headerLength;
        final long read = libc.read(fd, rxSlot.addressOffset() + from, SLOT_LENGTH - from);
        if (read < 0)
        {
            onReadError(Native.errno());
            return false;
        }
        final int length = (int)read - headerLength;
        if (length <= 0 || length > Packet.MAX_LENGTH)
        {
            counters.rxRefused++;
            return false;
        }
        counters.rxPackets++;
        counters.rxBytes += length;
        if (vnet)
        {
            wrapWithHeader(packet, length);
        }
        else
        {
            packet.wrap(rxSlot, PACKET_OFFSET, length, 0, Packet.CHECKSUM_COMPLETE);
        }
        return true;
    }

    @Override
    public boolean transmit(final Packet packet)
    {
        final int length = packet.length();
        if (fatalErrno != 0 || length <= 0 || length > Packet.MAX_LENGTH || !encoder.prepare(packet, vnet))
        {
            counters.txRefused++;
            return false;
        }
        MutableDirectBuffer buffer = packet.buffer();
        int offset = packet.offset();
        if (buffer.byteArray() != null || offset < headerLength)
        {
            txSlot.putBytes(PACKET_OFFSET, buffer, offset, length);
            buffer = txSlot;
            offset = PACKET_OFFSET;
            counters.txCopies++;
        }
        final int from = offset - headerLength;
        if (vnet)
        {
            encoder.encode(buffer, from);
        }
        buffer.boundsCheck(from, headerLength + length);
        final boolean written = write(buffer.addressOffset() + from, headerLength + length);
        // The address alone does not keep the buffer alive.
        Reference.reachabilityFence(buffer);
        if (written)
        {
            counters.txPackets++;
            counters.txBytes += length;
            counters.txSupers += encoder.isSuper() ? 1 : 0;
        }
        return written;
    }

    @Override
    public int mtu()
    {
        return device.mtu();
    }

    @Override
    public int maxGsoBytes()
    {
        return maxGsoBytes;
    }

    @Override
    public boolean checksumOffload()
    {
        return vnet;
    }

    /**
     * What has been counted.
     *
     * @return always the same object.
     */
    public TunCounters counters()
    {
        return counters;
    }

    /**
     * Why nothing passes any more. From any thread.
     *
     * @return null while the device is there.
     */
    public TunException failure()
    {
        return fatalErrno == 0 ? null : TunErrors.lost(device.name(), fatalErrno);
    }

    /**
     * The device this is a queue of.
     *
     * @return the device.
     */
    public TunDevice device()
    {
        return device;
    }

    int fd()
    {
        return fd;
    }

    void close()
    {
        final int open = fd;
        if (open >= 0)
        {
            fd = -1;
            if (fatalErrno == 0)
            {
                fatalErrno = TunErrors.EBADF;
            }
            libc.close(open);
        }
    }

    private void wrapWithHeader(final Packet packet, final int length)
    {
        final int flags = header.flags();
        final int gsoSize = header.gsoType() == VnetHeader.GSO_NONE ? 0 : header.gsoSize();
        final int checksum = (flags & VnetHeader.NEEDS_CSUM) != 0 ? Packet.CHECKSUM_PARTIAL :
            (flags & VnetHeader.DATA_VALID) != 0 ? Packet.CHECKSUM_VERIFIED : Packet.CHECKSUM_COMPLETE;
        if (gsoSize != 0)
        {
            counters.rxSupers++;
        }
        packet.wrap(rxSlot, PACKET_OFFSET, length, gsoSize, checksum);
    }

    private boolean write(final long address, final int length)
    {
        if (quiet.write(fd, address, length) == length)
        {
            return true;
        }
        // Once more, for the reason; should it pass now, it was sent after all.
        final long written = libc.write(fd, address, length);
        if (written == length)
        {
            return true;
        }
        onError(written < 0 ? Native.errno() : 0);
        return false;
    }

    private void onReadError(final int errno)
    {
        if (errno != EAGAIN)
        {
            onError(errno);
        }
    }

    private void onError(final int errno)
    {
        counters.error(errno);
        if (errno == TunErrors.EBADFD || errno == TunErrors.EBADF || errno == TunErrors.ENODEV || errno == EFAULT)
        {
            fatalErrno = errno;
        }
    }
}
