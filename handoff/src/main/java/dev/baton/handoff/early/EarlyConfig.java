package dev.baton.handoff.early;

import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Settings of the early-handoff module, read from name and value pairs and checked as a whole: the first thing that is
 * wrong is an {@link IllegalArgumentException} that names the setting, the cause and the mend.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><td>{@code vips}</td><td>what clients connect to: {@code 198.18.0.10:80,[fd00::10]:80}; empty on a node
 * that is only a back</td></tr>
 * <tr><td>{@code policy}</td><td>{@code path}, {@code host} or {@code round-robin}</td></tr>
 * <tr><td>{@code policy.rules}</td><td>the policy's own text</td></tr>
 * <tr><td>{@code back.NODE}</td><td>stack addresses of a node that may serve, one or both families: {@code 198.18.1.2,fd00:1::2};
 * this node's own line says on which addresses it serves as a back</td></tr>
 * <tr><td>{@code limit.flows}</td><td>most flows of each role, 65536</td></tr>
 * <tr><td>{@code limit.hold.bytes}</td><td>most bytes of a request that are held, 32768: above an initial window</td></tr>
 * <tr><td>{@code limit.holds}</td><td>most flows that hold segments at once, 1024</td></tr>
 * <tr><td>{@code limit.history}</td><td>finished handoffs that the census tells, 1024</td></tr>
 * <tr><td>{@code timeout.handshake.ms}</td><td>SYN to ACK at the front, 75000</td></tr>
 * <tr><td>{@code timeout.hold.ms}</td><td>ACK to a whole request head, 3000: then the connection stays</td></tr>
 * <tr><td>{@code timeout.request.ms}</td><td>HANDOFF REQUEST to its answer, 500: then the connection stays</td></tr>
 * <tr><td>{@code timeout.commit.ms}</td><td>COMMIT to its answer, 5000: then the client is reset</td></tr>
 * <tr><td>{@code timeout.prepared.ms}</td><td>HANDOFF ACK to COMMIT at the back, 30000: then it lets go in silence</td></tr>
 * <tr><td>{@code timeout.repeat.ms}</td><td>between repetitions of COMMIT, CANCEL and TERMINATION, 200</td></tr>
 * <tr><td>{@code timeout.peer.dead.ms}</td><td>control channel down and no progress of the client: then it is reset,
 * 10000</td></tr>
 * <tr><td>{@code timeout.idle.ms}</td><td>forwarding without a segment of the client, 8100000: above a 2 h keepalive</td></tr>
 * </table>
 */
final class EarlyConfig
{
    private static final Set<String> PLAIN = Set.of(
        "vips", "policy", "policy.rules", "limit.flows", "limit.hold.bytes", "limit.holds", "limit.history",
        "timeout.handshake.ms", "timeout.hold.ms", "timeout.request.ms", "timeout.commit.ms", "timeout.prepared.ms",
        "timeout.repeat.ms", "timeout.peer.dead.ms", "timeout.idle.ms");

    /** An address and port that clients connect to. */
    record Vip(IpAddress address, int port)
    {
    }

    final List<Vip> vips = new ArrayList<>();
    /** Node name to its stack addresses, in the order of names. */
    final Map<String, List<IpAddress>> backs = new TreeMap<>();
    final String policy;
    final String policyRules;
    final int flowLimit;
    final int holdBytesLimit;
    final int holdLimit;
    final int historyLimit;
    final long handshakeTimeoutNs;
    final long holdTimeoutNs;
    final long requestTimeoutNs;
    final long commitTimeoutNs;
    final long preparedTimeoutNs;
    final long repeatNs;
    final long peerDeadNs;
    final long idleTimeoutNs;

