/**
 * Early handoff by replay with rewriting, as one interceptor module with two roles.
 * <p>
 * The <em>front</em> lets its own TCP finish the handshake, holds the request and the indication, asks a policy, and
 * when another node is to serve, gives that node the stored SYN and ACK. The <em>back</em> replays them to its own TCP,
 * hides the SYN/ACK, and from COMMIT on rewrites what it sends, so that the client sees one unbroken connection to the
 * front's address.
 */
package dev.baton.handoff.early;
