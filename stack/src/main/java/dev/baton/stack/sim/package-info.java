/**
 * A deterministic world to run shards in: virtual time, one event queue, one seed; simulated links, paths with faults,
 * and control channels. Published: users test their services and modules with it too. Single-threaded.
 */
package dev.baton.stack.sim;
