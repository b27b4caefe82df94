/**
 * What this machine and this process can do: programs, rights, the TUN device, user namespaces. Only looks; changes nothing.
 */
package dev.baton.tools.host;
