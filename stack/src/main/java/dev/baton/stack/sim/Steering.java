package dev.baton.stack.sim;

import dev.baton.stack.Packet;

/**
 * Chooses the link that a packet goes to, where several hosts stand behind one address: what a load balancer or a
 * router with flow rules is outside of the simulation.
 */
@FunctionalInterface
public interface Steering
{
    /** Lose the packet: nobody has its flow at present. */
    int NOWHERE = -1;
    /** No opinion: the address's route decides. */
    int BY_ROUTE = -2;

    /**
     * Where to?
     *
     * @param packet its bytes, valid during the call, headers located.
     * @return number of a link ({@link SimLink#id()}), {@link #NOWHERE} or {@link #BY_ROUTE}.
     */
    int link(Packet packet);
}
