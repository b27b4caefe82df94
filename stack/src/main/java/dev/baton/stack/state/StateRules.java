package dev.baton.stack.state;

import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.state.codec.ConnectionFlagsDecoder;
import dev.baton.stack.tcp.TcpState;

/** What the state of a connection (RFC 9293, section 3.3.2) says about its flags and FINs. */
final class StateRules
{
    private static final int OURS_ACKED = set(TcpState.FIN_WAIT_2, TcpState.TIME_WAIT, TcpState.CLOSED);
    private static final int OURS_QUEUED = OURS_ACKED | set(TcpState.FIN_WAIT_1, TcpState.CLOSING, TcpState.LAST_ACK);
    private static final int THEIRS_RECEIVED = set(
        TcpState.CLOSE_WAIT, TcpState.CLOSING, TcpState.LAST_ACK, TcpState.TIME_WAIT, TcpState.CLOSED);
    private static final int DETACHED = set(TcpState.TIME_WAIT, TcpState.CLOSED);

    private StateRules()
    {
    }

    private static int set(final int... states)
    {
        int set = 0;
        for (final int state : states)
        {
            set |= 1 << state;
        }
        return set;
    }

    /** Has the handshake been completed? A Tcb in CLOSED is what is left of one whose data has not been read. */
    static boolean isSynchronised(final int state)
    {
        return TcpState.isSynchronised(state) || state == TcpState.CLOSED;
    }

    static boolean isDetached(final int state)
    {
        return is(state, DETACHED);
    }

    private static boolean is(final int state, final int set)
    {
        return (1 << state & set) != 0;
    }

    static void check(final ConnectionDecoder fields)
    {
        final int state = fields.stateRaw();
        final ConnectionFlagsDecoder flags = fields.flags();
        agree(state, "wasEstablished", flags.wasEstablished(), isSynchronised(state));
        agree(state, "finReceived", flags.finReceived(), is(state, THEIRS_RECEIVED));
        agree(state, "detached", flags.detached(), is(state, DETACHED));
        if (is(state, OURS_QUEUED))
        {
            agree(state, "finQueued", flags.finQueued(), true);
        }
        else
        {
            agree(state, "finSent", flags.finSent(), false);
        }
        if (is(state, OURS_ACKED))
        {
            agree(state, "finSent", flags.finSent(), true);
            Rules.require(fields.sndUna() == fields.sndNxt(), "sndUna", fields.sndUna(),
                "all is acknowledged in " + TcpState.name(state) + ", so it must be sndNxt " + fields.sndNxt());
        }
        if (flags.detached())
        {
            detached(fields);
        }
        final boolean callsDue = flags.acceptedDue() || flags.readableDue() || flags.writableDue();
        Rules.require(!callsDue || flags.indicated(), "indicated", 0, "a call of the service is owed, so it must be 1");
    }

    private static void detached(final ConnectionDecoder fields)
    {
        agree(fields.stateRaw(), "indicated", fields.flags().indicated(), true);
        final boolean timer = fields.retransmitInNs() != Spans.UNSET || fields.persistInNs() != Spans.UNSET ||
            fields.delayedAckInNs() != Spans.UNSET || fields.keepAliveInNs() != Spans.UNSET ||
            fields.finWait2InNs() != Spans.UNSET || fields.userTimeoutInNs() != Spans.UNSET;
        Rules.require(!timer, "detached", 1, "no timer runs any more in such a connection");
        Rules.require(fields.receiveNextSeq() != fields.receiveFirstSeq() || fields.flags().dirty(), "detached", 1,
            "without data to be read it would stay for ever");
    }

    private static void agree(final int state, final String flag, final boolean value, final boolean expected)
    {
        Rules.require(value == expected, flag, value ? 1 : 0, "it must be " + (expected ? 1 : 0) + " in " + TcpState.name(state));
    }
}
