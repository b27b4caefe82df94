/** {@code baton drill}: conformance scripts against the stack. */
package dev.baton.tools.drill;
