package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;

/**
 * Something that was done to the handoff module of a live node while a connection was busy.
 *
 * @param node       that it was done to.
 * @param action     {@code replace}, {@code unload}, {@code load} or {@code refused unload}.
 * @param beganNs    when the node was asked, since 1970.
 * @param endedNs    when it had answered, since 1970.
 * @param client     of the busy connection.
 * @param clientPort of the busy connection.
 * @param ok         did the node do, or refuse, what it should?
 * @param answer     of the node, in words.
 */
record ModuleEvent(
    String node, String action, long beganNs, long endedNs, IpAddress client, int clientPort, boolean ok, String answer)
{
    @Override
    public String toString()
    {
        return action + " on " + node;
    }
}
