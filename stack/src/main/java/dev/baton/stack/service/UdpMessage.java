package dev.baton.stack.service;

/**
 * What came with a datagram besides its bytes. Filled by {@link UdpSocket#receive} and reused; not thread safe.
 */
public final class UdpMessage
{
    /** Length of the whole datagram in bytes, which may be more than was copied. */
    public int length;
    /** Sender, upper half. */
    public long sourceHi;
    /** Sender, lower half; mapped for IPv4. */
    public long sourceLo;
    /** Sender's port; 0 when it takes no answers (RFC 768). */
    public int sourcePort;
    /** Local address that it was sent to, upper half. */
    public long destinationHi;
    /** Local address that it was sent to, lower half; mapped for IPv4. */
    public long destinationLo;
    /** Time to live or hop limit that it arrived with, 0 to 255. */
    public int ttl;
    /** TOS or traffic class that it arrived with, 0 to 255. */
    public int tos;

    /** An empty one. */
    public UdpMessage()
    {
    }
}
