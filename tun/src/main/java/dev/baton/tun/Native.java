package dev.baton.tun;

import jnr.constants.platform.Errno;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/** Loads the C library, once, and reads errno. */
final class Native
{
    private Native()
    {
    }

    /**
     * Load what is not loaded yet; a failure here is one clear error instead of a broken class later.
     *
     * @throws TunException when this is not Linux, or the native half of jffi cannot be loaded.
     */
    static void load() throws TunException
    {
        final String system = System.getProperty("os.name");
        if (!"Linux".equals(system))
        {
            throw new TunException("load", "libc", 0, "TUN devices are driven on Linux only, and this is " + system,
                "run it on Linux");
        }
        try
        {
            Holder.LIBC.geteuid();
        }
        catch (final LinkageError e)
        {
            final TunException failure = new TunException("load", "libc", 0,
                "the native library of jffi could not be unpacked and loaded (" + e + "); the usual cause is a temporary" +
                " directory that is mounted noexec", "-Djffi.extract.dir=DIR with a directory that allows execution");
            failure.initCause(e);
            throw failure;
        }
    }

    /**
     * The calls that save errno.
     *
     * @return the binding.
     */
    static LibC libc()
    {
        return Holder.LIBC;
    }

    /**
     * The calls that do not.
     *
     * @return the binding.
     */
    static LibCQuiet quiet()
    {
        return Holder.QUIET;
    }

    /**
     * Why the calling thread's last failing call of {@link LibC} failed. Allocates nothing.
     *
     * @return errno.
     */
    static int errno()
    {
        return Holder.RUNTIME.getLastError();
    }

    /**
     * The name of an errno.
     *
     * @param errno its number.
     * @return like {@code EPERM}.
     */
    static String errnoName(final int errno)
    {
        final Errno constant = Errno.valueOf(errno);
        return constant.defined() ? constant.name() : "errno " + errno;
    }

    /**
     * What an errno means.
     *
     * @param errno its number.
     * @return like {@code Operation not permitted}.
     */
    static String errnoText(final int errno)
    {
        final Errno constant = Errno.valueOf(errno);
        return constant.defined() ? constant.description() : "unknown error";
    }

    private static final class Holder
    {
        private static final LibC LIBC = LibraryLoader.create(LibC.class).failImmediately().load("c");
        private static final LibCQuiet QUIET = LibraryLoader.create(LibCQuiet.class).failImmediately().load("c");
        private static final Runtime RUNTIME = Runtime.getRuntime(LIBC);
    }
}
