/**
 * The control channel between nodes: TLS 1.3 over kernel sockets on the management network.
 */
package dev.baton.handoff.control;
