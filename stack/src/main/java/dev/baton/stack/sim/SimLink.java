package dev.baton.stack.sim;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;

import java.util.ArrayDeque;

/**
 * One host's port to the network: what a TUN queue is outside of the simulation, with the same capabilities. Packets
 * that have arrived wait in an inbox of limited length, as in a device's queue.
 */
public final class SimLink implements Link
{
    /** Default limit of packets that wait. */
    public static final int DEFAULT_INBOX_PACKETS = 4096;

    private final SimNetwork network;
    private final SimHost host;
    private final String name;
    private final int id;
    private final ArrayDeque<SimPacket> inbox = new ArrayDeque<>();
    private SimPacket current;
    private int mtu = 1500;
    private int maxGsoBytes;
    private boolean checksumOffload;
    private int inboxPackets = DEFAULT_INBOX_PACKETS;
    private long sent;
    private long delivered;

    SimLink(final SimNetwork network, final SimHost host, final String name, final int id)
    {
        this.network = network;
        this.host = host;
        this.name = name;
        this.id = id;
    }

    /**
     * Set the MTU.
     *
     * @param mtu in bytes, 68 to {@link Packet#MAX_LENGTH}.
     * @return this.
     * @throws IllegalArgumentException when it is out of range.
     */
    public SimLink mtu(final int mtu)
    {
        if (mtu < 68 || mtu > Packet.MAX_LENGTH)
        {
            throw new IllegalArgumentException("MTU " + mtu + " of link " + name + " is out of range: 68 to 65535");
        }
        this.mtu = mtu;
        return this;
    }

    /**
     * Behave like a TUN with segmentation and checksum offload, in both directions.
     *
     * @param maxGsoBytes greatest super-segment; 0 for none.
     * @param checksum    are partial checksums taken and given?
     * @return this.
     * @throws IllegalArgumentException when super-segments are wanted without checksums, which no device offers.
     */
    public SimLink offload(final int maxGsoBytes, final boolean checksum)
    {
        if (maxGsoBytes < 0 || maxGsoBytes > Packet.MAX_LENGTH || maxGsoBytes > 0 && !checksum)
        {
            throw new IllegalArgumentException("offload of link " + name + ": super-segments of " + maxGsoBytes +
                " bytes need checksum offload, and 0 to 65535 bytes");
        }
        this.maxGsoBytes = maxGsoBytes;
        this.checksumOffload = checksum;
        return this;
    }

    /**
     * Limit the inbox; what arrives when it is full is dropped.
     *
     * @param packets 1 or more.
     * @return this.
     */
    public SimLink inboxLimit(final int packets)
    {
        this.inboxPackets = Math.max(1, packets);
        return this;
    }

    /**
     * The host that this link belongs to.
     *
     * @return its host.
     */
    public SimHost host()
    {
        return host;
    }

    /**
     * The link's name.
     *
     * @return the host's name and the link's number.
     */
    public String name()
    {
        return name;
    }

    /**
     * The link's number in the network.
     *
     * @return 0 or more, in the order of attachment.
     */
    public int id()
    {
        return id;
    }

    /**
     * Packets that the host transmitted.
     *
     * @return how many; a super-segment counts as one.
     */
    public long sent()
    {
        return sent;
    }

    /**
     * Packets that arrived in the inbox.
     *
     * @return how many; a super-segment counts as one.
     */
    public long delivered()
    {
        return delivered;
    }

    @Override
    public boolean receive(final Packet packet)
    {
        if (current != null)
        {
            network.release(current);
        }
        current = inbox.pollFirst();
        if (current == null)
        {
            return false;
        }
        final Packet p = current.packet;
        packet.wrap(current.buffer, p.offset(), p.length(), p.gsoSize(), p.checksum());
        return true;
    }

    @Override
    public boolean transmit(final Packet packet)
    {
        sent++;
        network.transmit(this, packet);
        return true;
    }

    @Override
    public int mtu()
    {
        return mtu;
    }

    @Override
    public int maxGsoBytes()
    {
        return maxGsoBytes;
    }

    @Override
    public boolean checksumOffload()
    {
        return checksumOffload;
    }

    boolean hasInput()
    {
        return !inbox.isEmpty();
    }

    int packetsHere()
    {
        return inbox.size() + (current == null ? 0 : 1);
    }

    void arrive(final SimPacket packet)
    {
        network.landed();
        if (!host.isUp())
        {
            network.drop(packet, DropReason.HOST_DOWN);
        }
        else if (inbox.size() >= inboxPackets)
        {
            network.drop(packet, DropReason.INBOX_FULL);
        }
        else
        {
            delivered++;
            inbox.addLast(packet);
            network.arrived(packet);
        }
    }

    void clear()
    {
        if (current != null)
        {
            network.release(current);
            current = null;
        }
        while (!inbox.isEmpty())
        {
            network.drop(inbox.pollFirst(), DropReason.HOST_DOWN);
        }
    }
}
