package dev.baton.handoff.early;

/**
 * What the entries of both roles have in common: the pair of endpoints they are found by, and one deadline.
 */
abstract class Flow
{
    /** Our side of the 4-tuple: the VIP at the front, the node's own address at the back. */
    long localHi;
    long localLo;
    int localPort;
    /** The client. */
    long remoteHi;
    long remoteLo;
    int remotePort;

    Flow bucketNext;
    TimerQueue timers;
    Flow timerPrevious;
    Flow timerNext;
    long deadlineNs;

    final boolean matches(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        return this.remotePort == remotePort && this.remoteLo == remoteLo && this.remoteHi == remoteHi &&
            this.localPort == localPort && this.localLo == localLo && this.localHi == localHi;
    }

    final void endpoints(
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        this.localHi = localHi;
        this.localLo = localLo;
        this.localPort = localPort;
        this.remoteHi = remoteHi;
        this.remoteLo = remoteLo;
        this.remotePort = remotePort;
    }
}
