package dev.baton.tests.node;

import dev.baton.stack.Link;
import dev.baton.stack.Packet;
import dev.baton.stack.wire.TcpHeader;

/** A link that loses every n-th packet that it is given, and counts those with data. Used by the shard's thread. */
final class LossyLink implements Link
{
    private final Link link;
    private final int every;
    private int count;
    private long lostWithData;

    /**
     * Around a link.
     *
     * @param link  that carries the rest.
     * @param every which one is lost; 0 for none.
     */
    LossyLink(final Link link, final int every)
    {
        this.link = link;
        this.every = every;
    }

    long lostWithData()
    {
        return lostWithData;
    }

    @Override
    public boolean receive(final Packet packet)
    {
        return link.receive(packet);
    }

    @Override
    public boolean transmit(final Packet packet)
    {
        if (every > 0 && ++count % every == 0)
        {
            final TcpHeader header = new TcpHeader().wrap(packet.buffer(), packet.l4Offset());
            lostWithData += packet.protocol() == TcpHeader.PROTOCOL && packet.l4Length() > header.headerLength() ? 1 : 0;
            return true;
        }
        return link.transmit(packet);
    }

    @Override
    public int mtu()
    {
        return link.mtu();
    }

    @Override
    public int maxGsoBytes()
    {
        return link.maxGsoBytes();
    }

    @Override
    public boolean checksumOffload()
    {
        return link.checksumOffload();
    }
}
