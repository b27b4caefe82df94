package dev.baton.tools.drill.run;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DrillTest
{
    private static final String LISTEN = """
        0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0 bind(3, ..., ...) = 0
        +0 listen(3, 1) = 0
        """;
    private static final String ACCEPTED = LISTEN + """
        +.1 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>
        +0 > S. 0:0(0) ack 1 <...>
        +.1 < . 1:1(0) ack 1 win 257
        +0 accept(3, ..., ...) = 4
        """;

    @TempDir
    Path dir;

    private Verdict run(final String text)
    {
        return run(text, Mode.IPV4, false);
    }

    private Verdict run(final String text, final Mode mode, final boolean surplusFails)
    {
        try
        {
            final Path script = Files.writeString(dir.resolve("a.pkt"), text);
            final Drill drill = new Drill(Profile.LINUX, List.of(mode), Map.of(), surplusFails, false, null);
            return drill.run(script).get(0);
        }
        catch (final IOException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private void passes(final String text)
    {
        final Verdict verdict = run(text);
        assertEquals(Verdict.Kind.PASS, verdict.kind(), verdict::toString);
    }

    private Verdict fails(final String text, final String reason)
    {
        final Verdict verdict = run(text);
        assertEquals(Verdict.Kind.FAIL, verdict.kind(), verdict::toString);
        assertTrue(verdict.reason().contains(reason), verdict::toString);
        return verdict;
    }

    private void isUnsupported(final String text, final UnsupportedReason reason)
    {
        final Verdict verdict = run(text);
        assertEquals(Verdict.Kind.UNSUPPORTED, verdict.kind(), verdict::toString);
        assertTrue(verdict.reason().startsWith(reason.text() + ": "), verdict::toString);
    }

    @Test
    void shouldPassInEveryMode()
    {
        for (final Mode mode : Mode.values())
        {
            assertEquals(Verdict.Kind.PASS, run(ACCEPTED, mode, true).kind(), mode::text);
        }
    }

    @Test
    void shouldTellLineExpectedAndActualOfAFailure()
    {
        final Verdict verdict = fails(LISTEN + "+.1 < S 0:0(0) win 1000 <mss 1000>\n+0 > S. 0:0(0) ack 2 <mss 1460>\n",
            "acknowledgment number 1 instead of 2");
        assertEquals(5, verdict.line());
        assertEquals("+0 > S. 0:0(0) ack 2 <mss 1460>", verdict.expected());
        assertEquals("0.100000 > S. 0:0(0) ack 1 win 65535 <mss 1460>", verdict.actual());
    }

    @Test
    void shouldNameLineAndColumnOfSyntaxErrors()
    {
        final Verdict verdict = fails("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 > S 0:x\n", "a.pkt:2:");
        assertEquals(2, verdict.line());
    }

    @Test
    void shouldFailWhenNothingIsSentForTwoSeconds()
    {
        final Verdict verdict = fails(ACCEPTED + "+.5 > . 1:1(0) ack 1\n", "nothing was sent until 2.700000");
        assertNull(verdict.actual());
    }

    @Test
    void shouldJoinSegmentsToTheLengthThatIsExpected()
    {
        passes(ACCEPTED + "+0 write(4, ..., 3500) = 3500\n+0 > P. 1:3501(3500) ack 1\n");
    }

    @Test
    void shouldNotJoinSegmentsWhenAskedTo()
    {
        fails("--strict_segments\n" + ACCEPTED + "+0 write(4, ..., 3000) = 3000\n+0 > P. 1:3001(3000) ack 1\n", "flags . instead of P.");
    }

    @Test
    void shouldNotJoinMoreThanIsSent()
    {
        fails(ACCEPTED + "+0 write(4, ..., 3000) = 3000\n+0 > P. 1:4001(4000) ack 1\n", "do not fit together");
    }

    @Test
    void shouldCompareTimesWithTolerance()
    {
        passes(ACCEPTED + "+.003 write(4, ..., 10) = 10\n0.2 > P. 1:11(10) ack 1\n");
        fails(ACCEPTED + "+.006 write(4, ..., 10) = 10\n0.2 > P. 1:11(10) ack 1\n", "time 0.206000 instead of 0.200000");
    }

    @Test
    void shouldTakeAnyTimeForAStarAndARangeWithItsEnds()
    {
        passes(ACCEPTED + "+.5 write(4, ..., 10) = 10\n* > P. 1:11(10) ack 1\n");
        passes(ACCEPTED + "+0 write(4, ..., 10) = 10\n+0 > P. 1:11(10) ack 1\n+.1~+.4 > P. 1:11(10) ack 1\n");
        fails(ACCEPTED + "+0 write(4, ..., 10) = 10\n+0 > P. 1:11(10) ack 1\n+.8~+.9 > P. 1:11(10) ack 1\n", "time 0.500000 instead of 1.000000~1.100000");
    }

    @Test
    void shouldKeepDistancesOfInjectedPackets()
    {
        final ScriptClockProbe probe = new ScriptClockProbe();
        assertEquals(1_000_000, probe.injected(1_000_000, 0));
        assertEquals(1_100_000, probe.injected(100_000, 1_000_500));
        assertEquals(1_250_000, probe.call(50_000, 1_200_000));
    }

    @Test
    void shouldWaitForABlockingCall()
    {
        passes(ACCEPTED + "+0...0.3 read(4, ..., 1000) = 100\n+.3 < P. 1:101(100) ack 1 win 257\n* > . 1:1(0) ack 101\n");
        fails(ACCEPTED + "+0...0.9 read(4, ..., 1000) = 100\n+.3 < P. 1:101(100) ack 1 win 257\n* > . 1:1(0) ack 101\n",
            "read has returned at another time");
        fails(ACCEPTED + "+0...0.5 read(4, ..., 1000) = 100\n", "read does not return");
    }

    @Test
    void shouldLetPollGiveUpInTime()
    {
        final String poll = "poll([{fd=4, events=POLLIN, revents=0}], 1, 300) = 0\n";
        passes(ACCEPTED + "+0...0.3 " + poll);
        fails(ACCEPTED + "+0...0.5 " + poll, "poll has returned at another time 0.500000 instead of 0.700000");
    }

    @Test
    void shouldFailWhenACallWouldBlockForEver()
    {
        fails(LISTEN + "+0 accept(3, ..., ...) = 4\n", "accept does not return");
    }

    @Test
    void shouldCompareResultAndErrno()
    {
        passes("0 close(3) = -1 EBADF (Bad file descriptor)\n");
        assertEquals("-1 ENOTSOCK", fails("0 close(3) = -1 ENOTSOCK\n", "close has failed otherwise").expected());
        fails("0 close(3) = 0\n", "close has returned -1 EBADF");
    }

    @Test
    void shouldCompareValuesOfOptions()
    {
        passes(ACCEPTED + "+0 getsockopt(4, SOL_TCP, TCP_NODELAY, [0], [4]) = 0\n");
        assertEquals("[0]", fails(ACCEPTED + "+0 getsockopt(4, SOL_TCP, TCP_NODELAY, [1], [4]) = 0\n", "another value").actual());
    }

    @Test
    void shouldFailOnSurplusPacketsWhenAProfileIsNamed()
    {
        final String text = ACCEPTED + "+0 write(4, ..., 10) = 10\n";
        assertEquals(Verdict.Kind.PASS, run(text).kind());
        assertEquals(Verdict.Kind.FAIL, run(text, Mode.IPV4, true).kind());
        fails("// profile: linux\n" + text, "the stack has sent more: 1 packets");
    }

    @Test
    void shouldTakeInitialNumbersOfSynsFromTheScript()
    {
        passes(LISTEN + "+.1 < S 123:123(0) win 1000 <mss 1000>\n+0 > S. 77:77(0) ack 124 <mss 1460>\n" +
            "+.1 < . 1:1(0) ack 1 win 1000\n+0 accept(3, ..., ...) = 4\n+0 write(4, ..., 10) = 10\n+0 > P. 1:11(10) ack 1\n");
    }

    @Test
    void shouldTranslateTimestampsThatAreEchoed()
    {
        final String open = LISTEN + "+.1 < S 0:0(0) win 1000 <mss 1000,nop,nop,TS val 5 ecr 0>\n" +
            "+0 > S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 1000 ecr 5>\n";
        passes(open + "+.1 < . 1:1(0) ack 1 win 1000 <nop,nop,TS val 6 ecr 1000>\n+0 accept(3, ..., ...) = 4\n" +
            "+0 %{ assert 90000 < tcpi_rtt < 110000, tcpi_rtt }%\n");
        fails(open + "+.1 < . 1:1(0) ack 1 win 1000 <nop,nop,TS val 6 ecr 7>\n", "the echo 7 is no timestamp");
    }

    @Test
    void shouldCheckTimestampEchoes()
    {
        fails(LISTEN + "+.1 < S 0:0(0) win 1000 <mss 1000,nop,nop,TS val 5 ecr 0>\n" +
            "+0 > S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 1000 ecr 6>\n", "options");
    }

    @Test
    void shouldSetUpTheStackByCommandsAtTheHead()
    {
        passes("`sysctl -q net.ipv4.tcp_sack=0 net.ipv4.tcp_window_scaling=0`\n" + LISTEN +
            "+.1 < S 0:0(0) win 1000 <mss 1000,sackOK,nop,nop,nop,wscale 3>\n+0 > S. 0:0(0) ack 1 <mss 1460>\n");
        passes("`../common/defaults.sh\n../common/set_sysctls.py /proc/sys/net/ipv4/tcp_sack=0`\n" + LISTEN +
            "+.1 < S 0:0(0) win 1000 <mss 1000,sackOK,nop,nop>\n+0 > S. 0:0(0) ack 1 <mss 1460>\n");
    }

    @Test
    void shouldSayWhatIsNotSupported()
    {
        isUnsupported("0 `reboot`\n+0 close(3) = -1\n", UnsupportedReason.SHELL_COMMAND);
        isUnsupported("`sysctl -w net.ipv4.tcp_unheard_of=1`\n0 close(3) = -1\n", UnsupportedReason.SYSCTL);
        isUnsupported("0 close(3) = -1\n+0 `sysctl -w net.ipv4.tcp_sack=1`\n", UnsupportedReason.LATE_SYSCTL);
        isUnsupported("0 fork() = 0\n", UnsupportedReason.SYSTEM_CALL);
        isUnsupported("0 socket(AF_UNHEARD_OF, SOCK_STREAM, 0) = 3\n", UnsupportedReason.CONSTANT);
        isUnsupported(ACCEPTED + "+0 setsockopt(4, SOL_TCP, TCP_REPAIR, [1], 4) = 0\n", UnsupportedReason.SOCKET_OPTION);
        isUnsupported(ACCEPTED + "+0 %{ import os }%\n", UnsupportedReason.CODE);
        isUnsupported(ACCEPTED + "+0 %{ assert tcpi_unheard_of == 1 }%\n", UnsupportedReason.VARIABLE);
        isUnsupported("0 < icmp unreachable no_route [raw (8)]\n", UnsupportedReason.IP_VERSION);
        isUnsupported("0 bind(3) = 0\n", UnsupportedReason.ARGUMENT);
    }

    @Test
    void shouldTellVariablesOfAssertionsThatDoNotHold()
    {
        assertEquals("tcpi_snd_cwnd = 10", fails(ACCEPTED + "+0 %{ assert tcpi_snd_cwnd == 11 }%\n", "does not hold").actual());
    }

    @Test
    void shouldKeepToTheModeThatAScriptNames() throws IOException
    {
        final Path script = Files.writeString(dir.resolve("v6.pkt"), "--ip_version=ipv6\n" + ACCEPTED);
        final Drill drill = new Drill(Profile.LINUX, List.of(Mode.values()), Map.of(), true, false, null);
        final List<Verdict> verdicts = drill.run(script);
        assertEquals(1, verdicts.size());
        assertEquals(Mode.IPV6, verdicts.get(0).mode());
    }

    @Test
    void shouldReplaceWordsThatTheUserDefines() throws IOException
    {
        final Path script = Files.writeString(dir.resolve("d.pkt"), "0 close(3) = RESULT\n");
        final Drill drill = new Drill(Profile.LINUX, List.of(Mode.IPV4), Map.of("RESULT", "-1"), true, false, null);
        assertEquals(Verdict.Kind.PASS, drill.run(script).get(0).kind());
    }

    @Test
    void shouldFollowConnectionsWhosePortsAreWritten()
    {
        passes(LISTEN.replace("listen(3, 1)", "listen(3, 8)") + """
            +.1 < 1001 > 8080 S 0:0(0) win 1000 <mss 1000>
            +0 < 1002 > 8080 S 7:7(0) win 1000 <mss 1000>
            +0 > 8080 > 1002 S. 0:0(0) ack 8 <mss 1460>
            +0 > 8080 > 1001 S. 0:0(0) ack 1 <mss 1460>
            """);
    }
}
