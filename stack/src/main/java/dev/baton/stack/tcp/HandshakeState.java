package dev.baton.stack.tcp;

import dev.baton.stack.HandshakeOptions;
import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounters;

/**
 * What a shard knows of opening connections beyond the connections themselves: for codecs, which carry it with the
 * shard's secret, and for operators. Used by the shard's thread only.
 */
public final class HandshakeState
{
    private final IsnGenerator isn;
    private final SynCookies synCookies;
    private final FastOpenCookies fastOpenCookies;
    private final FastOpenBlackhole fastOpenBlackhole;
    private final PeerCache peers;
    private final LocalPorts localPorts;

    HandshakeState(final StackContext context, final StackCounters counters, final IsnGenerator isn)
    {
        this.isn = isn;
        final HandshakeOptions options = context.handshake();
        synCookies = new SynCookies(context.secret0(), context.secret1());
        fastOpenCookies = new FastOpenCookies(context.secret0(), context.secret1(), options.fastOpenKeyNs());
        fastOpenBlackhole = new FastOpenBlackhole(options.fastOpenBlackholeNs());
        peers = new PeerCache(options.maxPeers(), isn, counters);
        localPorts = new LocalPorts(context);
    }

    /**
     * Take the secret of another shard. Tables that are ordered by it must be empty; counters of ports stay.
     *
     * @param k0 first half.
     * @param k1 second half.
     */
    public void secret(final long k0, final long k1)
    {
        isn.key(k0, k1);
        synCookies.key(k0, k1);
        fastOpenCookies.key(k0, k1);
        localPorts.key(k0, k1);
    }

    /**
     * The SYN cookies.
     *
     * @return live.
     */
    public SynCookies synCookies()
    {
        return synCookies;
    }

    /**
     * The Fast Open cookies that this shard gives.
     *
     * @return live.
     */
    public FastOpenCookies fastOpenCookies()
    {
        return fastOpenCookies;
    }

    /**
     * The memory of paths that swallow Fast Open.
     *
     * @return live.
     */
    public FastOpenBlackhole fastOpenBlackhole()
    {
        return fastOpenBlackhole;
    }

    /**
     * What is remembered of peers.
     *
     * @return live.
     */
    public PeerCache peers()
    {
        return peers;
    }

    /**
     * The choice of local ports.
     *
     * @return live.
     */
    public LocalPorts localPorts()
    {
        return localPorts;
    }
}
