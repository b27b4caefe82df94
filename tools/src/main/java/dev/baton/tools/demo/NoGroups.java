package dev.baton.tools.demo;

import dev.baton.tools.cli.CliError;
import dev.baton.tools.cli.ExitCodes;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import jnr.ffi.LibraryLoader;
import org.agrona.BufferUtil;

/**
 * Starts programs that insist on giving up supplementary groups, in a user namespace where nobody may.
 * <p>
 * tcpdump, as Debian builds it, calls setgroups(2) when its uid is 0 and ends when that fails. In the user namespace of
 * an ordinary user it always fails (user_namespaces(7)), though there is nothing to give up. So such a program is
 * started by a thread under a seccomp filter, which its children inherit: the filter answers setgroups with success,
 * and lets everything else through. No right is gained by it.
 */
final class NoGroups
{
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int PR_SET_SECCOMP = 22;
    private static final int SECCOMP_MODE_FILTER = 2;
    private static final int INSTRUCTIONS = 4;
    private static final int INSTRUCTION_BYTES = 8;
    /** Number of setgroups: x86-64 has its own, newer architectures share one. */
    private static final int SETGROUPS = "amd64".equals(System.getProperty("os.arch")) ? 116 : 159;

    private NoGroups()
    {
    }

    /**
     * Do something whose processes see setgroups succeed.
     *
     * @param start starts processes; called in a thread of its own.
     * @param <T>   of its result.
     * @return its result.
     * @throws IOException          that it threw.
     * @throws InterruptedException when interrupted.
     * @throws CliError             when the kernel refuses the filter.
     */
    static <T> T call(final Callable<T> start) throws IOException, InterruptedException
    {
        final FutureTask<T> task = new FutureTask<>(() ->
        {
            install();
            return start.call();
        });
        new Thread(task, "baton-demo-start").start();
        try
        {
            return task.get();
        }
        catch (final ExecutionException ex)
        {
            if (ex.getCause() instanceof RuntimeException known)
            {
                throw known;
            }
            throw ex.getCause() instanceof IOException io ? io : new IOException(ex.getCause());
        }
    }

    /**
     * The filter: load the call's number (seccomp(2), struct seccomp_data); is it setgroups? then "errno 0", else
     * allow.
     */
    private static void install()
    {
        final ByteBuffer filter = ByteBuffer.allocateDirect(INSTRUCTIONS * INSTRUCTION_BYTES)
            .order(ByteOrder.nativeOrder());
        instruction(filter, 0x20, 0, 0, 0);
        instruction(filter, 0x15, 0, 1, SETGROUPS);
        instruction(filter, 0x06, 0, 0, 0x0005_0000);
        instruction(filter, 0x06, 0, 0, 0x7FFF_0000);
        final ByteBuffer program = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        program.putShort(0, (short)INSTRUCTIONS).putLong(8, BufferUtil.address(filter));
        final Prctl libc = LibraryLoader.create(Prctl.class).failImmediately().load("c");
        if (libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
            libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, BufferUtil.address(program), 0, 0) != 0)
        {
            throw new CliError(ExitCodes.REFUSED, "tcpdump in a user namespace", "the kernel refuses a seccomp filter",
                "run the demo as root, without --rootless");
        }
        Reference.reachabilityFence(filter);
        Reference.reachabilityFence(program);
    }

    private static void instruction(final ByteBuffer filter, final int code, final int ifTrue, final int ifFalse,
        final int k)
    {
        filter.putShort((short)code).put((byte)ifTrue).put((byte)ifFalse).putInt(k);
    }
}
