package dev.baton.tests.socket;

import org.junit.jupiter.api.Nested;

/** The socket suite over two of our stacks in virtual time. */
class StackSocketTest
{
    @Nested
    class Connect extends ConnectSuite
    {
        @Override
        SocketTransport open()
        {
            return new StackTransport();
        }
    }

    @Nested
    class Bind extends BindSuite
    {
        @Override
        SocketTransport open()
        {
            return new StackTransport();
        }
    }

    @Nested
    class Stream extends StreamSuite
    {
        @Override
        SocketTransport open()
        {
            return new StackTransport();
        }
    }

    @Nested
    class Poll extends PollSuite
    {
        @Override
        SocketTransport open()
        {
            return new StackTransport();
        }
    }

    @Nested
    class Option extends OptionSuite
    {
        @Override
        SocketTransport open()
        {
            return new StackTransport();
        }
    }

    @Nested
    class Datagram extends DatagramSuite
    {
        @Override
        SocketTransport open()
        {
            return new StackTransport();
        }
    }
}
