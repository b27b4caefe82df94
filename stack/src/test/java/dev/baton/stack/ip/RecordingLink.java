package dev.baton.stack.ip;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;

import java.util.ArrayList;
import java.util.List;

/** A link that keeps what it is given. */
final class RecordingLink implements Link
{
    final List<byte[]> sent = new ArrayList<>();
    final List<Integer> checksums = new ArrayList<>();
    int mtu = 1500;
    int maxGsoBytes;
    boolean checksumOffload;
    boolean refuses;

    @Override
    public boolean receive(final Packet packet)
    {
        return false;
    }

    @Override
    public boolean transmit(final Packet packet)
    {
        if (refuses)
        {
            return false;
        }
        sent.add(TestPackets.bytes(packet));
        checksums.add(packet.checksum());
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
}
