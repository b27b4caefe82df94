package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.ShardStateDecoder;
import dev.baton.stack.state.codec.ShardStateEncoder;
import dev.baton.stack.tcp.ChallengeAcks;
import dev.baton.stack.tcp.HandshakeState;
import dev.baton.stack.tcp.IsnGenerator;
import dev.baton.stack.tcp.LocalPorts;
import dev.baton.stack.tcp.ShardAccess;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What belongs to a shard as a whole, as one {@code ShardState} message: its secret, the position of its random source,
 * what ids and ports come next, and what its clocks are counted from. Reused; not thread safe.
 */
final class ShardStateCodec
{
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ShardStateEncoder encoder = new ShardStateEncoder();
    private final ShardStateDecoder decoder = new ShardStateDecoder();
    private final GroupFrame frame = new GroupFrame();

    int write(final NetStack stack, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        final IsnGenerator isn = stack.tcp().isnGenerator();
        final ShardAccess shard = stack.tcp().shardAccess();
        final HandshakeState handshakes = stack.tcp().handshakes();
        final ChallengeAcks challenges = shard.challengeAcks();
        final long beganNs = challenges.secondBeganNs();
        final long cookieAgeNs = handshakes.synCookies().lastSentAgeNs(nowNs);
        final int blackholes = handshakes.fastOpenBlackhole().times();
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .secret0(isn.secret0())
            .secret1(isn.secret1())
            .randomState(stack.tcp().random().state())
            .nextId(stack.tcp().transfers().nextId())
            .nextUdpId(stack.udp().nextId())
            .clockAgeNs(isn.clockAgeNs(nowNs))
            .lastPollAgeNs(nowNs - shard.lastPollNs())
            .lastUdpPollAgeNs(nowNs - stack.udp().lastPollNs())
            .challengeBeganAgeNs(beganNs == Long.MIN_VALUE ? Spans.UNSET : nowNs - beganNs)
            .challengesLeft(challenges.left())
            .cookieEpochAgeNs(handshakes.synCookies().epochAgeNs(nowNs))
            .cookieSentAgeNs(cookieAgeNs < 0 ? Spans.UNSET : cookieAgeNs)
            .fastOpenEpochAgeNs(handshakes.fastOpenCookies().epochAgeNs(nowNs))
            .blackholeTimes(blackholes)
            .blackholeAgeNs(blackholes == 0 ? Spans.UNSET : handshakes.fastOpenBlackhole().ageNs(nowNs));
        final ShardStateEncoder.PortCountersEncoder ports = encoder.portCountersCount(LocalPorts.COUNTERS);
        for (int i = 0; i < LocalPorts.COUNTERS; i++)
        {
            ports.next().counter(handshakes.localPorts().count(i));
        }
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /** Verify the message; nothing changes. Returns its fields. */
    ShardStateDecoder check(final DirectBuffer buffer, final int offset, final int length)
    {
        frame.begin(buffer, offset, length, ShardStateDecoder.TEMPLATE_ID, ShardStateDecoder.BLOCK_LENGTH);
        final int ports = frame.group(
            "portCounters", ShardStateDecoder.PortCountersDecoder.sbeBlockLength(), LocalPorts.COUNTERS);
        frame.end();
        Rules.require(ports == LocalPorts.COUNTERS, "portCounters", ports, "there are " + LocalPorts.COUNTERS);
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        Rules.range("nextId", decoder.nextId(), 1, Spans.SPAN_LIMIT_NS);
        Rules.range("nextUdpId", decoder.nextUdpId(), 1, Long.MAX_VALUE);
        Rules.span("clockAgeNs", decoder.clockAgeNs());
        Rules.span("lastPollAgeNs", decoder.lastPollAgeNs());
        Rules.span("lastUdpPollAgeNs", decoder.lastUdpPollAgeNs());
        Rules.spanOrUnset("challengeBeganAgeNs", decoder.challengeBeganAgeNs());
        Rules.range("challengesLeft", decoder.challengesLeft(), 0, Integer.MAX_VALUE);
        Rules.span("cookieEpochAgeNs", decoder.cookieEpochAgeNs());
        if (decoder.cookieSentAgeNs() != Spans.UNSET)
        {
            Rules.range("cookieSentAgeNs", decoder.cookieSentAgeNs(), 0, Spans.SPAN_LIMIT_NS);
        }
        Rules.span("fastOpenEpochAgeNs", decoder.fastOpenEpochAgeNs());
        Rules.range("blackholeTimes", decoder.blackholeTimes(), 0, Integer.MAX_VALUE);
        Rules.spanOrUnset("blackholeAgeNs", decoder.blackholeAgeNs());
        Rules.require(decoder.blackholeTimes() == 0 == (decoder.blackholeAgeNs() == Spans.UNSET), "blackholeAgeNs",
            decoder.blackholeAgeNs(), "it is set when blackholeTimes is not 0");
        return decoder;
    }

    /** Give a shard what a verified message holds, before anything that its secret orders; but not the ids. */
    void read(
        final DirectBuffer buffer, final int offset, final NetStack stack, final long nowNs, final long elapsedNs)
    {
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        stack.secret(decoder.secret0(), decoder.secret1());
        stack.tcp().random().state(decoder.randomState());
        stack.tcp().isnGenerator().restore(decoder.clockAgeNs() + elapsedNs, nowNs);
        final HandshakeState handshakes = stack.tcp().handshakes();
        final long sentAgeNs = decoder.cookieSentAgeNs();
        handshakes.synCookies().restore(
            decoder.cookieEpochAgeNs() + elapsedNs, sentAgeNs == Spans.UNSET ? -1 : sentAgeNs + elapsedNs, nowNs);
        handshakes.fastOpenCookies().restore(decoder.fastOpenEpochAgeNs() + elapsedNs, nowNs);
        final long blackholeAgeNs = decoder.blackholeAgeNs();
        handshakes.fastOpenBlackhole().restore(
            decoder.blackholeTimes(), blackholeAgeNs == Spans.UNSET ? 0 : blackholeAgeNs + elapsedNs, nowNs);
        final long beganAgeNs = decoder.challengeBeganAgeNs();
        stack.tcp().shardAccess().challengeAcks().restore(
            beganAgeNs == Spans.UNSET ? Long.MIN_VALUE : nowNs - beganAgeNs, decoder.challengesLeft());
        int i = 0;
        for (final ShardStateDecoder.PortCountersDecoder port : decoder.portCounters())
        {
            handshakes.localPorts().count(i, port.counter());
            i++;
        }
    }

    /** Give a shard that has everything else what it would be told by what comes in: ids, and when it was polled. */
    void readLast(final DirectBuffer buffer, final int offset, final NetStack stack, final long nowNs)
    {
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        stack.tcp().shardAccess().nextId(decoder.nextId());
        stack.udp().nextId(decoder.nextUdpId());
        stack.tcp().shardAccess().lastPollNs(nowNs - decoder.lastPollAgeNs());
        stack.udp().lastPollNs(nowNs - decoder.lastUdpPollAgeNs());
    }
}
