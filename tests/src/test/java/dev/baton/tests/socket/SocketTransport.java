package dev.baton.tests.socket;

import dev.baton.stack.socket.Sockets;
import dev.baton.stack.wire.IpAddress;

import java.util.function.BooleanSupplier;

/** Where the socket suite runs: two ends that can reach each other, and time that passes. */
interface SocketTransport extends AutoCloseable
{
    /** Sockets of the end that connects. */
    Sockets client();

    /** Sockets of the end that listens; the kernel's are the same as {@link #client()}. */
    Sockets server();

    /** Address of the end that connects. */
    IpAddress clientAddress(boolean v4);

    /** Address of the end that listens. */
    IpAddress serverAddress(boolean v4);

    /** Are these the kernel's sockets? */
    boolean isKernel();

    /** Let time pass until a condition holds; false when it does not within five seconds. */
    boolean until(BooleanSupplier condition);

    /** Let time pass, at least enough for what is on its way to arrive. */
    void pass(int milliseconds);

    @Override
    void close();
}
