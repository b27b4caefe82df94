package dev.baton.tests.socket;

import org.junit.jupiter.api.Nested;

/** The socket suite over the kernel's sockets on loopback. */
class KernelSocketTest
{
    @Nested
    class Connect extends ConnectSuite
    {
        @Override
        SocketTransport open()
        {
            return new KernelTransport();
        }
    }

    @Nested
    class Bind extends BindSuite
    {
        @Override
        SocketTransport open()
        {
            return new KernelTransport();
        }
    }

    @Nested
    class Stream extends StreamSuite
    {
        @Override
        SocketTransport open()
        {
            return new KernelTransport();
        }
    }

    @Nested
    class Poll extends PollSuite
    {
        @Override
        SocketTransport open()
        {
            return new KernelTransport();
        }
    }

    @Nested
    class Option extends OptionSuite
    {
        @Override
        SocketTransport open()
        {
            return new KernelTransport();
        }
    }

    @Nested
    class Datagram extends DatagramSuite
    {
        @Override
        SocketTransport open()
        {
            return new KernelTransport();
        }
    }
}
