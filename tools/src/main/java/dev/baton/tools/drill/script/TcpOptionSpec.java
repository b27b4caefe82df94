package dev.baton.tools.drill.script;

import java.util.List;

/** A TCP option as a script writes it. */
public sealed interface TcpOptionSpec
{
    /** {@code mss N}. */
    record Mss(int value) implements TcpOptionSpec
    {
    }

    /** {@code wscale N}. */
    record WindowScale(int shift) implements TcpOptionSpec
    {
    }

    /** {@code sackOK}. */
    record SackPermitted() implements TcpOptionSpec
    {
    }

    /** {@code sack a:b c:d}; numbers are relative as in the packet. */
    record Sack(List<Block> blocks) implements TcpOptionSpec
    {
    }

    /** A block of a SACK option. */
    record Block(long start, long end)
    {
    }

    /** {@code TS val N ecr N}. */
    record Timestamps(long value, long echo) implements TcpOptionSpec
    {
    }

    /** {@code nop}. */
    record Nop() implements TcpOptionSpec
    {
    }

    /** {@code eol}. */
    record Eol() implements TcpOptionSpec
    {
    }

    /** {@code FO hex} or {@code FOEXP hex}: a Fast Open cookie, empty in a request. */
    record FastOpen(byte[] cookie, boolean experimental) implements TcpOptionSpec
    {
    }

    /** {@code md5 hex}. */
    record Md5(byte[] digest) implements TcpOptionSpec
    {
    }

    /**
     * {@code ECN e0b N ceb N e1b N}: byte counters of RFC 9768, section 3.2.3.
     *
     * @param firstOrder e0b first (kind 172) or e1b first (kind 174)?
     * @param counters   one to three, 24 bits each, in the order of the option.
     */
    record AccurateEcn(boolean firstOrder, List<Long> counters) implements TcpOptionSpec
    {
    }

    /** {@code gen KIND hex}: any option by kind and data. */
    record Generic(int kind, byte[] data) implements TcpOptionSpec
    {
    }
}
