package dev.baton.tun;

/**
 * How to open a device. Immutable; each {@code with} method returns a changed copy. Values are checked by
 * {@link TunDevice#open(TunConfig)}, so that a wrong one gives the same kind of error as a wrong device.
 *
 * @param name     of the device, at most 15 bytes.
 * @param create   make the device when there is none. Needs CAP_NET_ADMIN in the network namespace; the device then ends with
 *                 its last descriptor, unless {@link TunDevice#persist(boolean)} is called.
 * @param queues   descriptors to attach, each with a {@link TunQueue} that must be read: the kernel spreads flows over all of
 *                 them. More than one needs a multi-queue device.
 * @param offload  agree on virtio headers and offloads. When false, packets are plain and whole.
 * @param claim    bring the virtio header to a single-queue device that was made without one: nobody else can be attached to it,
 *                 so nobody's packets are misread. A multi-queue device is always taken as it is.
 * @param mtuBytes MTU to go by; 0 to take the device's own.
 * @param node     path of the driver's node.
 */
public record TunConfig(String name, boolean create, int queues, boolean offload, boolean claim, int mtuBytes, String node)
{
    /** Where the driver's node usually is. */
    public static final String DEFAULT_NODE = "/dev/net/tun";
    /** Most queues that the kernel allows per device. */
    public static final int MAX_QUEUES = 256;

    /**
     * Attach one queue to a device that is there.
     *
     * @param name of the device.
     * @return the configuration.
     */
    public static TunConfig attach(final String name)
    {
        return new TunConfig(name, false, 1, true, false, 0, DEFAULT_NODE);
    }

    /**
     * Attach one queue to a device that is there, or else make it.
     *
     * @param name of the device.
     * @return the configuration.
     */
    public static TunConfig create(final String name)
    {
        return new TunConfig(name, true, 1, true, false, 0, DEFAULT_NODE);
    }

    /**
     * Change the number of queues.
     *
     * @param newQueues 1 to {@link #MAX_QUEUES}.
     * @return a copy.
     */
    public TunConfig withQueues(final int newQueues)
    {
        return new TunConfig(name, create, newQueues, offload, claim, mtuBytes, node);
    }

    /**
     * Plain, whole packets: no virtio header, no offloads.
     *
     * @return a copy.
     */
    public TunConfig withoutOffload()
    {
        return new TunConfig(name, create, queues, false, claim, mtuBytes, node);
    }

    /**
     * Bring the virtio header to a single-queue device that was made without one. The device keeps it after this has detached.
     *
     * @return a copy.
     */
    public TunConfig claiming()
    {
        return new TunConfig(name, create, queues, offload, true, mtuBytes, node);
    }

    /**
     * Go by another MTU than the device's own.
     *
     * @param newMtuBytes 68 to 65535; 0 for the device's own.
     * @return a copy.
     */
    public TunConfig withMtu(final int newMtuBytes)
    {
        return new TunConfig(name, create, queues, offload, claim, newMtuBytes, node);
    }

    /**
     * Use another node of the driver.
     *
     * @param newNode its path.
     * @return a copy.
     */
    public TunConfig withNode(final String newNode)
    {
        return new TunConfig(name, create, queues, offload, claim, mtuBytes, newNode);
    }
}
