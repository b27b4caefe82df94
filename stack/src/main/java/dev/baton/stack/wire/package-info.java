/**
 * What stands on the wire: flyweights over headers, sequence arithmetic, checksums. No state, no allocation.
 */
package dev.baton.stack.wire;
