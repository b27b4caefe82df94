/**
 * The demonstration: real nodes on real TUN devices, an unmodified {@code curl}, captures taken outside the nodes, and
 * the checks that judge by them whether a handoff was what it claims to be.
 */
package dev.baton.tools.demo;
