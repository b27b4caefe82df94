package dev.baton.tools.lab;

/**
 * Whose rights make the lab.
 */
public enum LabMode
{
    /** Named network namespaces of this machine; needs root. */
    ROOT,
    /** The same inside a user namespace of an ordinary user, held by one process; needs an accessible {@code /dev/net/tun}. */
    ROOTLESS
}
