/**
 * IPv4, IPv6 and ICMP of a host: what comes in is validated and reassembled, what goes out is encoded, split and
 * counted. Nothing is routed: a packet for somebody else is dropped. Not thread safe; time is an argument; no
 * allocation per packet.
 */
package dev.baton.stack.ip;
