package dev.baton.stack.state;

import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.PeerMetricsDecoder;
import dev.baton.stack.state.codec.PeerMetricsEncoder;
import dev.baton.stack.tcp.PeerCache;
import dev.baton.stack.tcp.PeerMetrics;
import dev.baton.stack.wire.TcpOptions;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What is remembered of a peer as one {@code PeerMetrics} message. A cache is its messages in the order of {@link
 * PeerCache#forEach}; read in that order into an empty one they make the same cache. Reused; not thread safe.
 */
public final class PeerMetricsCodec
{
    private static final long MAX_RTT_NS = 1L << 56;
    private static final int MAX_WINDOW = 1 << 30;
    private static final int MAX_PACKET = 65_535;
    private static final int MAX_LOSSES = 1 << 30;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final PeerMetricsEncoder encoder = new PeerMetricsEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final PeerMetricsDecoder decoder = new PeerMetricsDecoder();

    /**
     * Write an entry.
     *
     * @param entry  of a cache.
     * @param nowNs  the cut, on its shard's clock.
     * @param buffer to be written to; it grows if it is expandable.
     * @param offset of the message header.
     * @return length of header and message in bytes.
     */
    public int write(final PeerMetrics entry, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder);
        encoder
            .remoteHi(entry.remoteHi)
            .remoteLo(entry.remoteLo)
            .learnedAgeNs(nowNs - entry.learnedAtNs)
            .rttNs(entry.rttNs)
            .rttvarNs(entry.rttvarNs)
            .ssthreshBytes(entry.ssthreshBytes)
            .pathMtu(entry.pathMtu)
            .mss(entry.mss)
            .cookieLength((short)entry.cookieLength)
            .experimental((short)(entry.experimental ? 1 : 0))
            .cookieHi(entry.cookieHi)
            .cookieLo(entry.cookieLo)
            .fastOpenLosses(entry.fastOpenLosses)
            .fastOpenLostAgeNs(
                entry.fastOpenLostAtNs == PeerMetrics.NEVER ? Spans.UNSET : nowNs - entry.fastOpenLostAtNs);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /**
     * Verify a message.
     *
     * @param buffer that holds it.
     * @param offset of the message header.
     * @param length of header and message in bytes.
     * @throws StateException when a value cannot be that of a peer.
     */
    public void check(final DirectBuffer buffer, final int offset, final int length)
    {
        Headers.checkFixed(headerDecoder, buffer, offset, length, PeerMetricsDecoder.TEMPLATE_ID,
            PeerMetricsDecoder.BLOCK_LENGTH);
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        Rules.span("learnedAgeNs", decoder.learnedAgeNs());
        Rules.range("rttNs", decoder.rttNs(), 0, MAX_RTT_NS);
        Rules.range("rttvarNs", decoder.rttvarNs(), 0, MAX_RTT_NS);
        Rules.range("ssthreshBytes", decoder.ssthreshBytes(), 0, MAX_WINDOW);
        Rules.range("pathMtu", decoder.pathMtu(), 0, MAX_PACKET);
        Rules.range("cookieLength", decoder.cookieLength(), 0, TcpOptions.MAX_COOKIE);
        Rules.range("experimental", decoder.experimental(), 0, 1);
        Rules.range("fastOpenLosses", decoder.fastOpenLosses(), 0, MAX_LOSSES);
        Rules.spanOrUnset("fastOpenLostAgeNs", decoder.fastOpenLostAgeNs());
    }

    /**
     * Put the peer of a message that has been verified into a cache, as the one used last.
     *
     * @param buffer that holds it.
     * @param offset of the message header.
     * @param cache  of the importing shard.
     * @param nowNs  the cut, on the clock of the importing shard.
     */
    public void read(final DirectBuffer buffer, final int offset, final PeerCache cache, final long nowNs)
    {
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        final PeerMetrics entry = cache.learn(decoder.remoteHi(), decoder.remoteLo(), nowNs);
        final long lostAgeNs = decoder.fastOpenLostAgeNs();
        entry.learnedAtNs = nowNs - decoder.learnedAgeNs();
        entry.rttNs = decoder.rttNs();
        entry.rttvarNs = decoder.rttvarNs();
        entry.ssthreshBytes = decoder.ssthreshBytes();
        entry.pathMtu = decoder.pathMtu();
        entry.mss = decoder.mss();
        entry.cookieLength = decoder.cookieLength();
        entry.experimental = decoder.experimental() == 1;
        entry.cookieHi = decoder.cookieHi();
        entry.cookieLo = decoder.cookieLo();
        entry.fastOpenLosses = decoder.fastOpenLosses();
        entry.fastOpenLostAtNs = lostAgeNs == Spans.UNSET ? PeerMetrics.NEVER : nowNs - lostAgeNs;
    }
}
