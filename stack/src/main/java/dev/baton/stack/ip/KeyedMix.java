package dev.baton.stack.ip;

/**
 * A hash of an address under a secret, for small bounded tables whose entries cost an attacker more than a packet: two
 * rounds of the finaliser of SplitMix64 (Steele, Lea, Flood 2014), the secret going in before each.
 */
final class KeyedMix
{
    private KeyedMix()
    {
    }

    static long mix(final long key, final long hi, final long lo)
    {
        return finish(finish(hi ^ key) + lo ^ Long.rotateLeft(key, 32));
    }

    private static long finish(final long value)
    {
        long z = value + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }
}
