package dev.baton.tools.drill.run;

import dev.baton.tools.drill.script.Script;
import dev.baton.tools.drill.script.ScriptException;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Options of a script, with those of the command line over them. */
final class DrillOptions
{
    private static final Set<String> KNOWN = Set.of(
        "ip_version", "local_ip", "remote_ip", "gateway_ip", "netmask_ip", "bind_port", "connect_port", "mtu", "mss", "speed",
        "tolerance_usecs", "tolerance_percent", "tcp_ts_tick_usecs", "tcp_ts_ecr_scaled", "strict_segments", "non_fatal",
        "send_omit_free", "is_anyip", "init_scripts", "so_filename", "so_flags", "dry_run", "verbose", "define",
        "wire_client_dev", "wire_server_dev", "wire_server_ip", "wire_server_port", "wire_client", "wire_server",
        "udp_encaps", "tun_dev", "persistent_tun_dev", "debug", "local_ip_suffix", "code_command", "code_format");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final boolean checksPayload;

    DrillOptions(final Script script, final Map<String, String> over, final boolean checksPayload)
    {
        for (final Script.Option option : script.options())
        {
            if (!KNOWN.contains(option.name()))
            {
                throw new ScriptException(option.at(), "--" + option.name() + " is no option of a script");
            }
            values.put(option.name(), option.value());
        }
        values.putAll(over);
        this.checksPayload = checksPayload;
    }

    String text(final String name, final String otherwise)
    {
        return values.getOrDefault(name, otherwise);
    }

    boolean isSet(final String name)
    {
        return values.containsKey(name);
    }

    long number(final String name, final long otherwise)
    {
        final String value = values.get(name);
        if (value == null)
        {
            return otherwise;
        }
        try
        {
            return Long.decode(value);
        }
        catch (final NumberFormatException ex)
        {
            throw new ScriptFailure("--" + name + "=" + value + " is no number");
        }
    }

    double real(final String name, final double otherwise)
    {
        final String value = values.get(name);
        try
        {
            return value == null ? otherwise : Double.parseDouble(value);
        }
        catch (final NumberFormatException ex)
        {
            throw new ScriptFailure("--" + name + "=" + value + " is no number");
        }
    }

    boolean strictSegments()
    {
        return isSet("strict_segments");
    }

    long tsTickUs()
    {
        return number("tcp_ts_tick_usecs", 0);
    }

    boolean checksPayload()
    {
        return checksPayload;
    }

    /** How far a time may be off when so much time has passed since what it is measured from. */
    long toleranceUs(final long sinceUs)
    {
        final double percent = real("tolerance_percent", 12.5);
        return Math.max(number("tolerance_usecs", 4000), (long)(sinceUs * percent / 100));
    }
}
