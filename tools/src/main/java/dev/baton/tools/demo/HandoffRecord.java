package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import java.util.Map;

/**
 * A finished handoff as one node's module tells it.
 *
 * @param node       that tells.
 * @param role       {@code front} or {@code back}.
 * @param peer       the other node.
 * @param id         of the handoff, hexadecimal.
 * @param epoch      of ownership after the move.
 * @param client     the client's address.
 * @param clientPort the client's port.
 * @param isnFront   ISN of the front's TCP.
 * @param isnBack    ISN of the back's TCP.
 * @param delta      their difference, as the node computed it.
 * @param outcome    how it ended, such as {@code terminated: CLOSED}.
 * @param segments   forwarded by the front, or rewritten by the back.
 */
record HandoffRecord(
    String node,
    String role,
    String peer,
    String id,
    long epoch,
    IpAddress client,
    int clientPort,
    int isnFront,
    int isnBack,
    int delta,
    String outcome,
    long segments)
{
    /** Role of the node that the client connected to. */
    static final String FRONT = "front";
    /** Role of the node that served. */
    static final String BACK = "back";

    /** Was the connection handed over, served to its end, and closed? */
    boolean isServed()
    {
        return outcome.startsWith("terminated");
    }

    /**
     * Read one.
     *
     * @param node    that told it.
     * @param members of the history's object.
     * @return the record.
     * @throws IllegalArgumentException when a member is missing.
     */
    static HandoffRecord of(final String node, final Map<?, ?> members)
    {
        final String role = JsonFields.text(members, "role");
        return new HandoffRecord(
            node, role,
            JsonFields.text(members, "peer"),
            JsonFields.text(members, "id"),
            JsonFields.number(members, "epoch"),
            IpAddress.parse(JsonFields.text(members, "client")),
            (int)JsonFields.number(members, "client_port"),
            (int)JsonFields.number(members, "isn_front"),
            (int)JsonFields.number(members, "isn_back"),
            (int)JsonFields.number(members, "delta"),
            JsonFields.text(members, "outcome"),
            JsonFields.number(members, FRONT.equals(role) ? "forwarded_segments" : "rewritten_segments"));
    }
}
