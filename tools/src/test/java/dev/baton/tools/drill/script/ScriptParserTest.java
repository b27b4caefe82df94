package dev.baton.tools.drill.script;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ScriptParserTest
{
    @TempDir
    Path dir;

    private Script parse(final String text)
    {
        return parse(text, Map.of(), Set.of());
    }

    private Script parse(final String text, final Map<String, String> symbols, final Set<String> conditions)
    {
        try
        {
            return ScriptParser.parse(Files.writeString(dir.resolve("a.pkt"), text), symbols, conditions);
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private Action action(final String event)
    {
        return parse("0 " + event).events().get(0).action();
    }

    private PacketSpec.Tcp tcp(final String packet)
    {
        return assertInstanceOf(PacketSpec.Tcp.class, assertInstanceOf(PacketSpec.class, action(packet)).body());
    }

    private List<Expr> arguments(final String call)
    {
        return assertInstanceOf(Action.Call.class, action(call)).arguments();
    }

    @Test
    void shouldReadAWholeScript()
    {
        final Script script = parse("""
            // profile: freebsd
            --ip_version=ipv4
            --tolerance_usecs=10000   // more than usual
            --strict_segments

            `./defaults.sh`

            0   socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0  bind(3, ..., ...) = 0    /* the usual
                                            address */
            +.1 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>
            +0  > S. 0:0(0) ack 1 <...>
            0.2...0.3 read(4, ..., 100) = -1 EAGAIN (Resource temporarily unavailable)
            %{ assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd }%
            `true`
            """.replace("%{", "+0 %{"));
        assertEquals("freebsd", script.profile());
        assertEquals(List.of("ip_version", "tolerance_usecs", "strict_segments"),
            script.options().stream().map(Script.Option::name).toList());
        assertEquals("10000", script.options().get(1).value());
        assertEquals("./defaults.sh", script.init());
        assertEquals("true", script.cleanup());
        assertEquals(6, script.events().size());
        final Action.Call read = assertInstanceOf(Action.Call.class, script.events().get(4).action());
        assertEquals("EAGAIN", read.errno());
        assertEquals(new Expr.Int(-1), read.result());
        assertEquals(new When.At(300_000), read.end());
        assertEquals(" assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd ",
            assertInstanceOf(Action.Code.class, script.events().get(5).action()).text());
        assertEquals("+.1 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>", script.events().get(2).text());
        assertEquals(11, script.events().get(2).at().line());
    }

    @Test
    void shouldReadEveryFormOfTime()
    {
        final Script script = parse("""
            0 close(3) = 0
            +.000001 close(3) = 0
            1.5 close(3) = 0
            * > . 1:1(0) ack 1
            2~2.25 > . 1:1(0) ack 1
            +0~+.5 > . 1:1(0) ack 1
            +1...2.5 close(3) = 0
            """);
        assertEquals(List.of(new When.At(0), new When.After(1), new When.At(1_500_000), new When.Any(),
            new When.Between(2_000_000, 2_250_000), new When.AfterBetween(0, 500_000), new When.After(1_000_000)),
            script.events().stream().map(Script.Event::when).toList());
        assertEquals(new When.After(2_500_000), ((Action.Call)script.events().get(6).action()).end());
    }

    @Test
    void shouldReadSegments()
    {
        final PacketSpec.Tcp segment = tcp("< 1000 > 2000 FP. 1:1001(1000) ack 4294967295 win 257 urg 5 <nop,nop,TS val 7 ecr 0x10>");
        assertEquals(new PacketSpec.Ports(1000, 2000), segment.ports());
        assertEquals(0x19, segment.flags());
        assertEquals(1000, segment.length());
        assertEquals(4_294_967_295L, segment.ack());
        assertEquals(257, segment.window());
        assertEquals(5, segment.urgent());
        assertEquals(new TcpOptionSpec.Timestamps(7, 16), segment.options().get(2));
        final PacketSpec.Tcp bare = tcp("> - 4294967290:4(10)");
        assertEquals(0, bare.flags());
        assertNull(bare.ack());
        assertNull(bare.window());
        assertEquals(10, bare.length());
        assertEquals(List.of(), bare.options());
        assertNull(tcp("> . 1:1(0) ack 1 <...>").options());
        assertEquals(5, tcp("> S5. 0:0(0) ack 1").ace());
        assertEquals(0x1C2, tcp("> SEWA 0:0(0)").flags());
    }

    @Test
    void shouldReadWhatIsSaidOfTheIpHeader()
    {
        final PacketSpec packet = assertInstanceOf(PacketSpec.class,
            action("> [ect01, ttl 12] . 1:1(0) ack 1"));
        assertEquals(new PacketSpec.Ip(PacketSpec.Ecn.ECT01, null, 12, null), packet.ip());
        final PacketSpec other = assertInstanceOf(PacketSpec.class,
            action("< (tos 0xb8, flowlabel 0x12345) . 1:1(0) ack 1 win 1"));
        assertEquals(new PacketSpec.Ip(null, 0xB8, null, 0x12345), other.ip());
        final PacketSpec inner = assertInstanceOf(PacketSpec.class,
            action("< ipv4 192.0.2.1 > 192.168.0.1: ipv6 fd00::1 > fd00::2: . 1:1(0) ack 1 win 1"));
        assertEquals(List.of("ipv4 192.0.2.1 > 192.168.0.1", "ipv6 fd00::1 > fd00::2"), inner.encapsulations());
    }

    @Test
    void shouldReadEveryTcpOption()
    {
        final List<TcpOptionSpec> options = tcp("< S 0:0(0) win 1 <mss 1460,wscale 14,eol,FO 0102030405,nop,nop,sackOK,gen 200 ab,nop,nop>")
            .options();
        assertEquals(new TcpOptionSpec.Mss(1460), options.get(0));
        assertEquals(new TcpOptionSpec.WindowScale(14), options.get(1));
        assertArrayEquals(new byte[]{1, 2, 3, 4, 5}, ((TcpOptionSpec.FastOpen)options.get(3)).cookie());
        assertEquals(200, ((TcpOptionSpec.Generic)options.get(7)).kind());
        assertEquals(new TcpOptionSpec.Sack(List.of(new TcpOptionSpec.Block(1, 2), new TcpOptionSpec.Block(5, 9))),
            tcp("< . 1:1(0) win 1 <nop,nop,sack 1:2 5:9>").options().get(2));
        final TcpOptionSpec.FastOpen experimental =
            (TcpOptionSpec.FastOpen)tcp("< S 0:0(0) win 1 <FOEXP 0a0b0c0d0e0f0a0b>").options().get(0);
        assertTrue(experimental.experimental());
        assertEquals(new TcpOptionSpec.AccurateEcn(true, List.of(1L, 2L, 3L)),
            tcp("> . 1:1(0) <nop,ECN e0b 1 ceb 2 e1b 3>").options().get(1));
        assertEquals(new TcpOptionSpec.AccurateEcn(false, List.of(1L)),
            tcp("> . 1:1(0) <nop,nop,nop,ECN e1b 1>").options().get(3));
        assertEquals(16, ((TcpOptionSpec.Md5)tcp("> . 1:1(0) <nop,nop,md5 000102030405060708090a0b0c0d0e0f>").options().get(2))
            .digest().length);
    }

    @Test
    void shouldReadDatagramsAndMessages()
    {
        assertEquals(new PacketSpec.Udp(null, 1000), ((PacketSpec)action("> udp (1000)")).body());
        assertEquals(new PacketSpec.Udp(new PacketSpec.Ports(53, 8080), 0), ((PacketSpec)action("< udp 53 > 8080 (0)")).body());
        assertEquals(new PacketSpec.Icmp("unreachable", "frag_needed", 1200L, null, new PacketSpec.EchoedTcp(1, 1001)),
            ((PacketSpec)action("< icmp unreachable frag_needed mtu 1200 [1:1001(1000)]")).body());
        assertEquals(new PacketSpec.Icmp("echo_request", null, null, 7, null),
            ((PacketSpec)action("< icmp echo_request id 7")).body());
        assertEquals(new PacketSpec.Icmp("unreachable", "port_unreachable", null, null, new PacketSpec.EchoedUdp(10)),
            ((PacketSpec)action("> icmp unreachable port_unreachable [udp (10)]")).body());
        assertEquals(2, parse("0 < icmp time_exceeded\n+0 < icmp source_quench [raw (8)]").events().size());
    }

    @Test
    void shouldReadArgumentsOfCalls()
    {
        assertEquals(List.of(new Expr.Any(), new Expr.Word("SOCK_STREAM"), new Expr.Int(0)),
            arguments("socket(..., SOCK_STREAM, 0) = 3"));
        assertEquals(new Expr.Or(List.of(new Expr.Word("O_RDWR"), new Expr.Word("O_NONBLOCK"))),
            arguments("fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0").get(2));
        assertEquals(new Expr.Array(List.of(new Expr.Int(1))), arguments("setsockopt(3, A, B, [1], 4) = 0").get(3));
        assertEquals(new Expr.Text("a\n\"\u00ff", false), arguments("write(3, \"a\\n\\\"\\xff\", 4) = 4").get(1));
        final Expr.Struct poll = (Expr.Struct)((Expr.Array)arguments("poll([{fd=3, events=POLLIN, revents=POLLIN}], 1, 0) = 1")
            .get(0)).items().get(0);
        assertEquals(new Expr.Int(3), poll.get("fd"));
        assertNull(poll.get("absent"));
        final Expr.Struct message = (Expr.Struct)arguments(
            "sendmsg(3, {msg_name(...)=..., msg_iov(1)=[{..., 1000}], msg_flags=0, msg_control=[{cmsg_level=A, cmsg_data=5}]}, 0) = 0").get(1);
        assertEquals(new Expr.Any(), message.fields().get(0).length());
        assertEquals(new Expr.Tuple(List.of(new Expr.Any(), new Expr.Int(1000))), ((Expr.Array)message.get("msg_iov")).items().get(0));
        final Expr.Struct address = (Expr.Struct)arguments(
            "connect(3, {sa_family = AF_INET, sin_port = htons(8080), sin_addr = inet_addr(\"192.0.2.1\")}, ...) = 0").get(1);
        assertEquals(new Expr.Apply("htons", List.of(new Expr.Int(8080))), address.get("sin_port"));
    }

    @Test
    void shouldObeyDirectives() throws IOException
    {
        Files.writeString(dir.resolve("common.inc"), "#define SIZE 1000\n0 close(3) = 0\n");
        final Script script = parse("""
            #include "common.inc"
            #ifdef Linux
            +0 close(1) = 0
            #ifndef OTHER
            +0 close(SIZE) = 0
            #endif
            #else
            this is not read
            #endif
            """, Map.of("OTHERS", "1"), Set.of("Linux"));
        assertEquals(3, script.events().size());
        assertEquals(new Expr.Int(1000), ((Action.Call)script.events().get(2).action()).arguments().get(0));
        assertTrue(script.events().get(0).at().file().endsWith("common.inc"));
        assertEquals(5, script.events().get(2).at().line());
    }

    @Test
    void shouldReplaceSymbolsButNotInTexts()
    {
        final Script script = parse("0 write(FD, \"FD\", LEN) = LEN", Map.of("FD", "3", "LEN", "2"), Set.of());
        final Action.Call write = (Action.Call)script.events().get(0).action();
        assertEquals(List.of(new Expr.Int(3), new Expr.Text("FD", false), new Expr.Int(2)), write.arguments());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "0 < S 0:0(0) | 1:13 | expected 'win'",
        "0 < S 0:5(0) win 1 | 1:7 | ends at 0, not at 5",
        "0 > X 0:0(0) | 1:5 | expected TCP flags",
        "0 > . 1:1(0) ack 1 <mss 1000,nop> | 1:21 | no multiple of 4",
        "0 > . 1:1(0) <mss 99999> | 1:19 | mss",
        "0 > . 1:1(0) <cookie 1> | 1:15 | is no TCP option",
        "0 < . 1:1(0) win 1 <...> | 1:5 | must be written out",
        "0 > E5. 1:1(0) | 1:5 | do not go together",
        "0 > [ect2] . 1:1(0) | 1:6 | ect01",
        "0 close(3) | 1:11 | expected '='",
        "0 close(3 = 0 | 1:11 | expected ')'",
        "0 write(3, \"abc) = 3 | 1:21 | does not end",
        "1 close(3) = 0 | 1:1 | first event must be at time 0",
        "* close(3) = 0 | 1:1 | expected (>)",
        "0 | 1:2 | expected a packet",
        "0...1 > . 1:1(0) | 1:1 | only a system call",
        "0 `true | 1:4 | does not end",
        "/* 0 close(3) = 0 | 1:1 | comment does not end",
        "0 %{ assert 1 | 1:5 | does not end",
        "#if X | 1:1 | is no directive",
        "#ifdef X | 1:1 | no #endif",
        "#else | 1:1 | without #ifdef",
        "#include \"absent\" | 1:1 | cannot be read",
        "// profile: plan9 | 1:13 | is no profile",
        "--=3 | 1:3 | name of an option"})
    void shouldSayWhereAndWhatIsWrong(final String text, final String where, final String what)
    {
        final ScriptException wrong = assertThrows(ScriptException.class, () -> parse(text));
        assertTrue(wrong.problem().contains(what) || "mss".equals(what) && wrong.problem().contains("MSS"), wrong::getMessage);
        assertEquals(where, wrong.position().line() + ":" + wrong.position().column(), wrong::getMessage);
    }

    @Test
    void shouldRefuseTimeThatGoesBack()
    {
        final ScriptException wrong =
            assertThrows(ScriptException.class, () -> parse("0 close(3) = 0\n2 close(3) = 0\n1 close(3) = 0"));
        assertEquals(3, wrong.position().line());
        assertTrue(wrong.problem().contains("time goes back"));
    }

    @Test
    void shouldRefuseWhatIsNoScript() throws IOException
    {
        final Path large = dir.resolve("large");
        Files.write(large, new byte[10 << 20]);
        assertTrue(assertThrows(ScriptException.class, () -> ScriptParser.parse(large, Map.of(), Set.of()))
            .problem().contains("10485760 bytes"));
        assertTrue(assertThrows(ScriptException.class, () -> ScriptParser.parse(dir, Map.of(), Set.of()))
            .problem().contains("is a directory"));
        final Path loop = Files.writeString(dir.resolve("loop"), "#include \"loop\"\n");
        assertTrue(assertThrows(ScriptException.class, () -> ScriptParser.parse(loop, Map.of(), Set.of()))
            .problem().contains("nested deeper"));
        final Path binary = Files.write(dir.resolve("binary"), new byte[]{(byte)0xC3, (byte)0x28});
        assertTrue(assertThrows(ScriptException.class, () -> ScriptParser.parse(binary, Map.of(), Set.of()))
            .problem().contains("UTF-8"));
        assertThrows(ScriptException.class, () -> parse("0 close(" + "[".repeat(100_000) + ") = 0"));
        assertTrue(assertThrows(ScriptException.class, () -> parse("")).problem().contains("without events"));
    }
}
