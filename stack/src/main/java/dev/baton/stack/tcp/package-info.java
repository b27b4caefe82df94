/**
 * TCP (RFC 9293): state in {@link dev.baton.stack.tcp.Tcb}, one small class for each rule that works on it.
 */
package dev.baton.stack.tcp;
