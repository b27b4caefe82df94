/**
 * {@code baton doctor}: what this machine lacks, and the command that mends it.
 */
package dev.baton.tools.doctor;
