package dev.baton.tools.drill.script;

import dev.baton.tools.drill.script.PacketSpec.Body;
import dev.baton.tools.drill.script.PacketSpec.Echoed;
import dev.baton.tools.drill.script.PacketSpec.Ecn;
import dev.baton.tools.drill.script.PacketSpec.Ip;
import dev.baton.tools.drill.script.PacketSpec.Ports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Packets, after {@code <} or {@code >}. */
final class PacketParser
{
    private static final long MAX_32 = 0xFFFF_FFFFL;
    private static final int MAX_16 = 0xFFFF;
    private static final int MAX_PAYLOAD = 0xFFFF;
    private static final String FLAGS = "FSRP.UEWA";
    private static final int[] FLAG_BITS = {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x100};
    private static final List<String> ENCAPSULATIONS = List.of("ipv4", "ipv6", "gre", "mpls", "encap");

    private final Cursor cursor;

    PacketParser(final Cursor cursor)
    {
        this.cursor = cursor;
    }

    PacketSpec packet(final boolean outbound)
    {
        final List<String> around = new ArrayList<>();
        for (String name = encapsulation(); name != null; name = encapsulation())
        {
            around.add((name + cursor.until(": ", "'" + name + "' before a packet")).strip());
        }
        final Ip ip = ip();
        final Body body;
        if (cursor.acceptWord("udp"))
        {
            body = udp();
        }
        else if (cursor.acceptWord("icmp") || cursor.acceptWord("icmpv6"))
        {
            body = icmp();
        }
        else
        {
            cursor.acceptWord("tcp");
            body = tcp(outbound);
        }
        return new PacketSpec(outbound, around, ip, body);
    }

    private String encapsulation()
    {
        for (final String name : ENCAPSULATIONS)
        {
            if (cursor.acceptWord(name))
            {
                return name;
            }
        }
        return null;
    }

    private Ip ip()
    {
        final char open = cursor.peek();
        if (open != '[' && open != '(')
        {
            return Ip.NONE;
        }
        cursor.expect(String.valueOf(open));
        Ecn ecn = null;
        Integer tos = null;
        Integer ttl = null;
        Integer flowLabel = null;
        do
        {
            final Position at = cursor.position();
            final String name = cursor.word("ect0, ect1, ect01, ce, noecn, tos, ttl or flowlabel");
            switch (name)
            {
                case "tos" -> tos = (int)cursor.number("a type of service", 0xFF);
                case "ttl" -> ttl = (int)cursor.number("a time to live", 0xFF);
                case "flowlabel" -> flowLabel = (int)cursor.number("a flow label", 0xF_FFFF);
                default -> ecn = ecn(name, at);
            }
        }
        while (cursor.accept(","));
        cursor.expect(open == '[' ? "]" : ")");
        return new Ip(ecn, tos, ttl, flowLabel);
    }

    private static Ecn ecn(final String name, final Position at)
    {
        for (final Ecn ecn : Ecn.values())
        {
            if (ecn.name().toLowerCase(Locale.ROOT).equals(name))
            {
                return ecn;
            }
        }
        throw new ScriptException(at, "'" + name + "' says nothing of an IP header: there are ect0 ect1 ect01 ce noecn tos ttl flowlabel");
    }

    private Ports ports()
    {
        if (!cursor.seesNumberThen('>'))
        {
            return null;
        }
        final int source = (int)cursor.number("a port", MAX_16);
        cursor.expect(">");
        return new Ports(source, (int)cursor.number("a port", MAX_16));
    }

