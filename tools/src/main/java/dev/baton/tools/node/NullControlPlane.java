package dev.baton.tools.node;

import dev.baton.handoff.control.ControlPlane;
import org.agrona.DirectBuffer;

/**
 * The control plane of a node that has none: no peers, nothing happens. Modules need not ask whether there is one.
 *
 * @param localNode this node's name.
 */
record NullControlPlane(String localNode) implements ControlPlane
{
    @Override
    public int peer(final String node)
    {
        return -1;
    }

    @Override
    public String peerName(final int peer)
    {
        throw new IndexOutOfBoundsException("there is no peer " + peer + ": this node has no control channel");
    }

    @Override
    public int peerCount()
    {
        return 0;
    }

    @Override
    public boolean isConnected(final int peer)
    {
        return false;
    }

    @Override
    public boolean send(final int peer, final DirectBuffer frame, final int offset, final int length)
    {
        return false;
    }

    @Override
    public int drain(final Handler handler, final int limit)
    {
        return 0;
    }
}
