package dev.baton.tun;

import java.util.Optional;

/**
 * What the kernel says of a device in the calling thread's network namespace. Immutable.
 *
 * @param name       of the device.
 * @param tun        is it a TUN device (and not a TAP, or something else altogether)?
 * @param up         is it administratively up?
 * @param mtuBytes   greatest packet.
 * @param multiQueue may more than one descriptor be attached?
 * @param vnetHeader are packets preceded by a virtio header? The first who attaches may change this.
 * @param packetInfo are they preceded by a protocol word? Likewise.
 * @param persistent does it outlive its descriptors?
 * @param ownerUid   user who may attach without privilege; -1 for none.
 */
public record TunInfo(
    String name,
    boolean tun,
    boolean up,
    int mtuBytes,
    boolean multiQueue,
    boolean vnetHeader,
    boolean packetInfo,
    boolean persistent,
    int ownerUid)
{
    /**
     * Look a device up. Needs no privilege.
     *
     * @param name of the device.
     * @return empty when there is none of this name.
     * @throws TunException when the kernel cannot be asked, or the name cannot be one.
     */
    public static Optional<TunInfo> find(final String name) throws TunException
    {
        Native.load();
        TunErrors.checkName(name);
        return new LinkQuery(Native.libc()).find(name);
    }
}
