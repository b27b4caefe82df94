package dev.baton.stack.tcp;

import dev.baton.stack.service.SoftError;
import dev.baton.stack.service.TcpOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the network reports without ending the connection: RFC 9293, section 3.9.2.2; SO_ERROR. */
class SoftErrorTest
{
    @Test
    void shouldTellTheUserAndKeepTheErrorUntilItIsRead()
    {
        final Wire w = new Wire();
        final StreamPeer peer = new StreamPeer();
        w.start().accept(peer.sends(1000));
        w.stack.tcp().icmpErrorListener().onIcmpError(4, 3, 1, 0, 0, Wire.LOCAL.lo(), Wire.LOCAL_PORT,
            0, Wire.PEER.lo(), Wire.PEER_PORT, w.iss + 1, w.nowNs);
        w.poll();
        assertTrue(peer.events.contains("soft error HOST_UNREACHABLE"));
        assertNull(peer.closeReason);
        assertEquals(113, peer.connection.option(TcpOption.ERROR));
        assertEquals(0, peer.connection.option(TcpOption.ERROR), "reading clears it");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "none", value =
    {
        "4, 3, 0, NETWORK_UNREACHABLE", "4, 3, 1, HOST_UNREACHABLE", "4, 3, 2, REFUSED", "4, 3, 3, REFUSED",
        "4, 3, 5, HOST_UNREACHABLE", "4, 11, 0, HOST_UNREACHABLE", "4, 12, 0, PROTOCOL", "4, 4, 0, none",
        "6, 1, 0, NETWORK_UNREACHABLE", "6, 1, 3, HOST_UNREACHABLE", "6, 1, 4, REFUSED", "6, 3, 0, HOST_UNREACHABLE",
        "6, 4, 1, PROTOCOL", "6, 2, 0, none",
    })
    void shouldMeanTheSameAsOnLinux(final int version, final int type, final int code, final SoftError expected)
    {
        assertEquals(expected, SoftErrors.of(version, type, code));
    }
}
