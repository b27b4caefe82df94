package dev.baton.stack.ip;

/**
 * Is told of ICMP errors that quote a TCP segment of ours (RFC 1122, section 4.2.3.9). The message was checked
 * (checksum, and that the quoted source is ours); that the quoted sequence number is one in flight is for the listener
 * to check (RFC 5927).
 */
public interface IcmpErrorListener
{
    /**
     * An error about a segment that this shard sent, or seems to have sent.
     *
     * @param version    4 or 6: tells how type and code are to be read.
     * @param type       ICMP or ICMPv6 type.
     * @param code       of the message.
     * @param mtu        next-hop MTU in bytes of a "fragmentation needed" or "packet too big"; 0 when the message
     *                   carries none.
     * @param localHi    quoted source address, upper half.
     * @param localLo    quoted source address, lower half.
     * @param localPort  quoted source port.
     * @param remoteHi   quoted destination address, upper half.
     * @param remoteLo   quoted destination address, lower half.
     * @param remotePort quoted destination port.
     * @param seq        quoted sequence number.
     * @param nowNs      time of this poll.
     */
    void onIcmpError(
        int version,
        int type,
        int code,
        int mtu,
        long localHi,
        long localLo,
        int localPort,
        long remoteHi,
        long remoteLo,
        int remotePort,
        int seq,
        long nowNs);
}
