/**
 * The kernel's sockets behind the same interface as the stack's: for tests and scripts that run over both.
 */
package dev.baton.tools.kernel;
