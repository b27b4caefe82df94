/**
 * Captures of packets in a form that other tools read.
 */
package dev.baton.stack.trace;
