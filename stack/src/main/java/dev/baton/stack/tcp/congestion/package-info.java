/**
 * Congestion controls: stateless singletons over the congestion words of a Tcb, so that they export for free.
 */
package dev.baton.stack.tcp.congestion;
