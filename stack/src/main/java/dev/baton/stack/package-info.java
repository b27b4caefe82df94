/**
 * A shard of the stack: one thread, one link, one loop; packets, time and calls are arguments.
 */
package dev.baton.stack;
