/**
 * How a server runs inside a shard: call-backs of the shard's own thread, no blocking, no thread of its own.
 */
package dev.baton.stack.service;
