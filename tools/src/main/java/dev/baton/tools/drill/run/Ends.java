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
    /** The addresses of a mode, or those that a script names where they are of the same IP version. */
    static Ends of(final Mode mode, final DrillOptions options)
    {
        return new Ends(
            named(options.text("local_ip", null), mode.local()), named(options.text("remote_ip", null), mode.remote()));
    }

    private static IpAddress named(final String text, final IpAddress otherwise)
    {
        if (text == null)
        {
            return otherwise;
        }
        try
        {
            final IpAddress named = IpAddress.parse(text.replaceAll("/.*", ""));
            return named.isV4() == otherwise.isV4() ? named : otherwise;
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ScriptFailure(text + " is no address: " + ex.getMessage());
        }
    }

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
