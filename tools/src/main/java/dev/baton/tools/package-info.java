/**
 * The {@code baton} command: one executable jar, noun then verb. The only module that prints and ends the process.
 */
package dev.baton.tools;
