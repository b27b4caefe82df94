package dev.baton.stack.state;

import dev.baton.stack.service.TcpService;

/** Chooses who serves a connection that is imported. */
@FunctionalInterface
public interface ServiceLookup
{
    /**
     * Who serves a connection? It is asked while the image is verified, and must change nothing.
     *
     * @param flow    of the connection.
     * @param passive was it opened by the peer?
     * @return the service; null when nobody does, and then the whole image is refused.
     */
    TcpService serviceFor(Flow flow, boolean passive);
}
