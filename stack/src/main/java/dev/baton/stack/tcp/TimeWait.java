package dev.baton.stack.tcp;

/**
 * A connection in TIME-WAIT: just what is needed to answer its peer's last FIN, to tell old segments from a new SYN,
 * and to tell modules when it is over. State only; fields are named as in {@link Tcb}.
 */
public final class TimeWait
{
    /** Identity of the connection. */
    public long id;
    /** Local address, upper half. */
    public long localHi;
    /** Local address, lower half. */
    public long localLo;
    /** Local port. */
    public int localPort;
    /** Remote address, upper half. */
    public long remoteHi;
    /** Remote address, lower half. */
    public long remoteLo;
    /** Remote port. */
    public int remotePort;
    /** SND.NXT. */
    public int sndNxt;
    /** RCV.NXT. */
    public int rcvNxt;
    /** Window field of our last ACK, as it stands in the header. */
    public int windowField;
    /** Were timestamps agreed? */
    public boolean timestampsOk;
    /** TS.Recent. */
    public int tsRecent;
    /** When {@link #tsRecent} was set. */
    public long tsRecentAtNs;
    /** Offset of our timestamps. */
    public int tsOffset;
    /** Flow label of IPv6 packets. */
    public int flowLabel;
    /** Was it opened passively, so that modules know it? */
    public boolean passive;
    /** When it is over. */
    public long expiresAtNs;

    int slot;
}
