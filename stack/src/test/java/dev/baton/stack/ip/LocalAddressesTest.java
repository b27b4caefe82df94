package dev.baton.stack.ip;

import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LocalAddressesTest
{
    private final LocalAddresses local = new LocalAddresses();

    @Test
    void shouldListAddressesInTheOrderInWhichTheyWereAdded()
    {
        final IpAddress a = IpAddress.parse("fd00::2");
        final IpAddress b = IpAddress.parse("10.0.0.1");
        final IpAddress c = IpAddress.parse("fd00::1");
        local.add(a);
        local.add(b);
        local.add(c);
        local.add(a);
        assertEquals(List.of(a, b, c), local.list());
        assertEquals(a, local.firstOf(false));
        assertEquals(b, local.firstOf(true));
        assertTrue(local.remove(a));
        assertFalse(local.remove(a));
        assertEquals(c, local.firstOf(false));
        assertFalse(local.contains(a.hi(), a.lo()));
    }

    @Test
    void shouldFindAllOfManyAndNoOthers()
    {
        for (int i = 0; i < LocalAddresses.MAX_ADDRESSES; i++)
        {
            local.add(i % 2 == 0 ? IpAddress.v4(0x0A00_0000 + i) : new IpAddress(0xFD00_0000_0000_0000L, i));
        }
        for (int i = 0; i < LocalAddresses.MAX_ADDRESSES; i++)
        {
            assertEquals(i % 2 == 0, local.contains(0, IpAddress.mapped(0x0A00_0000 + i)));
            assertEquals(i % 2 == 1, local.contains(0xFD00_0000_0000_0000L, i));
        }
        assertThrows(IllegalStateException.class, () -> local.add(IpAddress.parse("10.9.9.9")));
        assertEquals(LocalAddresses.MAX_ADDRESSES, local.size());
    }

    @Test
    void shouldHoldNothingAtFirst()
    {
        assertFalse(local.contains(0, 0));
        assertNull(local.firstOf(true));
        assertNull(local.firstOf(false));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "::", "::1", "ff02::1",
    })
    void shouldRefuseWhatCannotBeAHosts(final String text)
    {
        assertThrows(IllegalArgumentException.class, () -> local.add(IpAddress.parse(text)));
    }
}
