package dev.baton.stack.ip;

import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The addresses that are this shard's: asked once per packet, so a small open-addressing table of {@code long} pairs;
 * listed in the order in which they were added, so that nothing depends on the table's.
 * <p>
 * Not thread safe; {@link #contains(long, long)} allocates nothing.
 */
public final class LocalAddresses
{
    /** The most addresses that a shard can have. */
    public static final int MAX_ADDRESSES = 1024;

    private static final int INITIAL_CAPACITY = 16;

    private final List<IpAddress> inOrder = new ArrayList<>();
    private final List<Integer> prefixLengths = new ArrayList<>();
    /** Pairs of (hi, lo); an address is never {@code (0, 0)}, which marks a free slot. */
    private long[] table = new long[2 * INITIAL_CAPACITY];

    /** An empty set. */
    public LocalAddresses()
    {
    }

    /**
     * Add an address that is alone in its network; see {@link #add(IpAddress, int)}.
     *
     * @param address unicast, of either family.
     * @throws IllegalArgumentException when the address cannot be a host's.
     * @throws IllegalStateException    when there are {@link #MAX_ADDRESSES} already.
     */
    public void add(final IpAddress address)
    {
        add(address, address.isV4() ? 32 : 128);
    }

    /**
     * Add an address; one that is there already is not added twice, but has the new prefix length.
     *
     * @param address      unicast, of either family.
     * @param prefixLength of its network in bits, 1 to 32 or 128: says which other addresses are near (RFC 6724,
     *                     section 2.2), and which one is the network's broadcast address.
     * @throws IllegalArgumentException when the address cannot be a host's.
     * @throws IllegalStateException    when there are {@link #MAX_ADDRESSES} already.
     */
    public void add(final IpAddress address, final int prefixLength)
    {
        final int bits = address.isV4() ? 32 : 128;
        if (prefixLength < 1 || prefixLength > bits)
        {
            throw new IllegalArgumentException("address " + address + " has a prefix of " + prefixLength +
                " bits; it must have 1 to " + bits);
        }
        if (!Unicast.isHost(address.hi(), address.lo()))
        {
            throw new IllegalArgumentException("address " + address +
                " cannot be a host's own: it is unspecified, loopback, multicast or reserved; use a unicast address");
        }
        final int at = inOrder.indexOf(address);
        if (at >= 0)
        {
            prefixLengths.set(at, prefixLength);
            return;
        }
        if (inOrder.size() == MAX_ADDRESSES)
        {
            throw new IllegalStateException("cannot add address " + address + ": the shard has " + MAX_ADDRESSES +
                " addresses, which is the limit; remove one first");
        }
        inOrder.add(address);
        prefixLengths.add(prefixLength);
        rebuild();
    }

    /**
     * Remove an address.
     *
     * @param address to be removed.
     * @return false when it was not there.
     */
    public boolean remove(final IpAddress address)
    {
        final int at = inOrder.indexOf(address);
        if (at >= 0)
        {
            inOrder.remove(at);
            prefixLengths.remove(at);
            rebuild();
        }
        return at >= 0;
    }

    /**
     * Is an address ours?
     *
     * @param hi upper half, 0 for IPv4.
     * @param lo lower half, mapped for IPv4.
     * @return true when it is.
     */
    public boolean contains(final long hi, final long lo)
    {
        final int mask = (table.length >>> 1) - 1;
        int slot = hash(hi, lo) & mask;
        while ((table[2 * slot] | table[2 * slot + 1]) != 0)
        {
            if (table[2 * slot] == hi && table[2 * slot + 1] == lo)
            {
                return true;
            }
            slot = slot + 1 & mask;
        }
        return false;
    }

    /**
     * Prefix length of an address.
     *
     * @param address one of ours.
     * @return in bits; 0 when it is not ours.
     */
    public int prefixLength(final IpAddress address)
    {
        final int at = inOrder.indexOf(address);
        return at < 0 ? 0 : prefixLengths.get(at);
    }

    /**
     * Is an address the broadcast address, or the old form of it, of a network that we are in (RFC 1122, section
     * 3.2.1.3 (d); RFC 3021 for networks of two)?
     *
     * @param hi upper half, 0 for IPv4.
     * @param lo lower half, mapped for IPv4.
     * @return false for IPv6, which has none.
     */
    public boolean isBroadcast(final long hi, final long lo)
    {
        if (!IpAddress.isV4(hi, lo))
        {
            return false;
        }
        for (int i = 0; i < inOrder.size(); i++)
        {
            final int length = inOrder.get(i).isV4() ? prefixLengths.get(i) : 32;
            if (length < 31 && (inOrder.get(i).lo() ^ lo) >>> 32 - length == 0)
            {
                final int hostMask = -1 >>> length;
                final int host = (int)lo & hostMask;
                return host == 0 || host == hostMask;
            }
        }
        return false;
    }

    /**
     * The first address of a family.
     *
     * @param v4 true for IPv4, false for IPv6.
     * @return the one that was added first, or null when there is none.
     */
    public IpAddress firstOf(final boolean v4)
    {
        for (int i = 0; i < inOrder.size(); i++)
        {
            if (inOrder.get(i).isV4() == v4)
            {
                return inOrder.get(i);
            }
        }
        return null;
    }

    /**
     * Number of addresses.
     *
     * @return how many there are.
     */
    public int size()
    {
        return inOrder.size();
    }

    /**
     * One of the addresses.
     *
     * @param index 0 to {@link #size()} - 1, in the order in which they were added.
     * @return the address.
     */
    public IpAddress get(final int index)
    {
        return inOrder.get(index);
    }

    /**
     * All addresses.
     *
     * @return in the order in which they were added; a view that cannot be changed.
     */
    public List<IpAddress> list()
    {
        return Collections.unmodifiableList(inOrder);
    }

    private void rebuild()
    {
        int capacity = INITIAL_CAPACITY;
        while (capacity < 2 * inOrder.size() + 1)
        {
            capacity <<= 1;
        }
        final long[] fresh = new long[2 * capacity];
        for (final IpAddress address : inOrder)
        {
            int slot = hash(address.hi(), address.lo()) & capacity - 1;
            while ((fresh[2 * slot] | fresh[2 * slot + 1]) != 0)
            {
                slot = slot + 1 & capacity - 1;
            }
            fresh[2 * slot] = address.hi();
            fresh[2 * slot + 1] = address.lo();
        }
        table = fresh;
    }

    private static int hash(final long hi, final long lo)
    {
        final long mixed = (hi * 31 + lo) * 0x9E37_79B9_7F4A_7C15L;
        return (int)(mixed >>> 40);
    }
}
