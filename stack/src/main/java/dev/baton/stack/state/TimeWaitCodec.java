package dev.baton.stack.state;

import dev.baton.stack.state.codec.CompactFlagsDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.TimeWaitDecoder;
import dev.baton.stack.state.codec.TimeWaitEncoder;
import dev.baton.stack.tcp.IsnGenerator;
import dev.baton.stack.tcp.TcbAccess;
import dev.baton.stack.tcp.TimeWait;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** A connection in TIME-WAIT as one {@code TimeWait} message. Reused; not thread safe. */
final class TimeWaitCodec
{
    private static final int MAX_WINDOW_FIELD = 65_535;
    private static final int MAX_FLOW_LABEL = (1 << 20) - 1;
    private static final long KNOWN_FLAGS = 0b1100;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final TimeWaitEncoder encoder = new TimeWaitEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final TimeWaitDecoder decoder = new TimeWaitDecoder();

    int write(
        final TimeWait entry,
        final IsnGenerator clock,
        final long nowNs,
        final MutableDirectBuffer buffer,
        final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        encoder.flags().clear()
            .timestampsOk(entry.timestampsOk)
            .passive(entry.passive);
        encoder
            .id(entry.id)
            .localHi(entry.localHi)
            .localLo(entry.localLo)
            .localPort(entry.localPort)
            .remoteHi(entry.remoteHi)
            .remoteLo(entry.remoteLo)
            .remotePort(entry.remotePort)
            .flowLabel(entry.flowLabel)
            .sndNxt(entry.sndNxt)
            .rcvNxt(entry.rcvNxt)
            .windowField(entry.windowField)
            .tsRecent(entry.tsRecent)
            .tsRecentAgeNs(nowNs - entry.tsRecentAtNs)
            .tsVal(TcbAccess.tsVal(entry.tsOffset, nowNs + clock.timestampPhaseNs()))
            .expiresInNs(entry.expiresAtNs - nowNs);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /**
     * Look at a record and verify every field of it.
     *
     * @param buffer     of the record.
     * @param offset     of its message header.
     * @param length     of header and message.
     * @param timeWaitNs how long the importing shard keeps TIME-WAIT: entries leave its table in the order in which
     *                   they came, so a longer one would hold up all that come after it.
     * @return its fields.
     */
    TimeWaitDecoder verify(final DirectBuffer buffer, final int offset, final int length, final long timeWaitNs)
    {
        Headers.checkFixed(headerDecoder, buffer, offset, length, TimeWaitDecoder.TEMPLATE_ID, TimeWaitDecoder.BLOCK_LENGTH);
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        Rules.range("id", decoder.id(), 1, Long.MAX_VALUE);
        Rules.flags(buffer.getByte(decoder.flags().offset()) & 0xFF, KNOWN_FLAGS);
        Rules.ends(decoder.localHi(), decoder.localLo(), decoder.localPort(), decoder.remoteHi(), decoder.remoteLo(),
            decoder.remotePort());
        Rules.range("flowLabel", decoder.flowLabel(), 0, MAX_FLOW_LABEL);
        Rules.range("windowField", decoder.windowField(), 0, MAX_WINDOW_FIELD);
        Rules.span("tsRecentAgeNs", decoder.tsRecentAgeNs());
        Rules.range("expiresInNs", decoder.expiresInNs(), 1 - Spans.SPAN_LIMIT_NS, timeWaitNs);
        return decoder;
    }

    /** Fill what the table does not set itself when an entry is added. */
    static void read(
        final TimeWaitDecoder fields,
        final TimeWait entry,
        final IsnGenerator clock,
        final long nowNs,
        final long elapsedNs)
    {
        final CompactFlagsDecoder flags = fields.flags();
        entry.sndNxt = fields.sndNxt();
        entry.rcvNxt = fields.rcvNxt();
        entry.windowField = fields.windowField();
        entry.flowLabel = fields.flowLabel();
        entry.timestampsOk = flags.timestampsOk();
        entry.passive = flags.passive();
        entry.tsRecent = fields.tsRecent();
        entry.tsRecentAtNs = nowNs - elapsedNs - fields.tsRecentAgeNs();
        entry.tsOffset = TcbAccess.tsOffset(
            fields.tsVal() + Spans.toMillis(elapsedNs), nowNs + clock.timestampPhaseNs());
    }
}
