package dev.baton.tools.demo;

import dev.baton.stack.wire.TcpHeader;
import java.util.List;

/**
 * A connection that was handed off: what the captures saw of it, and what both nodes say about it.
 *
 * @param connection of the client.
 * @param front      the front's record.
 * @param back       the back's record; null when the back knows nothing of it.
 */
record Handoff(Connection connection, HandoffRecord front, HandoffRecord back)
{
    /** Name of the node that served. */
    String backNode()
    {
        return front.peer();
    }

    int delta()
    {
        return front.isnFront() - front.isnBack();
    }

    /** Segments that the back's stack was given. */
    List<Segment> up()
    {
        return connection.up(backNode());
    }

    /** Segments that the back's stack emitted towards the client. */
    List<Segment> down()
    {
        return connection.down(backNode());
    }

    /** When the first segment was forwarded; {@link Long#MAX_VALUE} when none was. */
    long forwardedNs()
    {
        return connection.forwarded().stream().mapToLong(Segment::timeNs).min().orElse(Long.MAX_VALUE);
    }

    /** When the first byte of the request reached the front's stack; {@link Long#MAX_VALUE} when none did. */
    long requestNs()
    {
        return connection.requestAtFront().stream().mapToLong(Segment::timeNs).min().orElse(Long.MAX_VALUE);
    }

    /** When the client sent its last segment, or was sent its last. */
    long lastSegmentNs()
    {
        return connection.all().stream().mapToLong(Segment::timeNs).max().orElse(0);
    }

    /** Flags that can open or break a connection. */
    static boolean opensOrBreaks(final Segment segment)
    {
        return segment.has(TcpHeader.SYN) || segment.has(TcpHeader.RST);
    }

    @Override
    public String toString()
    {
        return connection + " (handoff " + front.id() + " to " + backNode() + ")";
    }
}
