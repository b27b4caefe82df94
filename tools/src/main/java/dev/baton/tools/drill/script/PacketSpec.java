package dev.baton.tools.drill.script;

import java.util.List;

/**
 * A packet as a script writes it: to be injected, or to be expected.
 *
 * @param outbound       {@code >}: the stack must send it.
 * @param encapsulations around it, outermost first; as written.
 * @param ip             what is said of the IP header.
 * @param body           what it carries.
 */
public record PacketSpec(boolean outbound, List<String> encapsulations, Ip ip, Body body) implements Action
{
    /** The ECN field of the IP header. */
    public enum Ecn
    {
        /** 00. */
        NOECN,
        /** 10. */
        ECT0,
        /** 01. */
        ECT1,
        /** 11. */
        CE,
        /** 10 or 01; expected packets only. */
        ECT01
    }

    /**
     * What is said of the IP header; null is nothing.
     *
     * @param ecn       field.
     * @param tos       type of service or traffic class, all eight bits.
     * @param ttl       time to live or hop limit.
     * @param flowLabel of IPv6.
     */
    public record Ip(Ecn ecn, Integer tos, Integer ttl, Integer flowLabel)
    {
        /** Nothing is said. */
        public static final Ip NONE = new Ip(null, null, null, null);
    }

    /** What an IP packet carries. */
    public sealed interface Body
    {
    }

    /**
     * Ports that are written before flags or length.
     *
     * @param source      of the packet.
     * @param destination of the packet.
     */
    public record Ports(int source, int destination)
    {
    }

    /**
     * A TCP segment.
     *
     * @param ports   null when they are not written.
     * @param flags   as bits of the TCP header, ACK and the like; without ECE, CWR and AE when {@code ace} is set.
     * @param ace     count of RFC 9768, or null.
     * @param start   first number, relative to the SYN's in everything but a SYN.
     * @param end     number after the payload.
     * @param ack     null when it is not written.
     * @param window  field of the header; null when it is not written.
     * @param urgent  pointer; null when it is not written.
     * @param options in their order; null when they are not to be looked at.
     */
    public record Tcp(
        Ports ports,
        int flags,
        Integer ace,
        long start,
        long end,
        Long ack,
        Integer window,
        Integer urgent,
        List<TcpOptionSpec> options) implements Body
    {
        /**
         * Payload.
         *
         * @return in bytes.
         */
        public int length()
        {
            return (int)(end - start);
        }
    }

    /**
     * A UDP datagram.
     *
     * @param ports  null when they are not written.
     * @param length of the payload in bytes.
     */
    public record Udp(Ports ports, int length) implements Body
    {
    }

    /**
     * An ICMP or ICMPv6 message.
     *
     * @param type   by name, or a number.
     * @param code   by name, or a number; null when it is not written.
     * @param mtu    of frag_needed and packet_too_big; null when it is not written.
     * @param id     of echo messages; null when it is not written.
     * @param echoed packet that the message is about; null when there is none.
     */
    public record Icmp(String type, String code, Long mtu, Integer id, Echoed echoed) implements Body
    {
    }

    /** What an ICMP message quotes. */
    public sealed interface Echoed
    {
    }

    /** A TCP segment, by its numbers. */
    public record EchoedTcp(long start, long end) implements Echoed
    {
    }

    /** A UDP datagram, by its payload's length in bytes. */
    public record EchoedUdp(int length) implements Echoed
    {
    }

    /** Bytes that are nothing in particular. */
    public record EchoedRaw(int length) implements Echoed
    {
    }
}
