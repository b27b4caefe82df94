package dev.baton.handoff.early;

import dev.baton.handoff.control.ControlPlane;

import java.util.Arrays;

/**
 * Since when the channel to each peer has been down, and when to look again whether one is to be taken for dead (G5). A
 * back that serves shows it by what its clients acknowledge, whether its channel is up or not.
 */
final class DeadPeers
{
    private static final long NOT_DOWN = Long.MAX_VALUE;

    private final long peerDeadNs;
    private final long periodNs;
    private final long[] downNs;
    private long nextSweepNs = Long.MAX_VALUE;

    DeadPeers(final EarlyConfig config, final int peerCount)
    {
        peerDeadNs = config.peerDeadNs;
        periodNs = config.repeatNs;
        downNs = new long[peerCount];
        Arrays.fill(downNs, NOT_DOWN);
    }

    void up(final int peer)
    {
        downNs[peer] = NOT_DOWN;
    }

    void down(final int peer, final long nowNs)
    {
        downNs[peer] = nowNs;
        nextSweepNs = Math.min(nextSweepNs, nowNs + peerDeadNs);
    }

    /** Connections have come from the module before: channels that are down count as down from now on. */
    void resume(final ControlPlane plane, final long nowNs)
    {
        for (int peer = 0; peer < downNs.length; peer++)
        {
            if (!plane.isConnected(peer))
            {
                down(peer, nowNs);
            }
        }
    }

    boolean isDown(final int peer)
    {
        return downNs[peer] != NOT_DOWN;
    }

    /** Has a peer been silent for so long, on its channel and to the client whose last progress is given? */
    boolean isDead(final int peer, final long progressNs, final long nowNs)
    {
        return isDown(peer) && nowNs - downNs[peer] >= peerDeadNs && nowNs - progressNs >= peerDeadNs;
    }

    boolean isSweepDue(final long nowNs)
    {
        return nowNs >= nextSweepNs;
    }

    /** A sweep has been made. */
    void swept(final boolean anyDown, final long nowNs)
    {
        nextSweepNs = anyDown ? nowNs + periodNs : Long.MAX_VALUE;
    }

    long nextDeadlineNs()
    {
        return nextSweepNs;
    }
}
