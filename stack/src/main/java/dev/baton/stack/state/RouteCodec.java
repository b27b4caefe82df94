package dev.baton.stack.state;

import dev.baton.stack.ip.Route;
import dev.baton.stack.ip.RouteKind;
import dev.baton.stack.ip.RouteTable;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.RoutesDecoder;
import dev.baton.stack.state.codec.RoutesDecoder.EntriesDecoder;
import dev.baton.stack.state.codec.RoutesEncoder;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.util.ArrayList;
import java.util.List;

/** A {@link RouteTable} as one {@code Routes} message. Not thread safe. */
public final class RouteCodec
{
    private static final RouteKind[] KINDS = RouteKind.values();

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final RoutesEncoder encoder = new RoutesEncoder();
    private final RoutesDecoder decoder = new RoutesDecoder();
    private final GroupFrame frame = new GroupFrame();

    /** A codec. */
    public RouteCodec()
    {
    }

    /**
     * Write a table.
     *
     * @param table  to be written.
     * @param buffer that may have to grow.
     * @param offset of the message header.
     * @return length of header and message in bytes.
     */
    public int write(final RouteTable table, final MutableDirectBuffer buffer, final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        final RoutesEncoder.EntriesEncoder group = encoder.entriesCount(table.list().size());
        for (final Route route : table.list())
        {
            final IpAddress source = route.source() == null ? IpAddress.ANY : route.source();
            group.next()
                .prefixHi(route.prefix().hi())
                .prefixLo(route.prefix().lo())
                .prefixLength((short)route.prefixLength())
                .kind((short)route.kind().ordinal())
                .sourceHi(source.hi())
                .sourceLo(source.lo())
                .mtuBytes(route.mtuBytes())
                .hopLimit((short)route.hopLimit())
                .metric(route.metric());
        }
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /**
     * Read a table; nothing has changed when it is refused.
     *
     * @param buffer that holds the message.
     * @param offset of the message header.
     * @param length of header and message in bytes.
     * @param table  whose routes are replaced.
     * @throws StateException when the bytes are no valid message, or a route cannot be one.
     */
    public void read(final DirectBuffer buffer, final int offset, final int length, final RouteTable table)
    {
        final List<Route> routes = check(buffer, offset, length, table);
        table.clear();
        routes.forEach(table::add);
    }

    /** Verify a table; nothing changes. Returns its routes. */
    List<Route> check(final DirectBuffer buffer, final int offset, final int length, final RouteTable table)
    {
        frame.begin(buffer, offset, length, RoutesDecoder.TEMPLATE_ID, RoutesDecoder.BLOCK_LENGTH);
        frame.group("entries", EntriesDecoder.sbeBlockLength(), table.maxRoutes());
        frame.end();
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        final List<Route> routes = new ArrayList<>();
        for (final EntriesDecoder group : decoder.entries())
        {
            routes.add(route(group));
        }
        return routes;
    }

    private static Route route(final EntriesDecoder group)
    {
        Rules.range("entries.kind", group.kind(), 0, KINDS.length - 1);
        final IpAddress source = new IpAddress(group.sourceHi(), group.sourceLo());
        try
        {
            return new Route(new IpAddress(group.prefixHi(), group.prefixLo()), group.prefixLength(),
                KINDS[group.kind()], source.equals(IpAddress.ANY) ? null : source, group.mtuBytes(), group.hopLimit(),
                group.metric());
        }
        catch (final IllegalArgumentException ex)
        {
            throw new StateException("entries", group.prefixLength(), ex.getMessage());
        }
    }
}
