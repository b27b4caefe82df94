package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionBuffersDecoder;
import dev.baton.stack.state.codec.ConnectionBuffersEncoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcbAccess;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * How large the buffers of a connection are, what its user took of late, and how its ACKs are timed. Not thread safe.
 */
final class BuffersPart implements ConnectionPart
{
    /** Linux's limit of SO_RCVBUF, and within what the arithmetic of windows cannot overflow. */
    private static final int MAX_BYTES = 1 << 30;
    private static final int LEAST_BYTES = 1024;
    private static final int MAX_MICROSECONDS = 1 << 30;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ConnectionBuffersEncoder encoder = new ConnectionBuffersEncoder();
    private final ConnectionBuffersDecoder decoder = new ConnectionBuffersDecoder();

    @Override
    public int templateId()
    {
        return ConnectionBuffersDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return ConnectionBuffersDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        final boolean sized = tcb.sendRing.wantedBytes() != tcb.sendRing.initialBytes() ||
            tcb.receiveRing.wantedBytes() != tcb.receiveRing.initialBytes();
        final boolean measured = tcb.rcvRttUs != 0 || tcb.rcvRttSeq != 0 || tcb.rcvRttAtNs != 0 ||
            tcb.rcvSpaceBytes != 0 || tcb.rcvSpaceSeq != 0 || tcb.rcvSpaceAtNs != 0 || tcb.rcvHole || tcb.rcvSuper;
        final boolean timed = tcb.lastDataReceivedAtNs != 0 || tcb.atoUs != 0 || tcb.pingPong;
        final boolean counted = tcb.totalTimeouts != 0 || tcb.outOfOrderSegments != 0;
        return sized || measured || timed || counted || TcbAccess.rareCalls(tcb) != 0;
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .sendCapacity(tcb.sendRing.wantedBytes())
            .receiveCapacity(tcb.receiveRing.wantedBytes())
            .rcvRttUs(tcb.rcvRttUs)
            .rcvRttSeq(tcb.rcvRttSeq)
            .rcvRttAgeNs(age(tcb.rcvRttAtNs, nowNs))
            .rcvSpaceBytes(tcb.rcvSpaceBytes)
            .rcvSpaceSeq(tcb.rcvSpaceSeq)
            .rcvSpaceAgeNs(age(tcb.rcvSpaceAtNs, nowNs))
            .lastDataReceivedAgeNs(age(tcb.lastDataReceivedAtNs, nowNs))
            .atoUs(tcb.atoUs)
            .rcvHole((short)(tcb.rcvHole ? 1 : 0))
            .rcvSuper((short)(tcb.rcvSuper ? 1 : 0))
            .pingPong((short)(tcb.pingPong ? 1 : 0))
            .totalTimeouts(tcb.totalTimeouts)
            .outOfOrderSegments(tcb.outOfOrderSegments)
            .callsDue(TcbAccess.rareCalls(tcb));
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /** Age of something that has not happened when its time is 0. */
    private static long age(final long atNs, final long nowNs)
    {
        return atNs == 0 ? Spans.UNSET : nowNs - atNs;
    }

    private static long at(final long ageNs, final long nowNs)
    {
        return ageNs == Spans.UNSET ? 0 : nowNs - ageNs;
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        ConnectionParts.checkFixed(this, length);
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        Rules.range("sendCapacity", decoder.sendCapacity(), LEAST_BYTES, MAX_BYTES);
        Rules.range("receiveCapacity", decoder.receiveCapacity(), LEAST_BYTES, MAX_BYTES);
        Rules.range("rcvRttUs", decoder.rcvRttUs(), 0, MAX_MICROSECONDS);
        Rules.spanOrUnset("rcvRttAgeNs", decoder.rcvRttAgeNs());
        Rules.range("rcvSpaceBytes", decoder.rcvSpaceBytes(), 0, Integer.MAX_VALUE);
        Rules.spanOrUnset("rcvSpaceAgeNs", decoder.rcvSpaceAgeNs());
        Rules.spanOrUnset("lastDataReceivedAgeNs", decoder.lastDataReceivedAgeNs());
        Rules.range("atoUs", decoder.atoUs(), 0, MAX_MICROSECONDS);
        Rules.range("rcvHole", decoder.rcvHole(), 0, 1);
        Rules.range("rcvSuper", decoder.rcvSuper(), 0, 1);
        Rules.range("pingPong", decoder.pingPong(), 0, 1);
        Rules.range("totalTimeouts", decoder.totalTimeouts(), 0, Integer.MAX_VALUE);
        Rules.range("outOfOrderSegments", decoder.outOfOrderSegments(), 0, Integer.MAX_VALUE);
        Rules.require((decoder.callsDue() & ~TcbAccess.RARE_CALLS) == 0, "callsDue", decoder.callsDue(),
            "only the bits " + TcbAccess.RARE_CALLS + " are known");
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
        Rules.range("receiveCapacity", decoder.receiveCapacity(), tcb.rcvAdv - tcb.receiveRing.firstSeq(), MAX_BYTES);
        tcb.sendRing.capacityBytes(decoder.sendCapacity());
        tcb.receiveRing.capacityBytes(decoder.receiveCapacity());
        tcb.rcvRttUs = decoder.rcvRttUs();
        tcb.rcvRttSeq = decoder.rcvRttSeq();
        tcb.rcvRttAtNs = at(decoder.rcvRttAgeNs(), nowNs);
        tcb.rcvSpaceBytes = decoder.rcvSpaceBytes();
        tcb.rcvSpaceSeq = decoder.rcvSpaceSeq();
        tcb.rcvSpaceAtNs = at(decoder.rcvSpaceAgeNs(), nowNs);
        tcb.lastDataReceivedAtNs = at(decoder.lastDataReceivedAgeNs(), nowNs);
        tcb.atoUs = decoder.atoUs();
        tcb.rcvHole = decoder.rcvHole() != 0;
        tcb.rcvSuper = decoder.rcvSuper() != 0;
        tcb.pingPong = decoder.pingPong() != 0;
        tcb.totalTimeouts = decoder.totalTimeouts();
        tcb.outOfOrderSegments = decoder.outOfOrderSegments();
        TcbAccess.rareCalls(tcb, decoder.callsDue());
    }
}
