package dev.baton.tun;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VnetHeaderTest
{
    private final byte[] bytes = new byte[16];
    private final VnetHeader header = new VnetHeader().wrap(new UnsafeBuffer(bytes), 3);

    @Test
    void shouldLayOutFieldsInNativeOrder()
    {
        header.encode(VnetHeader.NEEDS_CSUM, VnetHeader.GSO_TCPV6 | VnetHeader.GSO_ECN, 0x0102, 0x0304, 0x0506, 0x0708);

        final ByteBuffer expected = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
        expected.position(3);
        expected.put((byte)1).put((byte)0x84).putShort((short)0x0102).putShort((short)0x0304).putShort((short)0x0506)
            .putShort((short)0x0708);
        assertEquals(ByteBuffer.wrap(expected.array()), ByteBuffer.wrap(bytes));
    }

    @Test
    void shouldReadBackUnsignedFields()
    {
        header.encode(VnetHeader.DATA_VALID, VnetHeader.GSO_TCPV4, 0xFFFE, 0xFFFD, 0xFFFC, 0xFFFB);

        assertEquals(VnetHeader.DATA_VALID, header.flags());
        assertEquals(VnetHeader.GSO_TCPV4, header.gsoType());
        assertFalse(header.gsoEcn());
        assertEquals(0xFFFE, header.headerLength());
        assertEquals(0xFFFD, header.gsoSize());
        assertEquals(0xFFFC, header.csumStart());
        assertEquals(0xFFFB, header.csumOffset());
    }

    @Test
    void shouldKeepCwrBitApartFromType()
    {
        header.encode(0, VnetHeader.GSO_TCPV4 | VnetHeader.GSO_ECN, 0, 0, 0, 0);

        assertEquals(VnetHeader.GSO_TCPV4, header.gsoType());
        assertTrue(header.gsoEcn());
    }
}
