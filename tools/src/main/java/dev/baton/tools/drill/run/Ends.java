package dev.baton.tools.drill.run;

import dev.baton.stack.wire.IpAddress;

/**
 * The two addresses of a run.
 *
 * @param local  of the stack under test.
 * @param remote that the script plays.
 */
record Ends(IpAddress local, IpAddress remote)
{
    boolean isV4()
    {
        return local.isV4();
    }

    static byte[] bytes(final IpAddress address)
    {
        final byte[] bytes = new byte[address.isV4() ? 4 : 16];
        for (int i = 0; i < bytes.length; i++)
        {
            final int shift = 8 * (bytes.length - 1 - i);
            bytes[i] = (byte)(shift >= 64 ? address.hi() >>> shift - 64 : address.lo() >>> shift);
        }
        return bytes;
    }
}
