package dev.baton.stack.tcp;

import dev.baton.stack.StackContext;
import dev.baton.stack.StackCounter;
import dev.baton.stack.StackCounters;
import dev.baton.stack.wire.IpEcn;
import dev.baton.stack.wire.TcpHeader;

/**
 * What SYNs agree about ECN (RFC 3168, section 6.1.1; RFC 9768, section 3.1, table 2). Flags are AE CWR ECE.
 * <pre>
 *   we ask      SYN   the peer answers   SYN/ACK              mode
 *   accurate    111   accurate           010 011 100 110 101  accurate
 *   accurate    111   classic            001                  classic
 *   accurate    111   none, or broken    000 111              none
 *   classic     011   classic            .01                  classic
 *
 *   the peer asks           SYN                 we answer     mode
 *   accurate, or unknown    111 001 010 100..   by table 3    accurate, where that is on
 *   accurate                111                 001           classic, where only that is on
 *   classic                 011                 001           classic
 *   none                    000                 000           none
 * </pre>
 * SYNs and SYN/ACKs are never ECT. A SYN that is not answered is sent without the flags in the end, and so is a SYN/ACK
 * (RFC 3168, section 6.1.1.1; RFC 9768, section 3.1.4); who has sent or received one without them does not set ECT any
 * more ({@link Tcb#ecnFallback}; RFC 9768, section 3.1.5), but goes on feeding back.
 * <p>
 * What a half-open connection has agreed is one number of three bits, which a codec, or a stateless cookie, can keep.
 */
final class EcnHandshake
{
    /** Agreed: no ECN. */
    static final int NONE = 0;
    /** Agreed: classic ECN. */
    static final int CLASSIC = 1;
    /** Agreed: accurate ECN, but a SYN or SYN/ACK went without flags: nothing of ours is ECT. */
    static final int MUTE = 2;
    /** Agreed: accurate ECN; the ECN field of the SYN is added. */
    static final int ACCURATE = 3;
    /** Greatest number that stands for something. */
    static final int MAX = ACCURATE + IpEcn.MASK;

    /** A SYN that asks for accurate ECN is sent twice before it is sent without (RFC 9768, section 3.1.4.1). */
    private static final int ACCURATE_ATTEMPTS = 2;
    private static final int CLASSIC_BITS = 3;

    private EcnHandshake()
    {
    }

    /** What is asked for when we connect: a mode of {@link Tcb}. */
    static int offered(final StackContext context)
    {
        switch (context.ecn())
        {
            case 1:
            case 4:
                return Tcb.ECN_CLASSIC;
            case 3:
                return Tcb.ECN_ACCURATE;
            default:
                return Tcb.ECN_NONE;
        }
    }

    /** What may be agreed to when a peer connects: a mode of {@link Tcb}. */
    static int allowed(final StackContext context)
    {
        final int ecn = context.ecn();
        return ecn >= 3 ? Tcb.ECN_ACCURATE : ecn == 0 ? Tcb.ECN_NONE : Tcb.ECN_CLASSIC;
    }

    /**
     * Agree to what a SYN asks for.
     *
     * @param allowed the best mode that we take part in.
     * @param syn     the peer's.
     * @return what is agreed.
     */
    static int answer(final int allowed, final Segment syn)
    {
        final int ace = TcpHeader.ace(syn.flags);
        if (allowed == Tcb.ECN_NONE || ace == 0)
        {
            return NONE;
        }
        if (allowed == Tcb.ECN_ACCURATE && ace != AceField.CLASSIC_SYN)
        {
            return ACCURATE + syn.ipEcn;
        }
        // A classic SYN is never ECT: one that comes so was changed on its way, or is no ECN setup at all.
        final boolean setup = (ace & CLASSIC_BITS) == AceField.CLASSIC_SYN;
        return setup && (syn.ipEcn == IpEcn.NOT_ECT || ace == AceField.ACCURATE_SYN) ? CLASSIC : NONE;
    }

    /**
     * The SYN has come again: the mode stays, a SYN without flags is answered without, and the latest ECN field is told
     * (RFC 9768, sections 3.1.4 and 3.1.5; classic: RFC 3168, section 6.1.1.1).
     */
    static int again(final int agreed, final Segment syn)
    {
        final boolean asks = TcpHeader.ace(syn.flags) != 0;
        if (agreed < MUTE)
        {
            return asks ? agreed : NONE;
        }
        return asks && agreed >= ACCURATE ? ACCURATE + syn.ipEcn : MUTE;
    }

    /** What is agreed once a SYN/ACK has been sent again so often (RFC 9768, section 3.1.4.2). */
    static int afterTimeout(final int agreed, final int retransmits, final StackContext context)
    {
        return agreed >= ACCURATE && retransmits >= ACCURATE_ATTEMPTS && context.ecnFallback() ? MUTE : agreed;
    }

    /**
     * What was agreed when nothing is left but that it was: the ACK of the SYN/ACK tells which kind, because accurate ECN
     * has neither 0 nor 1 there (RFC 9768, section 3.2.2.1, table 4, note 3). How the SYN came has been told.
     */
    static int remembered(final int allowed, final Segment ack)
    {
        final boolean accurate = TcpHeader.ace(ack.flags) > AceField.CLASSIC_SYN_ACK;
        return accurate && allowed == Tcb.ECN_ACCURATE ? ACCURATE : CLASSIC;
    }

