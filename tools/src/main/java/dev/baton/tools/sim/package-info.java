/**
 * {@code baton sim}: simulation campaigns in virtual time, on as many threads as wanted.
 */
package dev.baton.tools.sim;
