package dev.baton.tools.drill.script;

import dev.baton.tools.drill.script.TcpOptionSpec.AccurateEcn;
import dev.baton.tools.drill.script.TcpOptionSpec.Block;
import dev.baton.tools.drill.script.TcpOptionSpec.Eol;
import dev.baton.tools.drill.script.TcpOptionSpec.FastOpen;
import dev.baton.tools.drill.script.TcpOptionSpec.Generic;
import dev.baton.tools.drill.script.TcpOptionSpec.Md5;
import dev.baton.tools.drill.script.TcpOptionSpec.Mss;
import dev.baton.tools.drill.script.TcpOptionSpec.Nop;
import dev.baton.tools.drill.script.TcpOptionSpec.Sack;
import dev.baton.tools.drill.script.TcpOptionSpec.SackPermitted;
import dev.baton.tools.drill.script.TcpOptionSpec.Timestamps;
import dev.baton.tools.drill.script.TcpOptionSpec.WindowScale;

import java.nio.ByteBuffer;

/** Options as bytes of a TCP header. */
public final class TcpOptionBytes
{
    /** Kind: end of options. */
    public static final int EOL = 0;
    /** Kind: padding. */
    public static final int NOP = 1;
    /** Kind: maximum segment size. */
    public static final int MSS = 2;
    /** Kind: window scale. */
    public static final int WINDOW_SCALE = 3;
    /** Kind: SACK permitted. */
    public static final int SACK_PERMITTED = 4;
    /** Kind: SACK. */
    public static final int SACK = 5;
    /** Kind: timestamps. */
    public static final int TIMESTAMPS = 8;
    /** Kind: MD5 digest. */
    public static final int MD5 = 19;
    /** Kind: Fast Open. */
    public static final int FAST_OPEN = 34;
    /** Kind: AccECN, e0b first. */
    public static final int ACCURATE_ECN_0 = 172;
    /** Kind: AccECN, e1b first. */
    public static final int ACCURATE_ECN_1 = 174;
    /** Kind: experiments. */
    public static final int EXPERIMENT = 254;
    /** What an experimental Fast Open option begins with. */
    public static final int FAST_OPEN_MAGIC = 0xF989;

    private TcpOptionBytes()
    {
    }

    /**
     * Length of an option.
     *
     * @param option as written.
     * @return in bytes.
     */
    public static int length(final TcpOptionSpec option)
    {
        if (option instanceof Nop || option instanceof Eol)
        {
            return 1;
        }
        return 2 + dataLength(option);
    }

    private static int dataLength(final TcpOptionSpec option)
    {
        if (option instanceof Sack sack)
        {
            return sack.blocks().size() * 8;
        }
        if (option instanceof FastOpen fastOpen)
        {
            return fastOpen.cookie().length + (fastOpen.experimental() ? 2 : 0);
        }
        if (option instanceof AccurateEcn ecn)
        {
            return ecn.counters().size() * 3;
        }
        if (option instanceof Generic generic)
        {
            return generic.data().length;
        }
        return option instanceof Mss ? 2 : option instanceof WindowScale ? 1 : option instanceof Timestamps ? 8 :
            option instanceof Md5 ? 16 : 0;
    }

    /**
     * Write an option.
     *
     * @param option as written; numbers of SACK blocks and timestamps as they are to be on the wire.
     * @param to     big-endian buffer with room for it.
     */
    public static void put(final TcpOptionSpec option, final ByteBuffer to)
    {
        if (option instanceof Nop)
        {
            to.put((byte)NOP);
        }
        else if (option instanceof Eol)
        {
            to.put((byte)EOL);
        }
        else
        {
            to.put((byte)kind(option)).put((byte)length(option));
            putData(option, to);
        }
    }

    private static int kind(final TcpOptionSpec option)
    {
        if (option instanceof FastOpen fastOpen)
        {
            return fastOpen.experimental() ? EXPERIMENT : FAST_OPEN;
        }
        if (option instanceof AccurateEcn ecn)
        {
            return ecn.firstOrder() ? ACCURATE_ECN_0 : ACCURATE_ECN_1;
        }
        if (option instanceof Generic generic)
        {
            return generic.kind();
        }
        return option instanceof Mss ? MSS : option instanceof WindowScale ? WINDOW_SCALE : option instanceof SackPermitted ?
            SACK_PERMITTED : option instanceof Sack ? SACK : option instanceof Timestamps ? TIMESTAMPS : MD5;
    }

    private static void putData(final TcpOptionSpec option, final ByteBuffer to)
    {
        if (option instanceof Mss mss)
        {
            to.putShort((short)mss.value());
        }
        else if (option instanceof WindowScale scale)
        {
            to.put((byte)scale.shift());
        }
        else if (option instanceof Timestamps timestamps)
        {
            to.putInt((int)timestamps.value()).putInt((int)timestamps.echo());
        }
        else if (option instanceof Sack sack)
        {
            for (final Block block : sack.blocks())
            {
                to.putInt((int)block.start()).putInt((int)block.end());
            }
        }
        else if (option instanceof AccurateEcn ecn)
        {
            for (final long counter : ecn.counters())
            {
                to.put((byte)(counter >> 16)).putShort((short)counter);
            }
        }
        else
        {
            putBytes(option, to);
        }
    }

    private static void putBytes(final TcpOptionSpec option, final ByteBuffer to)
    {
        if (option instanceof FastOpen fastOpen)
        {
            if (fastOpen.experimental())
            {
                to.putShort((short)FAST_OPEN_MAGIC);
            }
            to.put(fastOpen.cookie());
        }
        else if (option instanceof Md5 md5)
        {
            to.put(md5.digest());
        }
        else if (option instanceof Generic generic)
        {
            to.put(generic.data());
        }
    }
}
