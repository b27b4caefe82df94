package dev.baton.stack.tcp;

/**
 * SipHash-2-4 (Aumasson, Bernstein 2012): a keyed hash of short messages that cannot be predicted without the key.
 * Sequence numbers (RFC 6528), timestamp offsets and table positions come from it.
 * <p>
 * A message is fed in 64-bit words, which the reference reads from bytes in little-endian order. Not thread safe;
 * allocates nothing.
 */
public final class SipHash
{
    private long k0;
    private long k1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    /**
     * A hash with a key.
     *
     * @param k0 first half of the key.
     * @param k1 second half of the key.
     */
    public SipHash(final long k0, final long k1)
    {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** Take another key; what was hashed under the old one is found no more. */
    void key(final long first, final long second)
    {
        k0 = first;
        k1 = second;
    }

    long k0()
    {
        return k0;
    }

    long k1()
    {
        return k1;
    }

    /**
     * Begin a message.
     *
     * @return this.
     */
    public SipHash begin()
    {
        v0 = k0 ^ 0x736f_6d65_7073_6575L;
        v1 = k1 ^ 0x646f_7261_6e64_6f6dL;
        v2 = k0 ^ 0x6c79_6765_6e65_7261L;
        v3 = k1 ^ 0x7465_6462_7974_6573L;
        return this;
    }

    /**
     * Feed eight bytes.
     *
     * @param word of the message.
     * @return this.
     */
    public SipHash word(final long word)
    {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
        return this;
    }

    /**
     * End the message.
     *
     * @param rest   its last 0 to 7 bytes, the first one lowest.
     * @param length of the whole message in bytes.
     * @return the hash.
     */
    public long end(final long rest, final int length)
    {
        word((long)length << 56 | rest);
        v2 ^= 0xFF;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /**
     * Hash a flow with a label that keeps different uses apart.
     *
     * @param label      of the use.
     * @param localHi    local address, upper half.
     * @param localLo    local address, lower half.
     * @param localPort  local port.
     * @param remoteHi   remote address, upper half.
     * @param remoteLo   remote address, lower half.
     * @param remotePort remote port.
     * @return the hash.
     */
    public long flow(
        final int label,
        final long localHi,
        final long localLo,
        final int localPort,
        final long remoteHi,
        final long remoteLo,
        final int remotePort)
    {
        begin().word(localHi).word(localLo).word(remoteHi).word(remoteLo);
        return word((long)label << 32 | (long)localPort << 16 | remotePort).end(0, 40);
    }

    private void round()
    {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}
