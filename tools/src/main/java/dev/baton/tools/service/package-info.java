/**
 * The services that a node has built in: an HTTP/1.1 file server, and the old small ones (echo, discard, chargen).
 * Call-backs run on the shard's thread.
 */
package dev.baton.tools.service;
