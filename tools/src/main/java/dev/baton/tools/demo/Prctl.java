package dev.baton.tools.demo;

/**
 * prctl(2), as jnr-ffi binds it; variadic in C, bound with fixed arity, which the calling conventions of Linux on
 * x86-64 and aarch64 allow. Public only because the generated class lives in another class loader.
 */
public interface Prctl
{
    /**
     * prctl(2), for the calling thread.
     *
     * @param option PR_*.
     * @param a      second argument, as the option wants.
     * @param b      third.
     * @param c      fourth.
     * @param d      fifth.
     * @return as the option says, or -1.
     */
    int prctl(int option, long a, long b, long c, long d);
}
