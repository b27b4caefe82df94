package dev.baton.stack.ip;

/**
 * Is told of ICMP errors that quote a TCP segment (RFC 1122, section 4.2.3.9) or a UDP datagram (section 4.1.3.3) of
 * ours. The message was checked (checksum, and that the quoted source is ours); that it is about something that was
 * really sent is for the listener to check: TCP by the sequence number (RFC 5927), UDP by the pair of ports.
 */
public interface IcmpErrorListener
{
    /**
     * An error about a packet that this shard sent, or seems to have sent.
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
     * @param seq        quoted sequence number; for UDP the length and checksum fields, as one number.
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
