/**
 * What must hold of shards and of the wire after every event of a simulated world, whatever happens in it. The checkers only
 * read; each throws a {@link dev.baton.stack.sim.check.Violation} that names the invariant. Single-threaded.
 */
package dev.baton.stack.sim.check;
