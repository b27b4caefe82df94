package dev.baton.tun;

import jnr.ffi.LibraryLoader;

/** What only tests need: calls that change the calling thread alone, because they go round the C library's process-wide ones. */
public interface TestLibC
{
    /** One loaded binding. */
    TestLibC INSTANCE = LibraryLoader.create(TestLibC.class).failImmediately().load("c");

    /** unshare(2). */
    int unshare(int flags);

    /** syscall(2), for setresuid(2) and capset(2) of this thread. */
    long syscall(long number, long a, long b, long c);

    /** socketpair(2). */
    int socketpair(int domain, int type, int protocol, long fds);
}
