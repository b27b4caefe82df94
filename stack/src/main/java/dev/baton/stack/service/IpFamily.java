package dev.baton.stack.service;

/** Which addresses a socket or a listener deals with. */
public enum IpFamily
{
    /** IPv4 alone ({@code AF_INET}). */
    V4,
    /** IPv6 alone ({@code AF_INET6} with {@code IPV6_V6ONLY}). */
    V6,
    /** Both, by one socket ({@code AF_INET6}; {@code net.ipv6.bindv6only} is 0). */
    DUAL;

    /**
     * Does it deal with IPv4?
     *
     * @return true for {@link #V4} and {@link #DUAL}.
     */
    public boolean takesV4()
    {
        return this != V6;
    }

    /**
     * Does it deal with IPv6?
     *
     * @return true for {@link #V6} and {@link #DUAL}.
     */
    public boolean takesV6()
    {
        return this != V4;
    }
}
