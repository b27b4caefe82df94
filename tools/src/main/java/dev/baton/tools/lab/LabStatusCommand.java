package dev.baton.tools.lab;

import dev.baton.tools.cli.BatonCommand;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.cli.Output;
import dev.baton.tools.cli.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code baton lab status}: hosts, addresses, devices, processes.
 */
@Command(name = "status", description = "Show the lab's hosts. Exit code 3 when it is not up, 5 when parts are missing.")
public final class LabStatusCommand extends BatonCommand
{
    @Mixin
    private LabOptions options;

    @Override
    protected int run(final Output output)
    {
        final Lab lab = Lab.attach(options.existing(options.config()));
        final LabStatus status = lab.status();
        output.line("lab " + lab.config().name() + " in " + lab.runDir() + ", VIP " + lab.vip4() + " " + lab.vip6());
        final Table table = new Table("HOST", "NAMESPACE", "TUN", "KERNEL", "STACK", "MGMT", "PROCESSES");
        for (final LabStatus.Host host : status.hosts())
        {
            final boolean isHost = lab.config().hosts().contains(host.name());
            final boolean isNode = lab.config().nodes().contains(host.name());
            table.row(host.name(), host.present() ? host.namespace() : "absent",
                isNode ? host.tun() : null,
                isHost ? lab.addresses().kernel4(host.name()) : null,
                isNode ? lab.addresses().stack4(host.name()) : null,
                isNode ? lab.addresses().mgmt4(host.name()) : null,
                host.pids().size());
        }
        output.table(table);
        output.document(status.document());
        return status.isWhole() ? ExitCodes.OK : ExitCodes.CHECK_FAILED;
    }
}
