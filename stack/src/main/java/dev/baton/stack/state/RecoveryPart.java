package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionRecoveryDecoder;
import dev.baton.stack.state.codec.ConnectionRecoveryEncoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.MessageHeaderEncoder;
import dev.baton.stack.state.codec.RecoveryFlagsDecoder;
import dev.baton.stack.tcp.RecoveryState;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.wire.Seq;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** What a connection remembers of its recoveries (RFC 8985, RFC 9937, RFC 5682, RFC 4015). */
final class RecoveryPart implements ConnectionPart
{
    private static final int KNOWN_FLAGS = (1 << 3) - 1;
    private static final int MAX_WINDOW = 1 << 30;
    private static final int MAX_PERSIST = 16;

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final ConnectionRecoveryEncoder encoder = new ConnectionRecoveryEncoder();
    private final ConnectionRecoveryDecoder decoder = new ConnectionRecoveryDecoder();

    @Override
    public int templateId()
    {
        return ConnectionRecoveryDecoder.TEMPLATE_ID;
    }

    @Override
    public int blockLength()
    {
        return ConnectionRecoveryDecoder.BLOCK_LENGTH;
    }

    @Override
    public boolean isNeeded(final Tcb tcb)
    {
        final RecoveryState state = tcb.recoveryStateOrNull();
        return state != null && !state.isFresh();
    }

    @Override
    public int write(final Tcb tcb, final long nowNs, final MutableDirectBuffer buffer, final int offset)
    {
        final RecoveryState state = tcb.recoveryState();
        encoder.wrapAndApplyHeader(buffer, offset, headerEncoder)
            .reoWndMult(state.reoWndMult)
            .reoWndPersist(state.reoWndPersist)
            .dsackRound(state.dsackRound)
            .recoverFlightBytes(state.recoverFlightBytes)
            .prrDeliveredBytes(state.prrDeliveredBytes)
            .prrOutBytes(state.prrOutBytes)
            .undoFrom(state.undoFrom)
            .undoTo(state.undoTo)
            .resentBytes(state.resentBytes)
            .dsackedBytes(state.dsackedBytes)
            .resentTsVal(state.resentTsVal)
            .priorCwndBytes(state.priorCwndBytes)
            .priorSsthreshBytes(state.priorSsthreshBytes)
            .priorWord0(state.priorWord0)
            .priorWord1(state.priorWord1)
            .priorWord2(state.priorWord2)
            .priorWord3(state.priorWord3)
            .frto(state.frto);
        encoder.flags().clear()
            .reorderingSeen(state.reorderingSeen)
            .dsackRoundOpen(state.dsackRoundOpen)
            .undoable(state.undoable);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    @Override
    public void check(final DirectBuffer buffer, final int offset, final int length, final ConnectionDecoder fields)
    {
        ConnectionParts.checkFixed(this, length);
        decoder.wrapAndApplyHeader(buffer, offset, headerDecoder);
        Rules.flags(decoder.flags().getRaw(), KNOWN_FLAGS);
        Rules.range("reoWndMult", decoder.reoWndMult(), 1, RecoveryState.MAX_REO_WND_MULT);
        Rules.range("reoWndPersist", decoder.reoWndPersist(), 0, MAX_PERSIST);
        Rules.range("recoverFlightBytes", decoder.recoverFlightBytes(), 0, Integer.MAX_VALUE);
        Rules.range("prrDeliveredBytes", decoder.prrDeliveredBytes(), 0, Integer.MAX_VALUE);
        Rules.range("prrOutBytes", decoder.prrOutBytes(), 0, Integer.MAX_VALUE);
        Rules.require(decoder.recoverFlightBytes() > 0 || fields.recoveryRaw() != Tcb.RECOVERY_FAST ||
            decoder.prrDeliveredBytes() == 0, "recoverFlightBytes", 0, "something was in flight when the recovery began");
        undo(fields);
        Rules.range("frto", decoder.frto(), RecoveryState.FRTO_OFF,
            fields.recoveryRaw() == Tcb.RECOVERY_LOSS ? RecoveryState.FRTO_SECOND : RecoveryState.FRTO_OFF);
    }

    private void undo(final ConnectionDecoder fields)
    {
        Rules.range("resentBytes", decoder.resentBytes(), 0, Integer.MAX_VALUE);
        Rules.range("dsackedBytes", decoder.dsackedBytes(), 0, decoder.resentBytes());
        Rules.range("priorCwndBytes", decoder.priorCwndBytes(), 0, MAX_WINDOW);
        Rules.range("priorSsthreshBytes", decoder.priorSsthreshBytes(), 0, MAX_WINDOW);
        if (decoder.flags().undoable())
        {
            Rules.require(Seq.leq(decoder.undoFrom(), fields.sndUna()), "undoFrom", decoder.undoFrom(),
                "the recovery began at sndUna " + fields.sndUna() + " or before");
            Rules.require(Seq.leq(decoder.undoTo(), fields.sndNxt()), "undoTo", decoder.undoTo(),
                "nothing was sent after sndNxt " + fields.sndNxt());
        }
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
        final RecoveryState state = tcb.recoveryState();
        state.reoWndMult = decoder.reoWndMult();
        state.reoWndPersist = decoder.reoWndPersist();
        state.dsackRound = decoder.dsackRound();
        state.recoverFlightBytes = decoder.recoverFlightBytes();
        state.prrDeliveredBytes = decoder.prrDeliveredBytes();
        state.prrOutBytes = decoder.prrOutBytes();
        state.undoFrom = decoder.undoFrom();
        state.undoTo = decoder.undoTo();
        state.resentBytes = decoder.resentBytes();
        state.dsackedBytes = decoder.dsackedBytes();
        state.resentTsVal = decoder.resentTsVal();
        state.priorCwndBytes = decoder.priorCwndBytes();
        state.priorSsthreshBytes = decoder.priorSsthreshBytes();
        state.priorWord0 = decoder.priorWord0();
        state.priorWord1 = decoder.priorWord1();
        state.priorWord2 = decoder.priorWord2();
        state.priorWord3 = decoder.priorWord3();
        state.frto = decoder.frto();
        state.reorderingSeen = decoder.flags().reorderingSeen();
        state.dsackRoundOpen = decoder.flags().dsackRoundOpen();
        state.undoable = decoder.flags().undoable();
    }
}
