package dev.baton.stack.service;

/**
 * An entry of a UDP socket's error queue ({@code struct sock_extended_err}). Filled by
 * {@link UdpSocket#takeQueuedError} and reused; not thread safe.
 */
public final class UdpError
{
    /** Number of a {@link dev.baton.stack.socket.Errno}. */
    public int errno;
    /** IP version of the message that reported it: 4 or 6; 0 when the error is the stack's own. */
    public int version;
    /** ICMP type. */
    public int type;
    /** ICMP code. */
    public int code;
    /** MTU in bytes of a "too big", else 0. */
    public int mtu;
    /** Where the datagram in error was sent to, upper half. */
    public long remoteHi;
    /** Where the datagram in error was sent to, lower half. */
    public long remoteLo;
    /** Port that the datagram in error was sent to. */
    public int remotePort;

    /** An empty one. */
    public UdpError()
    {
    }
}
