package dev.baton.tools.lab;

import dev.baton.tools.cli.Json;
import dev.baton.tools.host.ProcessRunner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What there is of a lab.
 *
 * @param lab   the lab.
 * @param hosts in the order of {@link LabConfig#hosts()}, then the two routers.
 */
record LabStatus(Lab lab, List<Host> hosts)
{
    /**
     * One namespace.
     *
     * @param name      of the host.
     * @param namespace its namespace.
     * @param present   does it exist?
     * @param tun       {@code attached} to a process, {@code unattached}, {@code absent}; empty where none belongs.
     * @param pids      processes inside.
     */
    record Host(String name, String namespace, boolean present, String tun, List<Long> pids)
    {
    }

    static LabStatus of(final Lab lab, final LabPlan plan)
    {
        final List<Host> hosts = new ArrayList<>();
        final List<String> names = new ArrayList<>(lab.config().hosts());
        names.addAll(List.of(LabPlan.NET, LabPlan.MGMT));
        for (final String name : names)
        {
            final String namespace = plan.namespace(name);
            final boolean present = lab.tryRun(List.of("ip", "-n", namespace, "link", "show", "dev", "lo")).exitCode() == 0;
            final String tun = lab.config().nodes().contains(name) ? tun(lab, namespace) : "";
            hosts.add(new Host(name, namespace, present, tun, pids(lab, namespace)));
        }
        return new LabStatus(lab, hosts);
    }

    boolean isWhole()
    {
        return hosts.stream().allMatch(host -> host.present && !"absent".equals(host.tun));
    }

    Map<String, Object> document()
    {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("ok", isWhole());
        document.put("lab", lab.config().name());
        document.put("mode", lab.mode() == LabMode.ROOT ? "root" : "rootless");
        document.put("run_dir", lab.runDir().toString());
        document.put("vip", Map.of("ipv4", lab.vip4(), "ipv6", lab.vip6()));
        document.put("hosts", hosts.stream().map(this::document).toList());
        return document;
    }

    private Map<String, Object> document(final Host host)
    {
        final Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", host.name);
        document.put("namespace", host.namespace);
        document.put("present", host.present);
        document.put("pids", host.pids);
        if (lab.config().nodes().contains(host.name))
        {
            document.put("tun", Map.of("name", LabPlan.TUN, "state", host.tun));
            document.put("stack", Map.of("ipv4", lab.addresses().stack4(host.name), "ipv6", lab.addresses().stack6(host.name)));
            document.put("mgmt_ipv4", lab.addresses().mgmt4(host.name));
            document.put("conf", lab.nodeConf(host.name).toString());
        }
        if (lab.config().hosts().contains(host.name))
        {
            document.put("kernel",
                Map.of("ipv4", lab.addresses().kernel4(host.name), "ipv6", lab.addresses().kernel6(host.name)));
        }
        return document;
    }

    private static String tun(final Lab lab, final String namespace)
    {
        final ProcessRunner.Result result =
            lab.tryRun(List.of("ip", "-n", namespace, "-json", "link", "show", "dev", LabPlan.TUN));
        if (result.exitCode() != 0)
        {
            return "absent";
        }
        final List<?> links = (List<?>)Json.parse(result.output());
        final List<?> flags = (List<?>)((Map<?, ?>)links.get(0)).get("flags");
        return flags.contains("NO-CARRIER") ? "unattached" : "attached";
    }

    private static List<Long> pids(final Lab lab, final String namespace)
    {
        final ProcessRunner.Result result = lab.tryRun(List.of("ip", "netns", "pids", namespace));
        return result.exitCode() == 0 ?
            result.output().lines().filter(line -> line.matches("[0-9]+")).map(Long::valueOf).toList() : List.of();
    }
}
