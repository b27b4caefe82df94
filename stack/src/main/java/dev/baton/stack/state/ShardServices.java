package dev.baton.stack.state;

import dev.baton.stack.service.TcpService;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.wire.IpAddress;

/** Chooses the services of a whole shard that is imported. It is asked while the image is verified, and must change nothing. */
public interface ShardServices extends ServiceLookup
{
    /**
     * Who gets the connections to a local address and port?
     *
     * @param address of the listener; {@link IpAddress#ANY} for all.
     * @param port    of the listener.
     * @return the service; null when nobody does, and then the image is refused.
     */
    TcpService listenerFor(IpAddress address, int port);

    /**
     * Who uses a UDP socket?
     *
     * @param address local address; {@link IpAddress#ANY} for all.
     * @param port    local port; 0 while it has none.
     * @return the service; null when nobody does, and then the image is refused.
     */
    UdpService socketFor(IpAddress address, int port);
}
