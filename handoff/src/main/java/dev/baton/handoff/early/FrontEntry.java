package dev.baton.handoff.early;

import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.wire.TcpOptions;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A connection at the front, from its SYN to the end of forwarding. State only; {@link FrontSegments} and
 * {@link FrontProtocol} have the rules.
 * <pre>
 *   SYN            ACK              request whole,       HANDOFF ACK            TERMINATION
 *   ---&gt; OBSERVED ----&gt; HOLDING ----------------&gt; REQUESTED -----------&gt; FORWARDING -----------&gt; (free)
 *            |             | policy: stay           | REJECT, time-out,         | back dead, COMMIT unanswered,
 *            |             | limits, time-out       | channel down              | idle: client is reset or forgotten
 *            v             v                        v                           v
 *          (free)        (free): the indication is released, held segments go up   (free)
 * </pre>
 */
final class FrontEntry extends Flow
{
    /** The SYN went up; the ACK has not come. */
    static final int OBSERVED = 1;
    /** The handshake is complete; segments and the indication are held. */
    static final int HOLDING = 2;
    /** HANDOFF REQUEST is out. */
    static final int REQUESTED = 3;
    /** COMMIT is out: the back owns the connection. */
    static final int FORWARDING = 4;

    static final int MAX_STORED_BYTES = 256;

    int state;
    final UnsafeBuffer syn = new UnsafeBuffer(new byte[MAX_STORED_BYTES]);
    int synLength;
    final UnsafeBuffer ack = new UnsafeBuffer(new byte[MAX_STORED_BYTES]);
    int ackLength;
    int ipVersion;
    int isnClient;
    int isnFront;
    boolean synAckSeen;
    long synAckNs;
    long handshakeRttNs;
    int frontWindowBytes;
    int frontMss;
    int frontWindowScale = TcpOptions.ABSENT;
    boolean sack;
    boolean timestamps;
    boolean ecn;
    /** TSval of the latest SYN/ACK, and when it was sent: what the front's timestamp clock is reckoned from. */
    int frontTsVal;
    long frontTsNs;

    TcpConnection connection;
    long connectionId;
    Hold hold;
    boolean finHeld;

    long handoffId;
    int epoch;
    int peer;
    long backHi;
    long backLo;
    int backPort;
    int delta;
    int tsOffset;
    int isnBack;
    boolean committed;
    long commitDeadlineNs;
    int lastAck;
    int clientNext;
    long lastProgressNs;
    int channelGeneration;

    long requestedNs;
    long acknowledgedNs;
    long establishedNs;
    long forwardedSegments;
    long absorbedSegments;

    void reset()
    {
        state = OBSERVED;
        synLength = 0;
        ackLength = 0;
        synAckSeen = false;
        synAckNs = 0;
        handshakeRttNs = 0;
        frontWindowBytes = 0;
        frontMss = 0;
        frontWindowScale = TcpOptions.ABSENT;
        sack = false;
        timestamps = false;
        ecn = false;
        frontTsVal = 0;
        frontTsNs = 0;
        connection = null;
        connectionId = 0;
        hold = null;
        finHeld = false;
        handoffId = 0;
        epoch = 0;
        peer = -1;
        isnFront = 0;
        isnBack = 0;
        delta = 0;
        tsOffset = 0;
        lastAck = 0;
        clientNext = 0;
        lastProgressNs = 0;
        committed = false;
        commitDeadlineNs = 0;
        requestedNs = 0;
        acknowledgedNs = 0;
        establishedNs = 0;
        forwardedSegments = 0;
        absorbedSegments = 0;
    }

    /** Is all held that the client will ever send? A FIN with a hole before it does not say so yet. */
    boolean streamEnded()
    {
        return finHeld && hold.prefix.nextSeq() + 1 == clientNext;
    }

    String stateName()
    {
        return switch (state)
        {
            case OBSERVED -> "observed";
            case HOLDING -> "holding";
            case REQUESTED -> "requested";
            default -> committed ? "forwarding" : "committing";
        };
    }
}
