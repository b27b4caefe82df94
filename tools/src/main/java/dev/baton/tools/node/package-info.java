/**
 * The node process: its configuration, the thread of its shard, the socket by which it is administered, and the
 * commands that use that socket.
 */
package dev.baton.tools.node;
