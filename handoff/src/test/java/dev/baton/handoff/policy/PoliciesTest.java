package dev.baton.handoff.policy;

import com.sun.management.ThreadMXBean;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PoliciesTest
{
    private static final String PATHS = "/video=back1, /video/live=back2 ,/img/=back2,/admin=refuse,/a=b=back1,*=front";
    private static final String HOSTS =
        "www.example.org=back1,*.example.org=back2,*.cdn.example.org=back3,[fd00::1]=back1,10.0.0.1=back2,bad.org=refuse";

    private final boolean[] up = {true, true, true, true};
    private final Facts facts = new Facts();

    private final class Facts implements PolicyFacts
    {
        @Override
        public long clientHi()
        {
            return 0;
        }

        @Override
        public long clientLo()
        {
            return 0;
        }

        @Override
        public int clientPort()
        {
            return 1;
        }

        @Override
        public long vipHi()
        {
            return 0;
        }

        @Override
        public long vipLo()
        {
            return 0;
        }

        @Override
        public int vipPort()
        {
            return 80;
        }

        @Override
        public boolean isUp(final int node)
        {
            return up[node];
        }
    }

    private String decide(final HandoffPolicy policy, final String request, final boolean complete)
    {
        final byte[] bytes = ("..." + request).getBytes(StandardCharsets.ISO_8859_1);
        final int verdict = policy.decide(new UnsafeBuffer(bytes), 3, bytes.length - 3, complete, facts);
        return switch (verdict)
        {
            case HandoffPolicy.STAY -> "stay";
            case HandoffPolicy.NEED_MORE -> "more";
            case HandoffPolicy.REFUSE -> "refuse";
            default -> policy.nodeName(verdict);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "/video,back1", "/video/1.mp4,back1", "/videos,back1", "/video/live,back2", "/video/live?x=/img/,back2", "/vide,front",
        "/img,front", "/img/,back2", "/img/x,back2", "/admin/x,refuse", "/,front", "/VIDEO,front", "/a=b/c,back1",
        "http://h/video,back1", "http://h,front", "*,front"})
    void shouldChooseByTheLongestPathPrefix(final String target, final String node)
    {
        final HandoffPolicy policy = Policies.byName("path", PATHS);
        assertEquals(node, decide(policy, "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n", false));
    }

    @Test
    void shouldTakeTheEmptyPathOfAnAbsoluteFormAsTheRoot()
    {
        final HandoffPolicy policy = Policies.byName("path", "/=back1");
        assertEquals("back1", decide(policy, "GET http://h HTTP/1.1\r\n\r\n", false));
        assertEquals("stay", decide(policy, "OPTIONS * HTTP/1.1\r\n\r\n", false));
        assertEquals("stay", decide(policy, "CONNECT h:1 HTTP/1.1\r\n\r\n", false));
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.org,back1", "WWW.Example.ORG:8080,back1", "www.example.org.,back1", "img.example.org,back2",
        "a.b.example.org,back2", "x.cdn.example.org,back3", "cdn.example.org,back2", "example.org,stay", "badexample.org,stay",
        "[FD00::1]:80,back1", "[fd00::2],stay", "10.0.0.1:81,back2", "bad.org,refuse", "'',stay", ".example.org,stay"})
    void shouldChooseByHost(final String host, final String node)
    {
        final HandoffPolicy policy = Policies.byName("host", HOSTS);
        assertEquals(node, decide(policy, "GET / HTTP/1.1\r\nhost: " + host + "\r\n\r\n", false));
    }

    @Test
    void shouldTakeTheHostOfAnAbsoluteTargetAndAnyCaseOfPatterns()
    {
        final HandoffPolicy policy = Policies.byName("host", "WWW.Example.org=back1,*=back2");
        assertEquals("back1", decide(policy, "GET http://www.EXAMPLE.org/ HTTP/1.1\r\nHost: other\r\n\r\n", false));
        assertEquals("back2", decide(policy, "GET / HTTP/1.0\r\n\r\n", false));
    }

    @Test
    void shouldWaitForTheWholeHeadAndStayWhenItDoesNotCome()
    {
        final String request = "GET /video HTTP/1.1\r\nHost: www.example.org\r\n\r\n";
        for (final HandoffPolicy policy : new HandoffPolicy[]{Policies.byName("path", PATHS), Policies.byName("host", HOSTS)})
        {
            for (int cut = 0; cut < request.length(); cut++)
            {
                assertEquals("more", decide(policy, request.substring(0, cut), false));
                assertEquals("stay", decide(policy, request.substring(0, cut), true));
            }
            assertEquals("back1", decide(policy, request, false));
            assertEquals("back1", decide(policy, request + "body", true));
            assertEquals("stay", decide(policy, "\u0016\u0003\u0001", false));
        }
    }

    @Test
    void shouldTakeNodesInTurnAndPassOverThoseThatAreDown()
    {
        final HandoffPolicy policy = Policies.byName("round-robin", "b1, b2,b3");
        assertEquals("more", decide(policy, "", false));
        assertEquals("stay", decide(policy, "", true));
        assertEquals("b1", decide(policy, "x", false));
        assertEquals("b2", decide(policy, "x", false));
        assertEquals("b3", decide(policy, "x", false));
        up[0] = false;
        assertEquals("b2", decide(policy, "x", false));
        assertEquals("b3", decide(policy, "x", false));
        assertEquals("b2", decide(policy, "x", false));
        up[1] = false;
        up[2] = false;
        assertEquals("stay", decide(policy, "x", false));
    }

    @Test
    void shouldCarryTheTurnToItsSuccessor()
    {
        final HandoffPolicy old = Policies.byName("round-robin", "b1,b2,b3");
        decide(old, "x", false);
        final UnsafeBuffer state = new UnsafeBuffer(new byte[32]);
        final int length = old.exportState(state, 4);
        final HandoffPolicy next = Policies.byName("round-robin", "b1,b2,b3");
        next.importState(state, 4, length);
        assertEquals("b2", decide(next, "x", false));
        final HandoffPolicy other = Policies.byName("round-robin", "b1,b2");
        other.importState(state, 4, length);
        assertEquals("b1", decide(other, "x", false));
        assertThrows(IllegalArgumentException.class, () -> next.importState(state, 4, length - 1));
        state.putInt(8, 3, ByteOrder.LITTLE_ENDIAN);
        assertThrows(IllegalArgumentException.class, () -> next.importState(state, 4, length));
        assertEquals("b3", decide(next, "x", false));
        assertEquals(0, Policies.byName("path", "*=b1").exportState(state, 0));
        assertThrows(IllegalArgumentException.class, () -> Policies.byName("path", "*=b1").importState(state, 0, 1));
    }

    @Test
    void shouldNumberNodesInTheOrderOfTheSettings()
    {
        final HandoffPolicy policy = Policies.byName("path", "/a=z,/b=y,/c=z,*=x");
        assertEquals(3, policy.nodeCount());
        assertEquals("zyx", policy.nodeName(0) + policy.nodeName(1) + policy.nodeName(2));
        assertEquals("path", policy.name());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "path|/a=b,/c|at character 6: '/c' has no '='; write pattern=node",
        "path|/a=b,,/c=d|at character 6: '' has no '='; write pattern=node",
        "path|a=b|at character 1: pattern 'a' does not begin with '/'; write a path, or * for all others",
        "path|/a?=b|at character 1: pattern '/a?' holds a character that no path has; write it percent-encoded",
        "path|/a=|at character 4: '' is not a node name; use 1 to 63 lower-case letters, digits, dashes and dots",
        "path|/a=B|at character 4: 'B' is not a node name; use 1 to 63 lower-case letters, digits, dashes and dots",
        "path|/a=b,/a=c|at character 6: pattern '/a' stands there twice; keep one of them",
        "path|*=b,*=c|at character 5: pattern '*' stands there twice; keep one of them",
        "path|=b|at character 1: a pattern of 0 characters; write 1 to 1024",
        "path|''|settings are empty; write at least one entry",
        "host|a b=c|at character 1: pattern 'a b' is no host; NO_HOST",
        "host|a:80=c|at character 1: pattern 'a:80' is no host; NO_HOST",
        "host|*a=c|at character 1: pattern '*a' is no host; NO_HOST",
        "host|*.=c|at character 1: pattern '*.' is no host; NO_HOST",
        "round-robin|b1,b1|at character 4: node 'b1' stands there twice; keep one of them",
        "round-robin|b1,|at character 4: '' is not a node name; use 1 to 63 lower-case letters, digits, dashes and dots"})
    void shouldSayWhereSettingsAreFaulty(final String name, final String settings, final String message)
    {
        final IllegalArgumentException ex =
            assertThrows(IllegalArgumentException.class, () -> Policies.byName(name, settings));
        final String mend = "write a name, an address, [an IPv6 address], or *.suffix, without a port";
        assertEquals("policy " + name + ": " + message.replace("NO_HOST", mend), ex.getMessage());
    }

    @Test
    void shouldAllocateNothingToDecide()
    {
        final byte[] request = "GET http://www.example.org:80/video/1 HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
        final UnsafeBuffer buffer = new UnsafeBuffer(request);
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        for (final HandoffPolicy policy : new HandoffPolicy[]{
            Policies.byName("path", PATHS), Policies.byName("host", HOSTS), Policies.byName("round-robin", "a,b")})
        {
            assertEquals(0, policy.decide(buffer, 0, request.length, false, facts));
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++)
            {
                policy.decide(buffer, 0, request.length - (i & 7), (i & 8) == 0, facts);
            }
            final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(bytes < 10_000, () -> policy.name() + " allocated " + bytes + " bytes in 10000 decisions");
        }
    }

    @Test
    void shouldNameThePoliciesThatThereAre()
    {
        final IllegalArgumentException ex = assertThrows(IllegalArgumentException.class, () -> Policies.byName("best", "x"));
        assertEquals("policy best: there is none of that name; use one of [host, path, round-robin]", ex.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Policies.byName(null, "x"));
        assertThrows(IllegalArgumentException.class, () -> Policies.byName("path", null));
    }

    @Test
    void shouldLimitTheNumberOfRules()
    {
        final StringBuilder settings = new StringBuilder("/0=a");
        for (int i = 1; i <= PolicyRules.MAX_RULES; i++)
        {
            settings.append(",/").append(i).append("=a");
        }
        final IllegalArgumentException ex =
            assertThrows(IllegalArgumentException.class, () -> Policies.byName("path", settings.toString()));
        assertTrue(ex.getMessage().contains("more than 1024 entries"), ex.getMessage());
    }

    @Test
    void shouldOnlyRefuseFaultySettingsNeverFailOtherwise()
    {
        final Random random = new Random(9);
        final String alphabet = "/ab=*.,[]: -\u00e9A?";
        for (int i = 0; i < 50_000; i++)
        {
            final StringBuilder settings = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--)
            {
                settings.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (final String name : new String[]{"path", "host", "round-robin"})
            {
                try
                {
                    decide(Policies.byName(name, settings.toString()), "GET /a HTTP/1.1\r\nHost: a\r\n\r\n", true);
                }
                catch (final IllegalArgumentException ex)
                {
                    assertTrue(ex.getMessage().startsWith("policy " + name + ": "), ex.getMessage());
                }
            }
        }
    }
}
