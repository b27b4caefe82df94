package dev.baton.stack.state;

import dev.baton.stack.state.codec.CompactFlagsDecoder;
import dev.baton.stack.state.codec.HalfOpenDecoder;
import dev.baton.stack.state.codec.HalfOpenEncoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.HalfOpen;
import dev.baton.stack.tcp.IsnGenerator;
import dev.baton.stack.tcp.TcbAccess;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * An entry of the SYN queue as one {@code HalfOpen} message. Its listener is not written: the importing shard looks up
 * its own. Reused; not thread safe.
 */
final class HalfOpenCodec
{
    private static final int MAX_WINDOW_FIELD = 65_535;
    private static final int MAX_FLOW_LABEL = (1 << 20) - 1;
    private static final int MAX_SHIFT = 14;
    private static final int MIN_MSS = 48;
    private static final int MAX_RETRANSMITS = 255;
    private static final long KNOWN_FLAGS = 0b0111_0111;
    private static final int MAX_ECN = 6;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final HalfOpenEncoder encoder = new HalfOpenEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final HalfOpenDecoder decoder = new HalfOpenDecoder();

    int write(
        final HalfOpen entry,
        final IsnGenerator clock,
        final long nowNs,
        final MutableDirectBuffer buffer,
        final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        encoder.flags().clear()
            .windowScaleOk(entry.windowScaleOk)
            .sackOk(entry.sackOk)
            .timestampsOk(entry.timestampsOk)
            .ecn0((entry.ecn & 1) != 0)
            .ecn1((entry.ecn & 2) != 0)
            .ecn2((entry.ecn & 4) != 0);
        encoder
            .id(entry.id)
            .localHi(entry.localHi)
            .localLo(entry.localLo)
            .localPort(entry.localPort)
            .remoteHi(entry.remoteHi)
            .remoteLo(entry.remoteLo)
            .remotePort(entry.remotePort)
            .flowLabel(entry.flowLabel)
            .iss(entry.iss)
            .irs(entry.irs)
            .remoteMss(entry.remoteMss)
            .sndWnd(entry.sndWnd)
            .sndShift((short)entry.sndShift)
            .rcvShift((short)entry.rcvShift)
            .rcvWnd(entry.rcvWnd)
            .tsRecent(entry.tsRecent)
            .tsRecentAgeNs(nowNs - entry.tsRecentAtNs)
            .tsVal(TcbAccess.tsVal(entry.tsOffset, nowNs + clock.timestampPhaseNs()))
            .sentAgeNs(nowNs - entry.sentNs)
            .retransmits(entry.retransmits)
            .retransmitInNs(entry.retransmitAtNs - nowNs)
            .repeatedAgeNs(entry.repeatedAtNs == HalfOpen.NEVER ? Spans.UNSET : nowNs - entry.repeatedAtNs);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /** Look at a record and verify every field of it. */
    HalfOpenDecoder verify(final DirectBuffer buffer, final int offset, final int length)
    {
        Headers.checkFixed(headerDecoder, buffer, offset, length, HalfOpenDecoder.TEMPLATE_ID,
            blockLength(buffer, offset, length));
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        final CompactFlagsDecoder flags = decoder.flags();
        final int maxShift = flags.windowScaleOk() ? MAX_SHIFT : 0;
        Rules.range("id", decoder.id(), 1, Long.MAX_VALUE);
        Rules.flags(buffer.getByte(flags.offset()) & 0xFF, KNOWN_FLAGS);
        Rules.range("ecn", ecn(flags), 0, MAX_ECN);
        Rules.ends(decoder.localHi(), decoder.localLo(), decoder.localPort(), decoder.remoteHi(), decoder.remoteLo(),
            decoder.remotePort());
        Rules.range("flowLabel", decoder.flowLabel(), 0, MAX_FLOW_LABEL);
        Rules.range("remoteMss", decoder.remoteMss(), MIN_MSS, MAX_WINDOW_FIELD);
        Rules.range("sndWnd", decoder.sndWnd(), 0, MAX_WINDOW_FIELD);
        Rules.range("sndShift", decoder.sndShift(), 0, maxShift);
        Rules.range("rcvShift", decoder.rcvShift(), 0, maxShift);
        Rules.range("rcvWnd", decoder.rcvWnd(), 0, MAX_WINDOW_FIELD);
        Rules.span("tsRecentAgeNs", decoder.tsRecentAgeNs());
        Rules.span("sentAgeNs", decoder.sentAgeNs());
        Rules.range("retransmits", decoder.retransmits(), 0, MAX_RETRANSMITS);
        Rules.span("retransmitInNs", decoder.retransmitInNs());
        Rules.spanOrUnset("repeatedAgeNs", decoder.repeatedAgeNs());
        return decoder;
    }

    private static int ecn(final CompactFlagsDecoder flags)
    {
        return (flags.ecn0() ? 1 : 0) | (flags.ecn1() ? 2 : 0) | (flags.ecn2() ? 4 : 0);
    }

    /** Version 0 ended before the first field of version 1. */
    private int blockLength(final DirectBuffer buffer, final int offset, final int length)
    {
        final boolean first = length >= MessageHeaderDecoder.ENCODED_LENGTH &&
            headerDecoder.wrap(buffer, offset).version() == 0;
        return first ? HalfOpenDecoder.repeatedAgeNsEncodingOffset() : HalfOpenDecoder.BLOCK_LENGTH;
    }

    /** Fill what the SYN queue does not set itself when an entry is added. */
    static void read(
        final HalfOpenDecoder fields,
        final HalfOpen entry,
        final IsnGenerator clock,
        final long nowNs,
        final long elapsedNs)
    {
        final CompactFlagsDecoder flags = fields.flags();
        entry.flowLabel = fields.flowLabel();
        entry.iss = fields.iss();
        entry.irs = fields.irs();
        entry.remoteMss = fields.remoteMss();
        entry.sndWnd = fields.sndWnd();
        entry.sndShift = fields.sndShift();
        entry.rcvShift = fields.rcvShift();
        entry.rcvWnd = fields.rcvWnd();
        entry.windowScaleOk = flags.windowScaleOk();
        entry.sackOk = flags.sackOk();
        entry.timestampsOk = flags.timestampsOk();
        entry.ecn = ecn(flags);
        entry.tsRecent = fields.tsRecent();
        entry.tsRecentAtNs = nowNs - elapsedNs - fields.tsRecentAgeNs();
        entry.tsOffset = TcbAccess.tsOffset(
            fields.tsVal() + Spans.toMillis(elapsedNs), nowNs + clock.timestampPhaseNs());
        entry.sentNs = nowNs - fields.sentAgeNs();
        entry.retransmits = fields.retransmits();
        final long repeatedAgeNs = fields.repeatedAgeNs();
        entry.repeatedAtNs = repeatedAgeNs == Spans.UNSET ? HalfOpen.NEVER : nowNs - repeatedAgeNs;
    }
}
