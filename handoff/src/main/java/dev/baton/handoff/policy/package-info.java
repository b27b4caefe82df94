/**
 * Which node is to serve a connection: the policy SPI, a look at an HTTP/1.x request head, and the built-in policies.
 */
package dev.baton.handoff.policy;
