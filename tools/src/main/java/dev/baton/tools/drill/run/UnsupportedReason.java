package dev.baton.tools.drill.run;

/** Why a script can neither pass nor fail here. The list is fixed: each reason stands at the head of the reason that is told. */
public enum UnsupportedReason
{
    /** GRE, MPLS, IP in IP and other headers around the packet. */
    ENCAPSULATION("encapsulation"),
    /** A shell command that is none of those that are understood; {@code --allow-shell} runs it. */
    SHELL_COMMAND("shell command"),
    /** A system setting that has no counterpart among the stack's options. */
    SYSCTL("sysctl"),
    /** A system setting that changes after the first packet or system call. */
    LATE_SYSCTL("sysctl after the start"),
    /** Python that is more than assertions over numbers. */
    CODE("code"),
    /** A variable of a connection that the stack does not keep. */
    VARIABLE("variable"),
    /** A system call that is not built. */
    SYSTEM_CALL("system call"),
    /** A socket option that is not built. */
    SOCKET_OPTION("socket option"),
    /** A name of ICMP that the other IP version has. */
    IP_VERSION("IP version"),
    /** A form of an argument that is not built. */
    ARGUMENT("argument"),
    /** A name without a known value. */
    CONSTANT("constant"),
    /** More data than a run keeps. */
    SIZE("size");

    private final String text;

    UnsupportedReason(final String text)
    {
        this.text = text;
    }

    /** {@return the reason in words, as reports show it} */
    public String text()
    {
        return text;
    }
}
