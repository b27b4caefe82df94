package dev.baton.stack.state;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;

/** A link that nothing comes from, and that loses what is sent. */
final class EmptyLink implements Link
{
    @Override
    public boolean receive(final Packet packet)
    {
        return false;
    }

    @Override
    public boolean transmit(final Packet packet)
    {
        return true;
    }

    @Override
    public int mtu()
    {
        return 1500;
    }

    @Override
    public int maxGsoBytes()
    {
        return 0;
    }

    @Override
    public boolean checksumOffload()
    {
        return false;
    }
}
