package dev.baton.tools.lab;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import dev.baton.tools.host.ProcessRunner;
import dev.baton.tools.host.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A lab that is up. Made by {@link #up(LabConfig, LabMode)}, found again by {@link #attach(Path)}, taken away by {@link #down()}.
 * <p>
 * May be used by many threads; {@code down} is idempotent and may be called from a shutdown hook.
 */
public final class Lab implements AutoCloseable
{
    private static final String ENTER_DIRECTORY = "cd -- \"$1\" 2>/dev/null || cd /; shift; exec \"$@\"";

    private final LabConfig config;
    private final Path directory;
    private final LabJournal journal;
    private final LabPlan plan;
    private final LabAddresses addresses;
    private final LabMode mode;

    private Lab(final Path directory)
    {
        this.directory = directory;
        journal = new LabJournal(directory);
        mode = journal.mode();
        config = LabFile.read(LabBuilder.configIn(directory));
        plan = new LabPlan(config, mode);
        addresses = new LabAddresses(config);
    }

    /**
     * Make a lab in its standard run directory. When the same lab is up already, nothing happens; the rest of one that was
     * left half-way is removed first; when it fails or the process is ended, all that it made is removed.
     *
     * @param config what is wanted.
     * @param mode   whose rights make it.
     * @return the lab.
     * @throws CliError when something is missing, forbidden or fails; nothing is left then.
     */
    public static Lab up(final LabConfig config, final LabMode mode)
    {
        return up(config, mode, RunDirectories.of(config.name(), mode));
    }

    /**
     * Make a lab.
     *
     * @param config what is wanted.
     * @param mode   whose rights make it.
     * @param runDir new, empty, or this lab's from before.
     * @return the lab.
     * @throws CliError as {@link #up(LabConfig, LabMode)}.
     */
    public static Lab up(final LabConfig config, final LabMode mode, final Path runDir)
    {
        final Path directory = runDir.toAbsolutePath().normalize();
        new LabBuilder(config, mode, directory).build();
        return new Lab(directory);
    }

    /**
     * A lab that was made before, perhaps by another process.
     *
     * @param runDir its run directory.
     * @return the lab.
     * @throws CliError when there is none, or it is not all there.
     */
    public static Lab attach(final Path runDir)
    {
        final Path directory = runDir.toAbsolutePath().normalize();
        if (!LabJournal.isIn(directory))
        {
            throw new CliError(ExitCodes.NOT_FOUND, "lab in " + directory, "is not up", "baton lab up");
        }
        final LabJournal journal = new LabJournal(directory);
        final boolean alive = journal.mode() == LabMode.ROOT || journal.holder() != null && journal.holder().isAlive();
        if (!journal.isUp() || !alive)
        {
            throw new CliError(ExitCodes.REFUSED, "lab in " + directory, "is not all there: it was interrupted",
                "baton lab down, then baton lab up");
        }
        return new Lab(directory);
    }

    /**
     * Take away what a run directory's lab has made, however far it had come, and the directory.
     *
     * @param lab    its name: root's namespaces are found by it.
     * @param mode   how it was made.
     * @param runDir its run directory; need not exist.
     * @throws CliError when something cannot be removed; it can be repeated.
     */
    public static void down(final String lab, final LabMode mode, final Path runDir)
    {
        final Path directory = runDir.toAbsolutePath().normalize();
        final String recorded = LabBuilder.recordedName(directory, lab);
        if (!recorded.equals(lab))
        {
            throw new CliError(ExitCodes.REFUSED, "run directory " + directory, "belongs to lab " + recorded + ", not " + lab,
                "name that lab's file with -f");
        }
        sweep(lab, mode, directory);
        RunDirectories.removeLock(directory);
    }

    /** As {@link #down(String, LabMode, Path)}, by who holds the lock. */
    static void sweep(final String lab, final LabMode mode, final Path directory)
    {
        if (LabJournal.isIn(directory) && !new LabJournal(directory).isUp())
        {
            LabSweeper.sweepMakers(directory);
        }
        if (mode == LabMode.ROOT)
        {
            LabSweeper.sweepRoot(lab);
        }
        else if (LabJournal.isIn(directory))
        {
            LabSweeper.sweepRootless(new LabJournal(directory), directory);
        }
        if (!LabJournal.isIn(directory) || new LabJournal(directory).mode() == mode)
        {
            RunDirectories.remove(directory);
        }
    }

    /**
     * Take the lab away: processes, namespaces, devices, run directory.
     */
    public void down()
    {
        down(config.name(), mode, directory);
    }

    /**
     * The same as {@link #down()}.
     */
    @Override
    public void close()
    {
        down();
    }

    /**
     * Take the lab away when this JVM ends for whatever reason but {@code kill -9}.
     *
     * @return this.
     */
    public Lab downOnExit()
    {
        Runtime.getRuntime().addShutdownHook(new Thread(this::down, "lab-down"));
        return this;
    }

    /**
     * A command inside a host's namespace, as root of the lab, in this process's working directory.
     *
     * @param host    a node, the client, or a router ({@link LabPlan#NET}, {@link LabPlan#MGMT}).
     * @param command program and arguments.
     * @return not started. The process that it starts becomes the program itself, with its pid.
     * @throws CliError when there is no such host.
     */
    public ProcessBuilder exec(final String host, final String... command)
    {
        return exec(host, List.of(command));
    }

    /**
     * A command inside a host's namespace, as root of the lab, in this process's working directory.
     *
     * @param host    a node, the client, or a router.
     * @param command program and arguments.
     * @return not started.
     * @throws CliError when there is no such host.
     */
    public ProcessBuilder exec(final String host, final List<String> command)
    {
        final String namespace = plan.namespace(host);
        if (!plan.namespaces().contains(namespace))
        {
            throw new CliError(ExitCodes.NOT_FOUND, "host " + host, "is not in lab " + config.name(),
                "hosts are " + String.join(", ", config.hosts()) + ", net, mgmt");
        }
        final List<String> words = new ArrayList<>(enter(List.of("ip", "netns", "exec", namespace)));
        if (mode == LabMode.ROOTLESS)
        {
            // Entering a mount namespace changes the working directory to its root.
            words.addAll(List.of("sh", "-c", ENTER_DIRECTORY, "baton-lab-exec", System.getProperty("user.dir")));
        }
        words.addAll(command);
        final ProcessBuilder builder = new ProcessBuilder(words);
        Programs.extendPath(builder.environment());
        return builder;
    }

    /**
     * A command inside a host's namespace without any right beyond owning the TUN device: as root's lab's {@code lab.user}, or as
     * root of the user namespace with all capabilities dropped for good.
     *
     * @param host    a node, the client, or a router.
     * @param command program and arguments.
     * @return not started.
     * @throws CliError when there is no such host.
     */
    public ProcessBuilder execUnprivileged(final String host, final List<String> command)
    {
        final List<String> words = new ArrayList<>();
        words.add("setpriv");
        if (mode == LabMode.ROOT && !config.user().isEmpty())
        {
            words.addAll(List.of("--reuid=" + config.user(), "--regid=" + LabOwner.group(config.user()), "--clear-groups"));
        }
        words.addAll(List.of("--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--"));
        words.addAll(command);
        return exec(host, words);
    }

    /**
     * Cut a node off from the management network, so that its control channels fail; the data network stays.
     *
     * @param node its name.
     */
    public void cutManagement(final String node)
    {
        setManagement(node, "down");
    }

    /**
     * Undo {@link #cutManagement(String)}.
     *
     * @param node its name.
     */
    public void mendManagement(final String node)
    {
        setManagement(node, "up");
        // The route to the node went with the link.
        run("ip", "-n", plan.namespace(LabPlan.MGMT), "route", "replace", addresses.mgmt4(node) + "/32", "dev", node);
    }

    private void setManagement(final String node, final String state)
    {
        addresses.mgmt4(node);
        run("ip", "-n", plan.namespace(LabPlan.MGMT), "link", "set", node, state);
    }

    /**
     * Where packets of a host can be captured outside its process, so that what the kernel emits is seen too.
     *
     * @param host a node or the client.
     * @return names of interfaces in its namespace: a node's TUN device and its link, the client's link.
     */
    public List<String> captureInterfaces(final String host)
    {
        return LabConfig.CLIENT.equals(host) ? List.of(LabPlan.DATA_LINK) : List.of(LabPlan.TUN, LabPlan.DATA_LINK);
    }

    /**
     * What was asked for.
     *
     * @return the configuration.
     */
    public LabConfig config()
    {
        return config;
    }

    /**
     * Whose rights made it.
     *
     * @return as given to {@code up}.
     */
    public LabMode mode()
    {
        return mode;
    }

    /**
     * All addresses.
     *
     * @return VIP, stacks, kernels, management.
     */
    public LabAddresses addresses()
    {
        return addresses;
    }

    /**
     * The address that clients connect to.
     *
     * @return IPv4.
     */
    public String vip4()
    {
        return addresses.vip4();
    }

    /**
     * The address that clients connect to.
     *
     * @return IPv6, without brackets.
     */
    public String vip6()
    {
        return addresses.vip6();
    }

    /**
     * Where the lab's files are; removed by {@link #down()}.
     *
     * @return absolute.
     */
    public Path runDir()
    {
        return directory;
    }

    /**
     * A node's run directory: its sockets and logs.
     *
     * @param node its name.
     * @return absolute; exists.
     */
    public Path nodeDir(final String node)
    {
        return directory.resolve(node);
    }

    /**
     * A node's configuration file, written by {@code up}.
     *
     * @param node its name.
     * @return for {@code baton node run -f}.
     */
    public Path nodeConf(final String node)
    {
        return LabBuilder.nodeConf(directory, node);
    }

    /**
     * Directory that the nodes serve unless told otherwise ({@code service.http.root}).
     *
     * @return exists, empty.
     */
    public Path www()
    {
        return directory.resolve("www");
    }

    /**
     * The certificates of the cluster.
     *
     * @return made by {@code up}.
     */
    public LabCertificates certificates()
    {
        return LabBuilder.certificates(directory);
    }

    /** What is there now, host by host. */
    LabStatus status()
    {
        return LabStatus.of(this, plan);
    }

    ProcessRunner.Result tryRun(final List<String> command)
    {
        return ProcessRunner.run(enter(command), "");
    }

    private void run(final String... command)
    {
        final ProcessRunner.Result result = tryRun(List.of(command));
        if (result.exitCode() != 0)
        {
            throw new CliError(ExitCodes.INTERNAL, String.join(" ", command), result.firstLine(), "baton lab status");
        }
    }

    private List<String> enter(final List<String> command)
    {
        final List<String> words = new ArrayList<>();
        if (mode == LabMode.ROOTLESS)
        {
            words.addAll(journal.holder().entry());
        }
        words.add(Programs.require(command.get(0)));
        words.addAll(command.subList(1, command.size()));
        return words;
    }

    /** Is a directory there to be attached to? */
    static boolean isUp(final Path directory)
    {
        return LabJournal.isIn(directory) && Files.exists(LabBuilder.configIn(directory)) && new LabJournal(directory).isUp();
    }
}
