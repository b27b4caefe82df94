package dev.baton.stack.state;

import dev.baton.stack.state.codec.CounterDecoder;
import dev.baton.stack.state.codec.CounterEncoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.SettingDecoder;
import dev.baton.stack.state.codec.SettingEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.charset.StandardCharsets;

/** Settings and counters of a shard, each as a message with a name. Reused; not thread safe. */
final class NamedValues
{
    private static final int MAX_NAME = 128;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final SettingEncoder settingEncoder = new SettingEncoder();
    private final SettingDecoder settingDecoder = new SettingDecoder();
    private final CounterEncoder counterEncoder = new CounterEncoder();
    private final CounterDecoder counterDecoder = new CounterDecoder();
    private final GroupFrame frame = new GroupFrame();

    int writeSetting(final String name, final long value, final MutableDirectBuffer buffer, final int offset)
    {
        final byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        settingEncoder.wrapAndApplyHeader(buffer, offset, headerEncoder).value(value).putName(bytes, 0, bytes.length);
        return MessageHeaderEncoder.ENCODED_LENGTH + settingEncoder.encodedLength();
    }

    int writeCounter(
        final int set, final String name, final long value, final MutableDirectBuffer buffer, final int offset)
    {
        final byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        counterEncoder.wrapAndApplyHeader(buffer, offset, headerEncoder).set((short)set).value(value)
            .putName(bytes, 0, bytes.length);
        return MessageHeaderEncoder.ENCODED_LENGTH + counterEncoder.encodedLength();
    }

    /** The setting of a record. */
    ShardSettings.Setting setting(final DirectBuffer buffer, final int offset, final int length)
    {
        frame.begin(buffer, offset, length, SettingDecoder.TEMPLATE_ID, SettingDecoder.BLOCK_LENGTH);
        frame.data("name", MAX_NAME);
        frame.end();
        settingDecoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        return new ShardSettings.Setting(settingDecoder.name(), settingDecoder.value());
    }

    /** The counter of a record: its set and value; the name is to be read with {@code name()}. */
    CounterDecoder counter(final DirectBuffer buffer, final int offset, final int length)
    {
        frame.begin(buffer, offset, length, CounterDecoder.TEMPLATE_ID, CounterDecoder.BLOCK_LENGTH);
        frame.data("name", MAX_NAME);
        frame.end();
        return counterDecoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
    }
}