    private Body tcp(final boolean outbound)
    {
        final Ports ports = ports();
        cursor.skip();
        final Position flagsAt = cursor.position();
        final String letters = cursor.run((c) -> FLAGS.indexOf(c) >= 0 || c == '-' || c >= '0' && c <= '7');
        if (letters.isEmpty())
        {
            throw cursor.expected("TCP flags (F S R P . U E W A, a digit for ACE, or -), udp or icmp");
        }
        final Integer ace = ace(letters, flagsAt);
        final int flags = flags(letters, ace != null, flagsAt);
        cursor.skip();
        final Position rangeAt = cursor.position();
        final long start = cursor.number("a sequence number", MAX_32);
        cursor.expect(":");
        final long end = cursor.number("a sequence number", MAX_32);
        cursor.expect("(");
        final long length = cursor.number("a length", MAX_PAYLOAD);
        cursor.expect(")");
        if ((start + length & MAX_32) != end)
        {
            throw new ScriptException(rangeAt, "a segment that begins at " + start + " and has " + length + " bytes ends at " +
                (start + length & MAX_32) + ", not at " + end + " (SYN and FIN do not count)");
        }
        final Long ack = cursor.acceptWord("ack") ? cursor.number("an acknowledgment number", MAX_32) : null;
        final Integer window = cursor.acceptWord("win") ? (Integer)(int)cursor.number("a window", MAX_16) : null;
        final Integer urgent = cursor.acceptWord("urg") ? (Integer)(int)cursor.number("an urgent pointer", MAX_16) : null;
        if (!outbound && window == null)
        {
            throw cursor.expected("'win' and a window, which an injected segment must have");
        }
        final List<TcpOptionSpec> options =
            cursor.accept("<") ? new TcpOptionParser(cursor).options() : List.of();
        if (options == null && !outbound)
        {
            throw new ScriptException(flagsAt,
                "the options of an injected segment must be written out, <...> is for expected ones");
        }
        return new PacketSpec.Tcp(ports, flags, ace, start, start + length, ack, window, urgent, options);
    }

    private static Integer ace(final String letters, final Position at)
    {
        Integer ace = null;
        for (int i = 0; i < letters.length(); i++)
        {
            if (Character.isDigit(letters.charAt(i)))
            {
                if (ace != null)
                {
                    throw new ScriptException(at, "two ACE counts in the flags '" + letters + "'");
                }
                ace = letters.charAt(i) - '0';
            }
        }
        return ace;
    }

    private static int flags(final String letters, final boolean ace, final Position at)
    {
        int flags = 0;
        for (int i = 0; i < letters.length(); i++)
        {
            final int known = FLAGS.indexOf(letters.charAt(i));
            if (known >= 0)
            {
                flags |= FLAG_BITS[known];
            }
        }
        if (letters.indexOf('-') >= 0 && letters.length() > 1)
        {
            throw new ScriptException(at, "'-' says that there are no flags, so it stands alone");
        }
        if (ace && (flags & 0x1C0) != 0)
        {
            throw new ScriptException(at, "a digit says what E, W and A say, so they do not go together");
        }
        return flags;
    }

    private Body udp()
    {
        final Ports ports = ports();
        cursor.expect("(");
        final int length = (int)cursor.number("a length", MAX_PAYLOAD);
        cursor.expect(")");
        return new PacketSpec.Udp(ports, length);
    }

    private Body icmp()
    {
        final String type = nameOrNumber("the type of an ICMP message");
        String code = null;
        if (!isEndOfIcmp() && !cursor.seesWord("mtu") && !cursor.seesWord("id"))
        {
            code = nameOrNumber("the code of an ICMP message");
        }
        Long mtu = null;
        Integer id = null;
        while (true)
        {
            if (cursor.acceptWord("mtu"))
            {
                mtu = cursor.number("an MTU", MAX_32);
            }
            else if (cursor.acceptWord("id"))
            {
                id = (int)cursor.number("an identifier", MAX_16);
            }
            else
            {
                break;
            }
        }
        return new PacketSpec.Icmp(type, code, mtu, id, cursor.accept("[") ? echoed() : null);
    }

    private boolean isEndOfIcmp()
    {
        final char c = cursor.peek();
        return c == '[' || c == '+' || c == '*' || c == '`' || c == '%' || c == 0 || Character.isDigit(c);
    }

    private String nameOrNumber(final String what)
    {
        return Character.isDigit(cursor.peek()) ? String.valueOf(cursor.number(what, 0xFF)) : cursor.word(what);
    }

    private Echoed echoed()
    {
        final Echoed echoed;
        if (cursor.acceptWord("udp"))
        {
            echoed = new PacketSpec.EchoedUdp(lengthInParentheses());
        }
        else if (cursor.acceptWord("raw"))
        {
            echoed = new PacketSpec.EchoedRaw(lengthInParentheses());
        }
        else
        {
            final long start = cursor.number("a sequence number", MAX_32);
            cursor.expect(":");
            final long end = cursor.number("a sequence number", MAX_32);
            if (cursor.peek() == '(')
            {
                lengthInParentheses();
            }
            echoed = new PacketSpec.EchoedTcp(start, end);
        }
        cursor.expect("]");
        return echoed;
    }

    private int lengthInParentheses()
    {
        cursor.expect("(");
        final int length = (int)cursor.number("a length", MAX_PAYLOAD);
        cursor.expect(")");
        return length;
    }
}
