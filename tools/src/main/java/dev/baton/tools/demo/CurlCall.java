package dev.baton.tools.demo;

import java.util.List;

/**
 * One {@code curl} process: several URLs share its connection as long as the server keeps it open.
 *
 * @param number    of the call, for names of files.
 * @param ip6       ask the VIP's IPv6 address?
 * @param head      HEAD instead of GET?
 * @param close     ask the server to close after the response?
 * @param paths     of the URLs, in order.
 * @param rateBytes per second at most; 0 for no limit.
 * @param localPort of the client; 0 lets the kernel choose.
 */
record CurlCall(int number, boolean ip6, boolean head, boolean close, List<String> paths, int rateBytes, int localPort)
{
}
