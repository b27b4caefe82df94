package dev.baton.stack.state;

import dev.baton.stack.service.IpFamily;
import dev.baton.stack.service.TcpOption;
import dev.baton.stack.state.codec.ListenerDecoder;
import dev.baton.stack.state.codec.ListenerEncoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.Listener;
import dev.baton.stack.tcp.TcpSettings;
import dev.baton.stack.tcp.congestion.CongestionControls;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.charset.StandardCharsets;

/**
 * A listener as one {@code Listener} message. Its SYN queue, its accept queue and its early connections are records of
 * their own. Reused; not thread safe.
 */
final class ListenerCodec
{
    private static final IpFamily[] FAMILIES = IpFamily.values();
    private static final int MAX_NAME = 32;
    private static final int MAX_GROUP = 65_534;
    private static final int MAX_PORT = 65_535;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ListenerEncoder encoder = new ListenerEncoder();
    private final ListenerDecoder decoder = new ListenerDecoder();
    private final GroupFrame frame = new GroupFrame();

    /** Write a listener; {@code announced} is its place among those whose services are to be told, or 0. */
    int write(
        final Listener listener,
        final int announced,
        final long nowNs,
        final MutableDirectBuffer buffer,
        final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .addressHi(listener.address().hi())
            .addressLo(listener.address().lo())
            .port(listener.port())
            .family((short)listener.family().ordinal())
            .backlog(listener.backlog())
            .acceptedCount(listener.acceptedCount())
            .nextAcceptOrder(listener.nextAcceptOrder())
            .announced(announced)
            .fastOpenLimit(listener.fastOpenLimit());
        final long[] resetsNs = listener.fastOpenResetsUntilNs();
        final ListenerEncoder.ResetsEncoder resets = encoder.resetsCount(resetsNs.length);
        for (final long untilNs : resetsNs)
        {
            resets.next().untilInNs(untilNs - nowNs);
        }
        values(listener.settings());
        final byte[] name = listener.hasCongestionControl() ?
            listener.congestionControl().getBytes(StandardCharsets.US_ASCII) : new byte[0];
        encoder.putCongestionControl(name, 0, name.length);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private void values(final TcpSettings settings)
    {
        final ListenerEncoder.ValuesEncoder values = encoder.valuesCount(settings == null ? 0 : settings.count());
        for (int code = 0; settings != null && TcpOption.byCode(code) != null; code++)
        {
            if (settings.has(TcpOption.byCode(code)))
            {
                values.next().code((short)code).value(settings.get(TcpOption.byCode(code)));
            }
        }
    }

    /** Verify a message; nothing changes. Returns its fields, of which groups and data have not been read. */
    ListenerDecoder check(final DirectBuffer buffer, final int offset, final int length)
    {
        frame.begin(buffer, offset, length, ListenerDecoder.TEMPLATE_ID, ListenerDecoder.BLOCK_LENGTH);
        frame.group("resets", ListenerDecoder.ResetsDecoder.sbeBlockLength(), MAX_GROUP);
        frame.group("values", ListenerDecoder.ValuesDecoder.sbeBlockLength(), Long.SIZE);
        frame.data("congestionControl", MAX_NAME);
        frame.end();
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        Rules.range("port", decoder.port(), 1, MAX_PORT);
        Rules.range("family", decoder.family(), 0, FAMILIES.length - 1);
        Rules.range("backlog", decoder.backlog(), Listener.NO_BACKLOG, Integer.MAX_VALUE);
        Rules.range("acceptedCount", decoder.acceptedCount(), 0, Long.MAX_VALUE);
        Rules.require(decoder.nextAcceptOrder() != 0, "nextAcceptOrder", 0, "0 stands for no place");
        Rules.range("fastOpenLimit", decoder.fastOpenLimit(), 0, Integer.MAX_VALUE);
        long lastNs = Long.MIN_VALUE;
        for (final ListenerDecoder.ResetsDecoder reset : decoder.resets())
        {
            Rules.span("resets.untilInNs", reset.untilInNs());
            Rules.require(reset.untilInNs() >= lastNs, "resets.untilInNs", reset.untilInNs(), "they are in order of time");
            lastNs = reset.untilInNs();
        }
        int last = -1;
        for (final ListenerDecoder.ValuesDecoder value : decoder.values())
        {
            SettingsPart.checkValue(value.code(), value.value(), last);
            last = value.code();
        }
        final String name = decoder.congestionControl();
        if (!name.isEmpty() && !CongestionControls.names().contains(name))
        {
            throw new StateException("congestionControl", "'" + name + "'", "this shard knows " + CongestionControls.names());
        }
        return decoder.sbeRewind();
    }

    static IpFamily family(final ListenerDecoder fields)
    {
        return FAMILIES[fields.family()];
    }

    /** Fill a listener from the message that was verified last. */
    void fill(final Listener listener, final long nowNs)
    {
        decoder.sbeRewind();
        listener.fastOpenLimit(decoder.fastOpenLimit());
        listener.restore(decoder.acceptedCount(), decoder.nextAcceptOrder());
        for (final ListenerDecoder.ResetsDecoder reset : decoder.resets())
        {
            listener.restoreFastOpenReset(nowNs + reset.untilInNs());
        }
        for (final ListenerDecoder.ValuesDecoder value : decoder.values())
        {
            listener.restore(TcpOption.byCode(value.code()), value.value());
        }
        final String name = decoder.congestionControl();
        if (!name.isEmpty())
        {
            listener.congestionControl(name);
        }
    }
}
