package dev.baton.tools.doctor;

import dev.baton.tools.Installation;
import dev.baton.tools.host.Finding;
import dev.baton.tools.host.Programs;
import dev.baton.tools.host.Rights;
import dev.baton.tools.host.TunAccess;
import dev.baton.tools.host.UserNamespaces;
import dev.baton.tools.lab.LabLeftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * All checks, in the order of the report. A new check is one method and one line in {@link #all()}. None changes anything.
 */
final class Checks
{
    private static final int MIN_JAVA = 17;
    private static final int MIN_FILES = 1024;
    private static final List<String> LAB_PROGRAMS =
        List.of("ip", "sysctl", "nsenter", "unshare", "setpriv", "setsid", "keytool");
    private static final List<String> DEMO_PROGRAMS = List.of("curl", "tcpdump");

    private Checks()
    {
    }

    static List<Supplier<Diagnosis>> all()
    {
        return List.of(Checks::java, Checks::addOpens, Checks::nativeDirectory, Checks::module, Checks::tunDevice,
            Checks::rights, Checks::userNamespaces, () -> programs("lab-programs", LAB_PROGRAMS),
            () -> programs("demo-programs", DEMO_PROGRAMS), Checks::openFiles, Checks::reversePath, Checks::forwarding,
            Checks::leftovers);
    }

    private static Diagnosis java()
    {
        final int feature = Runtime.version().feature();
        final String text = "Java " + Runtime.version() + " in " + System.getProperty("java.home");
        return feature >= MIN_JAVA ? Diagnosis.ok("java", text) :
            Diagnosis.fail("java", text, Programs.install(List.of("openjdk-17-jdk-headless")));
    }

    /** Agrona reaches into this package; without it the first buffer fails. */
    private static Diagnosis addOpens()
    {
        final Module base = Object.class.getModule();
        final boolean open = base.isOpen("jdk.internal.misc", Checks.class.getModule());
        return open ? Diagnosis.ok("add-opens", "java.base/jdk.internal.misc is open") :
            Diagnosis.fail("add-opens", "java.base/jdk.internal.misc is closed",
                "start tools/baton or 'java -jar baton.jar', or add --add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
    }

    /** jffi unpacks its library there and loads it. */
    private static Diagnosis nativeDirectory()
    {
        final String directory = System.getProperty("jffi.extract.dir", System.getProperty("java.io.tmpdir"));
        final String mend = "start with tools/baton, or -Djffi.extract.dir=DIR where execution is allowed";
        try
        {
            final Path probe = Files.createTempFile(Path.of(directory), "exec", ".probe",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            final boolean allowed = Files.isExecutable(probe);
            Files.delete(probe);
            return allowed ? Diagnosis.ok("native-directory", directory + " allows execution") :
                Diagnosis.fail("native-directory", directory + " is mounted noexec", mend);
        }
        catch (final IOException ex)
        {
            return Diagnosis.fail("native-directory", directory + " cannot be written: " + ex.getMessage(), mend);
        }
    }

    private static Diagnosis module()
    {
        final Path jar = Installation.earlyModule();
        return Files.isRegularFile(jar) ? Diagnosis.ok("early-module", jar.toString()) :
            Diagnosis.warn("early-module", jar + " is missing: no early handoff", "run tools/baton, which builds it");
    }

    private static Diagnosis tunDevice()
    {
        final Optional<Finding> problem = TunAccess.problem();
        if (problem.isPresent())
        {
            return Diagnosis.fail("tun-device", problem.get().thing() + ": " + problem.get().cause(), problem.get().mend());
        }
        final String mode = TunAccess.mode(TunAccess.DEVICE);
        return "rw-rw-rw-".equals(mode) ? Diagnosis.ok("tun-device", TunAccess.DEVICE + ", mode " + mode) :
            Diagnosis.warn("tun-device", TunAccess.DEVICE + ", mode " + mode + ": ordinary users cannot open it",
                "sudo chmod 0666 " + TunAccess.DEVICE);
    }

    private static Diagnosis rights()
    {
        final Rights rights = Rights.current();
        if (rights.canMakeNamespaces())
        {
            return Diagnosis.ok("rights", "uid " + rights.uid() + ", may make network namespaces");
        }
        return Diagnosis.ok("rights", "uid " + rights.uid() + (rights.isNetAdmin() ? " with" : " without") +
            " CAP_NET_ADMIN: labs and demos with --rootless only");
    }

    private static Diagnosis userNamespaces()
    {
        if (Programs.find("unshare").isEmpty())
        {
            return Diagnosis.warn("user-namespaces", "cannot be tried without unshare", Programs.install(List.of("unshare")));
        }
        return UserNamespaces.problem()
            .map(found -> Diagnosis.warn("user-namespaces", "no rootless labs: " + found.cause(), found.mend()))
            .orElseGet(() -> Diagnosis.ok("user-namespaces", "rootless labs are possible"));
    }

    private static Diagnosis programs(final String id, final List<String> wanted)
    {
        final List<String> missing = wanted.stream().filter(name -> Programs.find(name).isEmpty()).toList();
        return missing.isEmpty() ? Diagnosis.ok(id, String.join(", ", wanted)) :
            Diagnosis.warn(id, "missing: " + String.join(", ", missing), Programs.install(missing));
    }

    private static Diagnosis openFiles()
    {
        final String limit = field(Path.of("/proc/self/limits"), "Max open files");
        final boolean enough = "unlimited".equals(limit) || limit.matches("[0-9]{1,18}") && Long.parseLong(limit) >= MIN_FILES;
        return enough ? Diagnosis.ok("open-files", "limit " + limit) :
            Diagnosis.warn("open-files", "limit " + limit + ", below " + MIN_FILES, "ulimit -n 65536");
    }

    /** The lab's namespaces have settings of their own; this and the next matter to who runs a node on the machine's network. */
    private static Diagnosis reversePath()
    {
        final String value = sysctl("net/ipv4/conf/all/rp_filter");
        return "0".equals(value) ? Diagnosis.ok("rp-filter", "net.ipv4.conf.all.rp_filter = 0") :
            Diagnosis.note("rp-filter", "net.ipv4.conf.all.rp_filter = " + value + ": outside labs the kernel drops what a TUN " +
                "device emits from an address with another way back", "sudo sysctl -w net.ipv4.conf.all.rp_filter=0");
    }

    private static Diagnosis forwarding()
    {
        final String value = sysctl("net/ipv4/ip_forward");
        return "1".equals(value) ? Diagnosis.ok("ip-forward", "net.ipv4.ip_forward = 1") :
            Diagnosis.note("ip-forward", "net.ipv4.ip_forward = " + value +
                ": outside labs other machines cannot reach a stack on this one", "sudo sysctl -w net.ipv4.ip_forward=1");
    }

    private static Diagnosis leftovers()
    {
        final List<String> labs = new ArrayList<>(LabLeftovers.find());
        return labs.isEmpty() ? Diagnosis.ok("labs", "none is left over") :
            Diagnosis.warn("labs", "interrupted: " + String.join(", ", labs), "baton doctor --fix, or baton lab down");
    }

    private static String sysctl(final String name)
    {
        try
        {
            return Files.readString(Path.of("/proc/sys", name)).strip();
        }
        catch (final IOException ex)
        {
            return "unreadable";
        }
    }

    private static String field(final Path file, final String start)
    {
        try
        {
            return Files.readAllLines(file).stream().filter(line -> line.startsWith(start)).findFirst()
                .map(line -> line.substring(start.length()).strip().split("\\s+")[0]).orElse("unknown");
        }
        catch (final IOException ex)
        {
            return "unreadable";
        }
    }
}
