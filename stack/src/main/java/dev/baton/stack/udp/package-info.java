/**
 * UDP (RFC 768; RFC 1122, section 4.1; RFC 8085): sockets with bounded queues, connected mode, and errors that ICMP
 * reports.
 */
package dev.baton.stack.udp;
