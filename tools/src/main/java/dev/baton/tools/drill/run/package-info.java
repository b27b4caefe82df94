/**
 * Runs conformance scripts: injects what a script injects, makes its calls, and compares what the stack sends with
 * what it expects.
 * Packets are built and read here by code of its own, not by the stack's, so that a mistake cannot hide on both sides.
 */
package dev.baton.tools.drill.run;
