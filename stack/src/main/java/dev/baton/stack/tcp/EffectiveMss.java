package dev.baton.stack.tcp;

import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.Ip6Header;
import dev.baton.stack.wire.TcpHeader;

/** How large a segment may be (RFC 9293, section 3.7.1, MUST-14 to MUST-16, MUST-67; RFC 6691). */
final class EffectiveMss
{
    private static final int DEFAULT_V4 = 536;
    private static final int DEFAULT_V6 = 1220;
    /** A peer that announces less would have us send headers only; Linux draws the line here too. */
    private static final int LEAST = 48;
    private static final int TIMESTAMPS_LENGTH = 12;

    private EffectiveMss()
    {
    }

    /** What we announce on a link. */
    static int local(final int mtu, final boolean v4, final int clamp)
    {
        final int mss = Math.min(mtu - headers(v4), 65_535);
        return clamp == 0 ? mss : Math.min(mss, clamp);
    }

    /** What the peer's announcement means; 0 when there was none. */
    static int remote(final int announced, final boolean v4)
    {
        return announced == 0 ? v4 ? DEFAULT_V4 : DEFAULT_V6 : Math.max(announced, LEAST);
    }

    /** Set the payload of a full segment from what both sides and the path allow. */
    static void update(final Tcb tcb)
    {
        tcb.effectiveMss = of(tcb.localMss, tcb.remoteMss, tcb.pathMtu, tcb.isV4(), tcb.timestampsOk);
    }

    static int of(
        final int localMss, final int remoteMss, final int pathMtu, final boolean v4, final boolean timestampsOk)
    {
        final int mss = Math.min(Math.min(remoteMss, localMss), Math.max(pathMtu - headers(v4), LEAST));
        return mss - (timestampsOk ? TIMESTAMPS_LENGTH : 0);
    }

    /** Length of the options that every segment carries. */
    static int timestampsLength(final Tcb tcb)
    {
        return tcb.timestampsOk ? TIMESTAMPS_LENGTH : 0;
    }

    static int headers(final boolean v4)
    {
        return (v4 ? Ip4Header.LENGTH : Ip6Header.LENGTH) + TcpHeader.LENGTH;
    }
}
