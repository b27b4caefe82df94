package dev.baton.tools.drill.run;

import dev.baton.stack.StackContext;
import dev.baton.stack.wire.IpAddress;

/** How the stack under test is set up for a profile. Tables are small, since each script has a stack of its own. */
final class ProfileSettings
{
    private static final int TABLE = 256;
    private static final int LINUX_RECEIVE_BYTES = 15_728_640;
    private static final int LINUX_INITIAL_RECEIVE_BYTES = 270_000;
    private static final int LINUX_SYN_RETRIES = 5;
    private static final int FREEBSD_RECEIVE_BYTES = 4 << 20;
    private static final int FREEBSD_INITIAL_BYTES = 65_536;
    private static final int FREEBSD_SEND_BYTES = 32_768;
    private static final long POOL_BYTES = 256L << 20;

    private ProfileSettings()
    {
    }

    /** Settings that commands of the script may still change. */
    static StackContext context(final Profile profile, final IpAddress local)
    {
        final StackContext context = new StackContext().address(local).seed(1).poolBytes(POOL_BYTES);
        context.maxConnections(TABLE).maxTimeWait(TABLE).synBacklog(TABLE).maxUdpSockets(TABLE);
        context.handshake().maxPeers(16).noMetricsSave(true);
        context.ip((ip) -> ip.maxPathMtus(16).icmpRateLimitNs(0));
        context.rmemMaxBytes(LINUX_RECEIVE_BYTES).wmemMaxBytes(LINUX_RECEIVE_BYTES);
        if (profile == Profile.FREEBSD)
        {
            context.receiveBufferBytes(FREEBSD_RECEIVE_BYTES).initialReceiveBufferBytes(FREEBSD_INITIAL_BYTES);
            context.initialSendBufferBytes(FREEBSD_SEND_BYTES).bsdOptionOrder(true);
        }
        else
        {
            context.receiveBufferBytes(LINUX_RECEIVE_BYTES).initialReceiveBufferBytes(LINUX_INITIAL_RECEIVE_BYTES);
            context.synRetries(LINUX_SYN_RETRIES).slowStartAfterIdle(false);
        }
        return context;
    }
}
