package dev.baton.tools.lab;

import java.util.List;

/**
 * The addresses of a lab. Host i (the client is 1, the front 2, the backs follow) has a link of its own to the router,
 * {@code 198.18.i.0/24} and {@code fd00:198:18:i::/64}: the router is 1, the host's kernel 2. Its stack, behind the TUN
 * device, is {@code 198.18.200.i} and {@code fd00:198:18:200::i}, addresses that no kernel owns. The VIP is
 * {@code 198.18.255.1} and {@code fd00:198:18:ff::1}. On the management network the router is {@code 198.19.0.1}, node i
 * {@code 198.19.0.(10+i)}.
 */
public final class LabAddresses
{
    private final LabConfig config;
    private final List<String> hosts;

    /**
     * Addresses of a lab.
     *
     * @param config of it.
     */
    public LabAddresses(final LabConfig config)
    {
        this.config = config;
        this.hosts = config.hosts();
    }

    /**
     * The address that clients connect to.
     *
     * @return IPv4.
     */
    public String vip4()
    {
        return config.data4() + ".255.1";
    }

    /**
     * The address that clients connect to.
     *
     * @return IPv6, without brackets.
     */
    public String vip6()
    {
        return config.data6() + ":ff::1";
    }

    /**
     * A node's stack.
     *
     * @param node its name.
     * @return IPv4.
     */
    public String stack4(final String node)
    {
        return config.data4() + ".200." + index(node);
    }

    /**
     * A node's stack.
     *
     * @param node its name.
     * @return IPv6, without brackets.
     */
    public String stack6(final String node)
    {
        return config.data6() + ":200::" + Integer.toHexString(index(node));
    }

    /**
     * The kernel's address on a host's link of the data network.
     *
     * @param host its name; the client's is where requests come from.
     * @return IPv4.
     */
    public String kernel4(final String host)
    {
        return config.data4() + "." + index(host) + ".2";
    }

    /**
     * The kernel's address on a host's link of the data network.
     *
     * @param host its name.
     * @return IPv6, without brackets.
     */
    public String kernel6(final String host)
    {
        return link6(host) + "::2";
    }

    /**
     * The router's address on a host's link.
     *
     * @param host its name.
     * @return IPv4.
     */
    public String router4(final String host)
    {
        return config.data4() + "." + index(host) + ".1";
    }

    /**
     * The router's address on a host's link.
     *
     * @param host its name.
     * @return IPv6, without brackets.
     */
    public String router6(final String host)
    {
        return link6(host) + "::1";
    }

    /**
     * A node on the management network.
     *
     * @param node its name.
     * @return IPv4; a kernel's address.
     */
    public String mgmt4(final String node)
    {
        return config.mgmt4() + "." + (10 + index(node));
    }

    /**
     * The router of the management network.
     *
     * @return IPv4.
     */
    public String mgmtRouter4()
    {
        return config.mgmt4() + ".1";
    }

    private String link6(final String host)
    {
        return config.data6() + ":" + Integer.toHexString(index(host));
    }

    private int index(final String host)
    {
        final int at = hosts.indexOf(host);
        if (at < 0)
        {
            throw new IllegalArgumentException("lab " + config.name() + " has no host " + host + ", only " + hosts);
        }
        return at + 1;
    }
}
