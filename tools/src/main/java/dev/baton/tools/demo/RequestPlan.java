package dev.baton.tools.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * The hundred requests of the demonstration, which directory belongs to whom, and in which order: first the
 * downloads during which modules come and go, then what runs side by side.
 * <p>
 * The path of the first request chooses the node of a connection; what follows on it stays there, whatever its path.
 */
final class RequestPlan
{
    /** How many requests there are in all. */
    static final int REQUESTS = 100;
    /** Directory that the policy leaves to the front. */
    static final String HOME = "home";
    /**
     * Rate of a download that shall last, in bytes per second. curl reads in bursts and kernels buffer some megabytes,
     * so only a great file at a fair rate is really on its way for some seconds.
     */
    static final int SLOW_BYTES_PER_S = 12 << 20;
    /** Local port of the slow download that is handed off; outside of the range that the kernel chooses from. */
    static final int MOVED_PORT = 20_001;
    /** Local port of the slow download that the front serves by itself. */
    static final int STAYED_PORT = 20_002;

    private final List<String> backs;
    private final List<CurlCall> sideBySide = new ArrayList<>();
    private final CurlCall slowMoved;
    private final CurlCall slowStayed;
    private final List<CurlCall> withoutModule = new ArrayList<>();
    private final List<CurlCall> afterwards = new ArrayList<>();
    private int calls;

    /**
     * A plan.
     *
     * @param backs names of two backs.
     */
    RequestPlan(final List<String> backs)
    {
        this.backs = backs;
        for (final boolean ip6 : new boolean[]{false, true})
        {
            backs.forEach(back -> keepAlive(ip6, back));
            backs.forEach(back -> closing(ip6, back));
            Site.SMALL.stream().filter(size -> size % 512 == 0 && size > 0 && size < 1 << 20)
                .forEach(size -> call(sideBySide, ip6, false, true, path(HOME, size)));
            // One connection, three directories: all of it goes where the first request goes.
            call(sideBySide, ip6, false, false, path(backs.get(0), 65_536), path(backs.get(1), 512), path(HOME, 1460));
            call(sideBySide, ip6, true, true, path(backs.get(0), 65_536));
            call(sideBySide, ip6, true, true, path(HOME, 65_536));
            call(sideBySide, ip6, false, !ip6, path(backs.get(ip6 ? 0 : 1), Site.GREAT));
            call(sideBySide, ip6, false, true, path(ip6 ? backs.get(1) : HOME, Site.MIDDLE));
        }
        slowMoved = slow(false, backs.get(0), MOVED_PORT);
        slowStayed = slow(true, HOME, STAYED_PORT);
        call(withoutModule, false, false, true, path(backs.get(0), 65_536));
        call(withoutModule, true, false, true, path(backs.get(1), 65_536));
        call(afterwards, false, false, true, path(backs.get(0), 262_144));
        call(afterwards, true, false, true, path(backs.get(1), 262_144));
    }

    private void keepAlive(final boolean ip6, final String directory)
    {
        call(sideBySide, ip6, false, false, Site.SMALL.stream().map(size -> path(directory, size))
            .toArray(String[]::new));
    }

    private void closing(final boolean ip6, final String directory)
    {
        Site.SMALL.forEach(size -> call(sideBySide, ip6, false, true, path(directory, size)));
    }

    /**
     * The client closes first, so that no TIME-WAIT of a node has to be waited for before its module can be unloaded.
     */
    private CurlCall slow(final boolean ip6, final String directory, final int port)
    {
        return new CurlCall(++calls, ip6, false, false, List.of(path(directory, Site.GREAT)), SLOW_BYTES_PER_S, port);
    }

    private void call(
        final List<CurlCall> list, final boolean ip6, final boolean head, final boolean close, final String... paths)
    {
        list.add(new CurlCall(++calls, ip6, head, close, List.of(paths), 0, 0));
    }

    private static String path(final String directory, final int size)
    {
        return "/" + directory + "/" + Site.name(size);
    }

    /** Directories of the site: each back has one of its own name, and what is in the last stays at the front. */
    List<String> directories()
    {
        final List<String> directories = new ArrayList<>(backs);
        directories.add(HOME);
        return directories;
    }

    /** Rules for the path policy. */
    String rules()
    {
        final StringBuilder rules = new StringBuilder();
        backs.forEach(back -> rules.append('/').append(back).append('=').append(back).append(','));
        return rules.append("*=stay").toString();
    }

    /** The node that the policy chooses for a path. */
    String chosen(final String path, final String front)
    {
        final String directory = path.substring(1, path.indexOf('/', 1));
        return backs.contains(directory) ? directory : front;
    }

    /** Calls that may run at the same time. */
    List<CurlCall> sideBySide()
    {
        return sideBySide;
    }

    /** A slow download from a back. */
    CurlCall slowMoved()
    {
        return slowMoved;
    }

    /** A slow download from the front. */
    CurlCall slowStayed()
    {
        return slowStayed;
    }

    /** Calls for the time in which the front has no module. */
    List<CurlCall> withoutModule()
    {
        return withoutModule;
    }

    /** Calls for the time after the module has come back. */
    List<CurlCall> afterwards()
    {
        return afterwards;
    }

    /** Every call. */
    List<CurlCall> all()
    {
        final List<CurlCall> all = new ArrayList<>(sideBySide);
        all.add(slowMoved);
        all.add(slowStayed);
        all.addAll(withoutModule);
        all.addAll(afterwards);
        return all;
    }
}
