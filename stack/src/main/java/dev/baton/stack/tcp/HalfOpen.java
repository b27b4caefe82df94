package dev.baton.stack.tcp;

/**
 * A half-open connection: what a SYN and our SYN/ACK have agreed, and nothing else (RFC 9293, SYN-RECEIVED after a
 * passive OPEN). State only; fields are named as in {@link Tcb}.
 */
public final class HalfOpen
{
    /** {@link #repeatedAtNs}: the SYN has come once. */
    public static final long NEVER = Long.MIN_VALUE;

    /** Identity that the connection will have. */
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
    /** ISS. */
    public int iss;
    /** IRS. */
    public int irs;
    /** MSS that the peer announced, in bytes. */
    public int remoteMss;
    /** The peer's window, in bytes. */
    public int sndWnd;
    /** Shift of the windows that the peer sends. */
    public int sndShift;
    /** Shift of the windows that we send. */
    public int rcvShift;
    /** Window that the SYN/ACK announced, in bytes. */
    public int rcvWnd;
    /** Was window scaling agreed? */
    public boolean windowScaleOk;
    /** Was SACK agreed? */
    public boolean sackOk;
    /** Were timestamps agreed? */
    public boolean timestampsOk;
    /** What was agreed about ECN, 0 to 6: see {@link EcnHandshake}. */
    public int ecn;
    /** TS.Recent. */
    public int tsRecent;
    /** When {@link #tsRecent} was set. */
    public long tsRecentAtNs;
    /** Offset of our timestamps. */
    public int tsOffset;
    /** Flow label of IPv6 packets, 20 bits. */
    public int flowLabel;
    /** When the SYN/ACK was last sent. */
    public long sentNs;
    /** How often the SYN/ACK was sent again. */
    public int retransmits;
    /** When the SYN/ACK is to be sent again, or the connection given up. */
    public long retransmitAtNs;
    /** When a repeated SYN last drew the SYN/ACK again; {@link #NEVER} before the first. */
    public long repeatedAtNs;
    /** Who listens. */
    public Listener listener;

    int slot;

    /** Has a repeated SYN been answered? */
    boolean isRepeated()
    {
        return repeatedAtNs != NEVER;
    }
}
