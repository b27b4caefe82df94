/**
 * A BSD-flavoured, non-blocking socket layer inside a shard: descriptors, Linux's constants, and results that are
 * non-negative or a negative {@link dev.baton.stack.socket.Errno}. Whoever needs calls that block wraps it.
 */
package dev.baton.stack.socket;