    /** Flags of the SYN/ACK. */
    static int synAckFlags(final int agreed)
    {
        if (agreed >= ACCURATE)
        {
            return TcpHeader.aceFlags(AceField.tell(agreed - ACCURATE));
        }
        return agreed == CLASSIC ? TcpHeader.ECE : 0;
    }

    /** Does the SYN/ACK carry the option? Only the first one: it may be why nothing came back (section 3.2.3.2.2). */
    static boolean synAckOption(final int agreed, final int retransmits, final StackContext context)
    {
        return agreed >= ACCURATE && context.ecnOption() > 0 && (retransmits == 0 || context.ecnOption() > 2);
    }

    /** Flags of our SYN; gives up asking after some. */
    static int synFlags(final Tcb tcb, final StackContext context)
    {
        final int attempts = tcb.ecnMode == Tcb.ECN_ACCURATE ? ACCURATE_ATTEMPTS : 1;
        tcb.ecnFallback |= tcb.ecnMode != Tcb.ECN_NONE && tcb.retransmits >= attempts && context.ecnFallback();
        if (tcb.ecnMode == Tcb.ECN_NONE || tcb.ecnFallback)
        {
            return 0;
        }
        return TcpHeader.aceFlags(
            tcb.ecnMode == Tcb.ECN_ACCURATE ? AceField.ACCURATE_SYN : AceField.CLASSIC_SYN);
    }

    /** What a connection that has answered a SYN has agreed. */
    static int agreed(final Tcb tcb)
    {
        if (tcb.ecnMode == Tcb.ECN_ACCURATE)
        {
            return tcb.ecnFallback ? MUTE : ACCURATE + tcb.accurateEcn.synEcn;
        }
        return tcb.ecnMode == Tcb.ECN_CLASSIC ? CLASSIC : NONE;
    }

    /** A connection takes over what was agreed. */
    static void take(final Tcb tcb, final int agreed)
    {
        tcb.ecnFallback = agreed == MUTE;
        if (agreed < MUTE)
        {
            tcb.ecnMode = agreed == CLASSIC ? Tcb.ECN_CLASSIC : Tcb.ECN_NONE;
            return;
        }
        if (tcb.accurateEcn == null || tcb.ecnMode != Tcb.ECN_ACCURATE)
        {
            tcb.beginAccurateEcn();
        }
        tcb.accurateEcn.synEcn = agreed == MUTE ? IpEcn.NOT_ECT : agreed - ACCURATE;
    }

    /** The SYN/ACK has come that answers our SYN. */
    static void onSynAck(
        final Tcb tcb, final Segment synAck, final StackContext context, final StackCounters counters)
    {
        final int ace = TcpHeader.ace(synAck.flags);
        final boolean accurate = tcb.ecnMode == Tcb.ECN_ACCURATE &&
            ace != 0 && ace != AceField.CLASSIC_SYN_ACK && ace != AceField.ACCURATE_SYN;
        if (accurate)
        {
            tcb.beginAccurateEcn();
            tcb.accurateEcn.synEcn = synAck.ipEcn;
            tcb.accurateEcn.reflect = synAck.ipEcn;
            tcb.accurateEcn.allDue();
            final int told = AceField.told(ace);
            if (told != AceField.UNCHANGED && told != IpEcn.NOT_ECT && context.ecnFallback())
            {
                // Our SYN was Not-ECT, and something on the path has changed that (RFC 9768, section 3.2.2.3).
                tcb.ecnFallback = true;
            }
            AccurateEcnInput.takeOption(tcb, synAck, counters);
            tcb.ceReceived = synAck.ipEcn == IpEcn.CE ? 1 : 0;
        }
        else
        {
            final boolean classic = tcb.ecnMode == Tcb.ECN_ACCURATE ?
                ace == AceField.CLASSIC_SYN_ACK : (ace & CLASSIC_BITS) == AceField.CLASSIC_SYN_ACK;
            tcb.ecnMode = classic && tcb.ecnMode != Tcb.ECN_NONE ? Tcb.ECN_CLASSIC : Tcb.ECN_NONE;
            tcb.ecnFallback &= tcb.ecnMode != Tcb.ECN_NONE;
        }
    }

    /** The ACK of the SYN/ACK may have been lost, and with it what it told (RFC 9768, section 3.2.2.1): tell it again. */
    static void onRepeatedSynAck(final Tcb tcb, final Segment segment)
    {
        final int kind = segment.flags & (TcpHeader.SYN | TcpHeader.ACK);
        if (tcb.ecnMode == Tcb.ECN_ACCURATE && !tcb.passive && kind == (TcpHeader.SYN | TcpHeader.ACK) &&
            segment.seq == tcb.irs)
        {
            tcb.accurateEcn.reflect = segment.ipEcn;
        }
    }

    /** The connection is established: count what came of it, and set what its options may do. */
    static void onEstablished(
        final Tcb tcb, final boolean synAckResent, final StackContext context, final StackCounters counters)
    {
        if (tcb.ecnMode == Tcb.ECN_NONE)
        {
            return;
        }
        final boolean accurate = tcb.ecnMode == Tcb.ECN_ACCURATE;
        counters.increment(accurate ? StackCounter.ECN_ACCURATE_OPENS : StackCounter.ECN_CLASSIC_OPENS);
        if (tcb.ecnFallback)
        {
            counters.increment(StackCounter.ECN_FALLBACKS);
        }
        if (accurate)
        {
            tcb.accurateEcn.optionMute =
                context.ecnOption() == 0 || tcb.passive && synAckResent && context.ecnOption() < 3;
        }
    }
}
