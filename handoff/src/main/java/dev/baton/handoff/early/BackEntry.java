package dev.baton.handoff.early;

import dev.baton.stack.wire.TcpOptions;

/**
 * A connection at the back, from HANDOFF REQUEST to the answer to TERMINATION. State only; {@link BackSegments} and
 * {@link BackProtocol} have the rules.
 * <pre>
 *   REQUEST            replay done        COMMIT            TCP has let go           TERMINATED
 *   -----&gt; REPLAYING -----------&gt; PREPARED -----&gt; ACTIVE --------------&gt; CLOSING -----------&gt; (free)
 *              | cannot               | CANCEL, time-out, not in the front's inventory
 *              v                      v
 *            (free): REJECT         (free): a RST goes up, nothing goes out
 * </pre>
 */
final class BackEntry extends Flow
{
    /** The stored SYN is being played to TCP; the SYN/ACK is captured. */
    static final int REPLAYING = 1;
    /** TCP is ESTABLISHED; egress gate and indication are shut. */
    static final int PREPARED = 2;
    /** The gate is open. */
    static final int ACTIVE = 3;
    /** TCP has let go; TERMINATION is repeated until it is answered. */
    static final int CLOSING = 4;
    /** The gate is shut for good; a RST is on its way up. */
    static final int DOOMED = 5;

    int state;
    long handoffId;
    int epoch;
    int peer;
    int channelGeneration;

    long vipHi;
    long vipLo;
    int vipPort;
    int isnClient;
    int isnFront;
    int isnBack;
    int delta;
    int tsOffset;
    int frontWindowScale = TcpOptions.ABSENT;
    int backWindowScale = TcpOptions.ABSENT;
    int rightEdge;

    boolean synAckSeen;
    boolean rstSeen;
    int synAckWindowBytes;
    int synAckMss;
    int synAckTsVal;
    boolean synAckSack;
    boolean synAckTimestamps;
    boolean synAckEcn;

    Hold hold;

    boolean finOut;
    int finOutEnd;
    boolean finOutAcked;
    boolean finIn;
    int finInEnd;
    boolean finInAcked;
    boolean reset;
    int endReason;

    long preparedNs;
    long committedNs;
    long closingNs;
    long rewrittenSegments;

    void reset()
    {
        state = REPLAYING;
        synAckSeen = false;
        rstSeen = false;
        synAckWindowBytes = 0;
        synAckMss = 0;
        synAckTsVal = 0;
        synAckSack = false;
        synAckTimestamps = false;
        synAckEcn = false;
        backWindowScale = TcpOptions.ABSENT;
        isnBack = 0;
        delta = 0;
        tsOffset = 0;
        rightEdge = 0;
        hold = null;
        finOut = false;
        finOutAcked = false;
        finIn = false;
        finInAcked = false;
        reset = false;
        endReason = 0;
        preparedNs = 0;
        committedNs = 0;
        closingNs = 0;
        rewrittenSegments = 0;
    }

    String stateName()
    {
        return switch (state)
        {
            case REPLAYING -> "replaying";
            case PREPARED -> "prepared";
            case ACTIVE -> "active";
            case DOOMED -> "doomed";
            default -> "closing";
        };
    }
}
