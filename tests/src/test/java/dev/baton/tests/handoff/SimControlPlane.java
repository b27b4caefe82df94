package dev.baton.tests.handoff;

import dev.baton.handoff.control.ControlPlane;
import dev.baton.stack.sim.SimChannel;
import org.agrona.DirectBuffer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The control channels of one simulated node: frames travel through {@link SimChannel}s, with whatever faults those have. */
final class SimControlPlane implements ControlPlane
{
    private final String node;
    private final List<String> names = new ArrayList<>();
    private final List<SimChannel> channels = new ArrayList<>();
    private final List<Integer> sides = new ArrayList<>();
    private final List<boolean[]> connected = new ArrayList<>();
    private final ArrayDeque<Forged> forged = new ArrayDeque<>();

    /** A frame that a peer is made to have sent; the buffer may go on behind it. */
    private record Forged(int peer, DirectBuffer buffer, int length)
    {
    }

    SimControlPlane(final String node)
    {
        this.node = node;
    }

    void join(final String peer, final SimChannel channel, final int side)
    {
        names.add(peer);
        channels.add(channel);
        sides.add(side);
        connected.add(new boolean[1]);
    }

    @Override
    public String localNode()
    {
        return node;
    }

    @Override
    public int peer(final String name)
    {
        return names.indexOf(name);
    }

    @Override
    public String peerName(final int peer)
    {
        return names.get(peer);
    }

    @Override
    public int peerCount()
    {
        return names.size();
    }

    @Override
    public boolean isConnected(final int peer)
    {
        return connected.get(peer)[0];
    }

    @Override
    public boolean send(final int peer, final DirectBuffer frame, final int offset, final int length)
    {
        return isConnected(peer) && channels.get(peer).send(sides.get(peer), frame, offset, length);
    }

    /** Have the next drain deliver a frame of a peer, in one batch with all others forged until then. */
    void forge(final String peer, final DirectBuffer buffer, final int length)
    {
        forged.add(new Forged(peer(peer), buffer, length));
    }

    @Override
    public int drain(final Handler handler, final int limit)
    {
        int work = forged.size();
        Forged frame;
        while ((frame = forged.poll()) != null)
        {
            handler.onFrame(frame.peer(), frame.buffer(), 0, frame.length());
        }
        for (int i = 0; i < names.size(); i++)
        {
            final int peer = i;
            work += channels.get(i).drain(sides.get(i), new SimChannel.Handler()
            {
                @Override
                public void onConnected()
                {
                    connected.get(peer)[0] = true;
                    handler.onConnected(peer);
                }

                @Override
                public void onDisconnected()
                {
                    connected.get(peer)[0] = false;
                    handler.onDisconnected(peer);
                }

                @Override
                public void onFrame(final DirectBuffer buffer, final int offset, final int length)
                {
                    if (connected.get(peer)[0])
                    {
                        handler.onFrame(peer, buffer, offset, length);
                    }
                }
            }, limit);
        }
        return work;
    }
}
