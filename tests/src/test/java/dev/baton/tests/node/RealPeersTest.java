package dev.baton.tests.node;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The kernel's TCP with the programs that people use, through a TUN device, against the stack as a server and as a client at
 * once: the stack relays each connection back to the kernel, so iperf3, which has a protocol of its own, has the kernel at
 * both ends. Every transfer is captured and checked afterwards.
 */
@Tag("tun")
@Timeout(180)
class RealPeersTest
{
    private static final int BYTES = 20_000_003;

    @TempDir
    Path dir;
    private TestNamespace namespace;
    private KernelPeer kernel;
    private Relay relay;
    private Path pcap;
    private Process capture;

    @BeforeEach
    void begin() throws IOException, InterruptedException
    {
        namespace = TestNamespace.make("peers");
        kernel = new KernelPeer(namespace, dir);
        namespace.inside("sysctl", "-qw", "net.ipv4.tcp_ecn=1", "net.ipv4.tcp_fastopen=3", "net.ipv4.tcp_sack=1",
            "net.ipv4.tcp_timestamps=1", "net.ipv4.tcp_window_scaling=1");
        pcap = dir.resolve("bt0.pcap");
    }

    @AfterEach
    void end()
    {
        if (relay != null)
        {
            relay.close();
        }
        kernel.close();
        namespace.close();
    }

    private void start(final boolean offload, final int lostEvery) throws IOException, InterruptedException
    {
        if (!offload)
        {
            namespace.inside("ip", "link", "del", "bt0");
            namespace.inside("ip", "tuntap", "add", "dev", "bt0", "mode", "tun");
            namespace.inside("ip", "addr", "add", KernelPeer.V4 + "/24", "dev", "bt0");
            namespace.inside("ip", "addr", "add", KernelPeer.V6 + "/64", "dev", "bt0", "nodad");
            namespace.inside("ip", "link", "set", "bt0", "up", "txqueuelen", "5000");
        }
        relay = Relay.start(namespace, offload, lostEvery);
        capture = kernel.capture(pcap);
    }

    private static String stack(final boolean v4)
    {
        return v4 ? TestNamespace.V4 : TestNamespace.V6;
    }

    private static String host(final boolean v4)
    {
        return v4 ? KernelPeer.V4 : KernelPeer.V6;
    }

    @ParameterizedTest
    @CsvSource({"true, true, ''", "true, false, -R", "false, true, -R", "false, false, ''"})
    void shouldCarryIperfBothWays(final boolean offload, final boolean v4, final String direction) throws Exception
    {
        start(offload, 0);
        final Process server = kernel.serve(5201, "iperf3", "-s", "-1", "-B", host(v4), "-p", "5201");
        final String json = namespace.inside("bash", "-c",
            "iperf3 -c " + stack(v4) + " -p 5201 -P 3 -n " + BYTES + " -J " + direction);
        assertTrue(bytes(json, "sum_sent") >= BYTES, json);
        assertTrue(bytes(json, "sum_received") > 0, json);
        assertTrue(server.waitFor(20, TimeUnit.SECONDS));

        final CaptureCheck check = kernel.checked(capture, pcap);
        final Map<String, Long> counters = relay.end();
        assertTrue(check.dataSegments > 0 && check.segments > check.dataSegments);
        // A control connection and three streams, each of them twice; the stack says all that it can in each SYN.
        assertTrue(check.allOptions >= 8, "SYNs with all options " + check.allOptions);
        assertTrue(counters.get("TcpActiveOpens") >= 4 && counters.get("TcpPassiveOpens") >= 4, counters.toString());
        assertEquals(0, kernelErrors(), "segments that the kernel found to be wrong");
    }

    /** iperf3 says some keys twice, which is no JSON. */
    private static long bytes(final String json, final String sum)
    {
        final Matcher matcher = Pattern.compile("\"" + sum + "\":\\s*\\{[^}]*\"bytes\":\\s*(\\d+)").matcher(json);
        assertTrue(matcher.find(), json);
        return Long.parseLong(matcher.group(1));
    }

    /** TcpInErrs and TcpInCsumErrors of the kernel in the namespace. */
    private long kernelErrors() throws IOException, InterruptedException
    {
        long sum = 0;
        for (final String line : namespace.inside("nstat", "-asz", "TcpInErrs", "TcpInCsumErrors").split("\n"))
        {
            sum += line.startsWith("Tcp") ? Long.parseLong(line.split("\\s+")[1]) : 0;
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void shouldCarryNetcatByteForByte(final boolean offload, final boolean v4) throws Exception
    {
        start(offload, 0);
        final CaptureCheck check = netcat(v4);

        final Map<String, Long> counters = relay.end();
        assertEquals(0, check.resets, "RSTs of the stack");
        assertEquals(2, check.allOptions);
        assertEquals(0, kernelErrors(), "segments that the kernel found to be wrong");
        assertEquals(1, counters.get("TcpActiveOpens"));
    }

    private CaptureCheck netcat(final boolean v4) throws Exception
    {
        final byte[] bytes = new byte[BYTES];
        new Random(3).nextBytes(bytes);
        final Path sent = Files.write(dir.resolve("sent"), bytes);
        final Path got = dir.resolve("got");
        final Process server = kernel.serve(5300, "bash", "-c", "nc -l " + host(v4) + " 5300 > " + got);
        namespace.inside("bash", "-c", "nc -N " + stack(v4) + " 5300 < " + sent);
        assertTrue(server.waitFor(60, TimeUnit.SECONDS));
        assertEquals(-1, Files.mismatch(sent, got), "first byte that differs");
        return kernel.checked(capture, pcap);
    }

    /** Every 50th packet of the stack is lost: what had data comes again, and hardly anything else. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRepairWhatIsLostOnTheWay(final boolean v4) throws Exception
    {
        start(false, 50);
        netcat(v4);

        final Map<String, Long> counters = relay.end();
        final long lost = counters.get("LostWithData");
        final long resent = counters.get("TcpRetransSegs");
        assertTrue(lost > BYTES / 1460 / 100, "lost " + lost);
        assertTrue(resent >= lost, "lost " + lost + ", sent again " + resent);
        assertTrue(resent <= lost + lost / 2 + 20, "lost " + lost + ", sent again " + resent);
    }

    @Test
    void shouldTakeDataInTheSynFromCurl() throws Exception
    {
        start(true, 0);
        for (final boolean v4 : new boolean[]{true, false})
        {
            final String url = "http://" + (v4 ? TestNamespace.V4 : "[" + TestNamespace.V6 + "]") + "/";
            for (int i = 0; i < 3; i++)
            {
                assertEquals(GreetingService.BODY, namespace.inside("curl", "-sS", "-g", "--tcp-fastopen", url));
            }
        }
        final CaptureCheck check = kernel.checked(capture, pcap);
        final Map<String, Long> counters = relay.end();
        // The first to each address asks for a cookie, the others use it.
        assertEquals(4, check.synsWithData);
        assertEquals(4, counters.get("TCPFastOpenPassive"));
        assertEquals(2, counters.get("TCPFastOpenCookieReqd"));
        assertEquals(0, check.resets);
    }
}
