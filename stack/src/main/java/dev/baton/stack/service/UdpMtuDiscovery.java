package dev.baton.stack.service;

/** How a UDP socket takes part in path MTU discovery: {@code IP_MTU_DISCOVER}, in the order of its values. */
public enum UdpMtuDiscovery
{
    /** Never set DF; routers may fragment ({@code IP_PMTUDISC_DONT}). */
    DONT,
    /** Set DF on what fits the path, fragment what does not ({@code IP_PMTUDISC_WANT}, the default). */
    WANT,
    /** Always set DF, and refuse what does not fit the path ({@code IP_PMTUDISC_DO}). */
    DO,
    /** Always set DF, and refuse only what does not fit the link ({@code IP_PMTUDISC_PROBE}). */
    PROBE
}