    EarlyConfig(final Map<String, String> given)
    {
        final Map<String, String> settings = new LinkedHashMap<>(given);
        for (final Map.Entry<String, String> e : settings.entrySet())
        {
            final String name = e.getKey();
            if (name.startsWith("back."))
            {
                backs.put(name.substring(5), addresses(name, e.getValue()));
            }
            else if (!PLAIN.contains(name))
            {
                throw new IllegalArgumentException("unknown setting '" + name + "': known are back.NODE and " +
                    String.join(", ", PLAIN.stream().sorted().toList()));
            }
        }
        for (final String text : split(settings.getOrDefault("vips", "")))
        {
            vips.add(vip(text));
        }
        policy = settings.getOrDefault("policy", "path");
        policyRules = settings.getOrDefault("policy.rules", "");
        if (vips.isEmpty() != policyRules.isEmpty())
        {
            throw new IllegalArgumentException(vips.isEmpty() ?
                "policy.rules are given but no vips: a node that only serves as a back needs neither" :
                "vips are given but no policy.rules: say who serves what, as in /video=back1,*=stay");
        }
        flowLimit = number(settings, "limit.flows", 65536, 1, 1 << 20);
        holdBytesLimit = number(settings, "limit.hold.bytes", 32768, 2048, 1 << 20);
        holdLimit = number(settings, "limit.holds", 1024, 1, 65536);
        historyLimit = number(settings, "limit.history", 1024, 1, 65536);
        handshakeTimeoutNs = millis(settings, "timeout.handshake.ms", 75_000);
        holdTimeoutNs = millis(settings, "timeout.hold.ms", 3_000);
        requestTimeoutNs = millis(settings, "timeout.request.ms", 500);
        commitTimeoutNs = millis(settings, "timeout.commit.ms", 5_000);
        preparedTimeoutNs = millis(settings, "timeout.prepared.ms", 30_000);
        repeatNs = millis(settings, "timeout.repeat.ms", 200);
        peerDeadNs = millis(settings, "timeout.peer.dead.ms", 10_000);
        idleTimeoutNs = millis(settings, "timeout.idle.ms", 8_100_000);
        if (preparedTimeoutNs <= commitTimeoutNs)
        {
            throw new IllegalArgumentException("timeout.prepared.ms must be above timeout.commit.ms: a back that lets go while " +
                "the front still repeats COMMIT costs the client its connection");
        }
    }

    /** Is this an address that clients connect to? */
    boolean isVip(final long hi, final long lo)
    {
        for (int i = 0; i < vips.size(); i++)
        {
            if (vips.get(i).address().lo() == lo && vips.get(i).address().hi() == hi)
            {
                return true;
            }
        }
        return false;
    }

    /** Is this an address and port that clients connect to? */
    boolean isVip(final long hi, final long lo, final int port)
    {
        for (int i = 0; i < vips.size(); i++)
        {
            final Vip vip = vips.get(i);
            if (vip.port() == port && vip.address().lo() == lo && vip.address().hi() == hi)
            {
                return true;
            }
        }
        return false;
    }

    private static List<IpAddress> addresses(final String name, final String value)
    {
        final List<IpAddress> result = new ArrayList<>();
        for (final String text : split(value))
        {
            result.add(address(name, text));
        }
        if (result.isEmpty())
        {
            throw new IllegalArgumentException(name + " is empty: give the node's stack addresses, as in 198.18.1.2,fd00:1::2");
        }
        return result;
    }

    private static Vip vip(final String text)
    {
        final int colon = text.lastIndexOf(':');
        if (colon < 1)
        {
            throw new IllegalArgumentException("vips: '" + text + "' has no port: write 198.18.0.10:80 or [fd00::10]:80");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]"))
        {
            host = host.substring(1, host.length() - 1);
        }
        else if (host.indexOf(':') >= 0)
        {
            throw new IllegalArgumentException(
                "vips: where the address ends in '" + text + "' cannot be told: write [fd00::10]:80");
        }
        final int port = integer("vips", text.substring(colon + 1), 1, 65535);
        return new Vip(address("vips", host), port);
    }

    private static IpAddress address(final String name, final String text)
    {
        try
        {
            return IpAddress.parse(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new IllegalArgumentException(name + ": " + ex.getMessage(), ex);
        }
    }

    private static List<String> split(final String value)
    {
        final List<String> parts = new ArrayList<>();
        for (final String part : value.split(","))
        {
            if (!part.isBlank())
            {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    private static long millis(final Map<String, String> settings, final String name, final int ifAbsent)
    {
        return TimeUnit.MILLISECONDS.toNanos(number(settings, name, ifAbsent, 1, Integer.MAX_VALUE));
    }

    private static int number(
        final Map<String, String> settings, final String name, final int ifAbsent, final int min, final int max)
    {
        final String text = settings.get(name);
        return text == null ? ifAbsent : integer(name, text, min, max);
    }

    private static int integer(final String name, final String text, final int min, final int max)
    {
        try
        {
            final int value = Integer.parseInt(text.strip());
            if (value >= min && value <= max)
            {
                return value;
            }
        }
        catch (final NumberFormatException ex)
        {
            throw new IllegalArgumentException(
                name + ": '" + text + "' is not a number: give one from " + min + " to " + max, ex);
        }
        throw new IllegalArgumentException(name + ": " + text + " is out of range: give one from " + min + " to " + max);
    }
}
