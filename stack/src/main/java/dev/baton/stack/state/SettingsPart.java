package dev.baton.stack.state;

import dev.baton.stack.service.TcpOption;
import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionSettingsDecoder;
import dev.baton.stack.state.codec.ConnectionSettingsEncoder;
import dev.baton.stack.state.codec.GroupSizeEncodingDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import dev.baton.stack.tcp.TcpSettings;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;

/**
 * What is set for a connection alone: the values of its options, and the deadlines and notes that go with them. Not
 * thread safe.
 */
final class SettingsPart implements ConnectionPart
{
    private static final int GROUP_HEADER = GroupSizeEncodingDecoder.ENCODED_LENGTH;
    private static final int VALUE = ConnectionSettingsDecoder.ValuesDecoder.sbeBlockLength();
    private static final int MAX_ERRNO = 4095;
    private static final int MAX_OCTET = 255;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ConnectionSettingsEncoder encoder = new ConnectionSettingsEncoder();
    private final ConnectionSettingsDecoder decoder = new ConnectionSettingsDecoder();

    @Override
    public int templateId()
    {
        return ConnectionSettingsDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return ConnectionSettingsDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        return tcb.settings != null && !tcb.settings.isEmpty();
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        final TcpSettings settings = tcb.settings;
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .corkInNs(Spans.left(settings.corkAtNs, nowNs))
            .lingerInNs(Spans.left(settings.lingerAtNs, nowNs))
            .corkDue((short)(settings.corkDue ? 1 : 0))
            .softErrno(settings.softErrno)
            .receivedTos((short)settings.receivedTos)
            .remoteUserTimeoutMs(settings.remoteUserTimeoutMs);
        final ConnectionSettingsEncoder.ValuesEncoder values = encoder.valuesCount(settings.count());
        for (int code = 0; TcpOption.byCode(code) != null; code++)
        {
            final TcpOption option = TcpOption.byCode(code);
            if (settings.has(option))
            {
                values.next().code((short)code).value(settings.get(option));
            }
        }
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        Rules.spanOrUnset("corkInNs", decoder.corkInNs());
        Rules.spanOrUnset("lingerInNs", decoder.lingerInNs());
        Rules.range("corkDue", decoder.corkDue(), 0, 1);
        Rules.range("softErrno", decoder.softErrno(), 0, MAX_ERRNO);
        Rules.range("receivedTos", decoder.receivedTos(), TcpSettings.TOS_NOT_NOTED, MAX_OCTET);
        Rules.range("remoteUserTimeoutMs", decoder.remoteUserTimeoutMs(), 0, Integer.MAX_VALUE);
        final int at = offset + MessageHeaderDecoder.ENCODED_LENGTH + headerDecoder.blockLength();
        Rules.require(offset + length - at >= GROUP_HEADER, "values", offset + length - at, "a group has a header");
        final int block = buffer.getShort(at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        final int count = buffer.getShort(at + Short.BYTES, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        Rules.require(block == VALUE, "values.blockLength", block, "it is " + VALUE);
        Rules.require(at + GROUP_HEADER + count * VALUE == offset + length, "values.numInGroup", count,
            "the message ends elsewhere");
        values();
    }

    private void values()
    {
        int last = -1;
        for (final ConnectionSettingsDecoder.ValuesDecoder each : decoder.values())
        {
            checkValue(each.code(), each.value(), last);
            last = each.code();
        }
    }

    /** Is the value of an option one that can be kept, and its code above the one before? */
    static void checkValue(final int code, final long value, final int last)
    {
        final TcpOption option = TcpOption.byCode(code);
        Rules.require(option != null && code > last, "values.code", code, "codes are known ones, and ascend");
        Rules.range(option.name(), value, option.least(), greatest(option));
    }

    /** Sizes of buffers are kept as they are reported, twice what can be set. */
    private static long greatest(final TcpOption option)
    {
        final boolean doubled = option == TcpOption.SEND_BUFFER || option == TcpOption.RECEIVE_BUFFER;
        return doubled ? 2 * option.greatest() : option.greatest();
    }

    @Override
    public void read(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final Tcb tcb,
        final long nowNs,
        final long elapsedNs)
    {
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        final TcpSettings settings = TcbAccess.settings(tcb);
        settings.corkAtNs = Spans.deadline(decoder.corkInNs(), nowNs);
        settings.lingerAtNs = Spans.deadline(decoder.lingerInNs(), nowNs);
        settings.corkDue = decoder.corkDue() != 0;
        settings.softErrno = decoder.softErrno();
        settings.receivedTos = decoder.receivedTos();
        settings.remoteUserTimeoutMs = decoder.remoteUserTimeoutMs();
        for (final ConnectionSettingsDecoder.ValuesDecoder each : decoder.values())
        {
            settings.set(TcpOption.byCode(each.code()), each.value());
        }
    }
}
