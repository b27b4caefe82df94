package dev.baton.stack.ip;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

import static dev.baton.stack.ip.TestPackets.CLIENT_4;
import static dev.baton.stack.ip.TestPackets.CLIENT_6;
import static dev.baton.stack.ip.TestPackets.HOST_4;
import static dev.baton.stack.ip.TestPackets.HOST_6;
import static dev.baton.stack.ip.TestPackets.icmpPacket;
import static dev.baton.stack.ip.TestPackets.ip;
import static dev.baton.stack.ip.TestPackets.ip4;
import static dev.baton.stack.ip.TestPackets.ip6;
import static dev.baton.stack.ip.TestPackets.pattern;
import static dev.baton.stack.ip.TestPackets.udp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class UdpSeamTest
{
    private final IpFixture ip = new IpFixture();
    private final List<String> seen = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldHandDatagramsToUdpAndRefuseThoseThatItDoesNotTake(final int version)
    {
        ip.input.udpInput((packet, nowNs) ->
        {
            seen.add("l4 at " + (packet.l4Offset() - packet.offset()) + " of " + packet.l4Length());
            return seen.size() == 1;
        });
        assertFalse(ip.accept(ip(version, 17, udp(version, pattern(20), true))));
        assertTrue(ip.link.sent.isEmpty(), "taken");
        ip.accept(ip(version, 17, udp(version, pattern(20), true)));
        assertEquals(1, ip.count(IpCounter.ICMP_OUT_DEST_UNREACHS));
        assertEquals(1, ip.count(IpCounter.UDP_NO_PORTS));
        final String expected = "l4 at " + IpOutput.headerLength(version) + " of 28";
        assertEquals(List.of(expected, expected), seen);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldNotHandBrokenDatagramsToUdp(final int version)
    {
        ip.input.udpInput((packet, nowNs) -> seen.add("seen"));
        final byte[] datagram = udp(version, pattern(20), true);
        datagram[9] ^= 1;
        ip.accept(ip(version, 17, datagram));
        assertTrue(seen.isEmpty());
        assertEquals(1, ip.count(IpCounter.UDP_IN_ERRORS));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void shouldTellUdpOfErrorsAboutItsDatagramsAndTcpOfItsOwn(final int version)
    {
        ip.input.udpErrorListener((v, type, code, mtu, lh, ll, lp, rh, rl, rp, seq, nowNs) ->
            seen.add(v + " " + type + "/" + code + " " + lp + " " + rp));
        final byte[] quoted = version == 4 ?
            ip4(HOST_4, CLIENT_4, 17, 1, 0, udp(4, pattern(20), true)) :
            ip6(HOST_6, CLIENT_6, 17, udp(6, pattern(20), true));
        ip.accept(version == 4 ? icmpPacket(4, 3, 3, 0, quoted) : icmpPacket(6, 1, 4, 0, quoted));
        assertEquals(List.of(version == 4 ? "4 3/3 5353 53" : "6 1/4 5353 53"), seen);
        assertEquals(1, ip.count(IpCounter.ICMP_IN_UDP_ERRORS));
        assertTrue(ip.icmpErrors.isEmpty());
    }
}
