package dev.baton.handoff.policy;

/**
 * What a policy may know besides the request: the connection, and how the nodes do. A flyweight: valid during the call
 * only. Addresses are pairs of 64-bit halves, IPv4 mapped.
 */
public interface PolicyFacts
{
    /**
     * The client's address, upper half.
     *
     * @return 0 for IPv4.
     */
    long clientHi();

    /**
     * The client's address, lower half.
     *
     * @return for IPv4 the mapped form.
     */
    long clientLo();

    /**
     * The client's port.
     *
     * @return 1 to 65535.
     */
    int clientPort();

    /**
     * The address that the client connected to, upper half.
     *
     * @return 0 for IPv4.
     */
    long vipHi();

    /**
     * The address that the client connected to, lower half.
     *
     * @return for IPv4 the mapped form.
     */
    long vipLo();

    /**
     * The port that the client connected to.
     *
     * @return 1 to 65535.
     */
    int vipPort();

    /**
     * Can a node take a connection now? The front itself always can.
     *
     * @param node index in the policy's list of nodes.
     * @return true when its channel is up and it is not draining.
     */
    boolean isUp(int node);
}
