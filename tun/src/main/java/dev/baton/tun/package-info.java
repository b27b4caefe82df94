/**
 * TUN devices from Java: open, super-packet read and write, waiting, wake-up. Linux only.
 * <p>
 * {@link dev.baton.tun.TunDevice} attaches to a device and negotiates what the kernel does for it;
 * {@link dev.baton.tun.TunQueue} is the {@link dev.baton.stack.Link} below a shard; {@link dev.baton.tun.Waiter} parks the
 * shard's thread until a packet, a deadline or another thread wants it. System calls go through a jnr-ffi interface of
 * primitives, which costs nanoseconds and no garbage.
 */
package dev.baton.tun;
