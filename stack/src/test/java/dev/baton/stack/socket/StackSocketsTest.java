package dev.baton.stack.socket;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static dev.baton.stack.socket.SocketConstants.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the socket layer has beyond the suite that runs over the kernel, too: limits, readiness, and what is not there. */
class StackSocketsTest
{
    private static final IpAddress CLIENT = IpAddress.parse("10.0.0.1");
    private static final IpAddress SERVER = IpAddress.parse("10.0.0.2");
    private static final int LIMIT = 3;

    private final SimWorld world = new SimWorld(5, 1_000_000_000L);
    private final StackSockets client = host(CLIENT, StackSockets.DEFAULT_MAX_DESCRIPTORS);
    private final StackSockets server = host(SERVER, LIMIT);
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[1024]);

    private StackSockets host(final IpAddress address, final int limit)
    {
        final SimLink link = world.host(address.toString()).link(address);
        final StackContext context = new StackContext().poolBytes(64 << 20).address(address).maxUdpSockets(2);
        context.handshake().fastOpen(3);
        final NetStack stack = new NetStack(context.conclude(), link);
        link.host().start(stack);
        return new StackSockets(stack, world::nowNs, limit);
    }

    private void run()
    {
        world.run(world.nowNs() + 50_000_000L);
    }

    private static int ok(final int result)
    {
        assertTrue(result >= 0, () -> Errno.describe(result));
        return result;
    }

    private int listener()
    {
        final int fd = ok(server.socket(AF_INET, SOCK_STREAM, 0));
        ok(server.bind(fd, SockAddr.of(SERVER, 80)));
        ok(server.listen(fd, 8));
        return fd;
    }

    private int connecting()
    {
        final int fd = ok(client.socket(AF_INET, SOCK_STREAM, 0));
        assertEquals(Errno.EINPROGRESS.result(), client.connect(fd, SockAddr.of(SERVER, 80)));
        return fd;
    }

    @Test
    void shouldBoundDescriptors()
    {
        for (int i = 0; i < LIMIT; i++)
        {
            ok(server.socket(AF_INET, SOCK_STREAM, 0));
        }
        assertEquals(Errno.EMFILE.result(), server.socket(AF_INET, SOCK_STREAM, 0));
        assertEquals(LIMIT, server.openCount());
        ok(server.close(4));
        assertEquals(4, server.socket(AF_INET, SOCK_STREAM, 0));
    }

    @Test
    void shouldLeaveAConnectionInTheQueueWhenThereIsNoDescriptorForIt()
    {
        final int listener = listener();
        ok(server.socket(AF_INET, SOCK_STREAM, 0));
        final int last = ok(server.socket(AF_INET, SOCK_STREAM, 0));
        assertEquals(Errno.EAGAIN.result(), server.accept(listener, null));
        connecting();
        run();
        assertEquals(Errno.EMFILE.result(), server.accept(listener, null));
        ok(server.close(last));
        ok(server.accept(listener, null));
    }

    @Test
    void shouldBoundUdpSocketsByTheStacksLimit()
    {
        ok(client.socket(AF_INET, SOCK_DGRAM, 0));
        ok(client.socket(AF_INET, SOCK_DGRAM, 0));
        assertEquals(Errno.ENFILE.result(), client.socket(AF_INET, SOCK_DGRAM, 0));
    }

    @Test
    void shouldTellWhenADescriptorMayBeReady()
    {
        final List<Integer> told = new ArrayList<>();
        final int listener = listener();
        server.readinessListener(told::add);
        final int fd = connecting();
        run();
        assertEquals(List.of(listener), told);
        final int accepted = ok(server.accept(listener, null));
        told.clear();
        ok(client.send(fd, bytes, 0, 10, 0));
        run();
        assertTrue(told.contains(accepted));
        told.clear();
        ok(client.close(fd));
        run();
        assertTrue(told.contains(accepted));
    }

    @Test
    void shouldTellWhenAConnectionIsMadeOrFails()
    {
        final List<Integer> told = new ArrayList<>();
        client.readinessListener(told::add);
        final int refused = connecting();
        run();
        assertEquals(List.of(refused), told);
        listener();
        told.clear();
        final int made = connecting();
        run();
        assertEquals(List.of(made), told);
    }

    @Test
    void shouldSendAnswersToNoDescriptorThatIsClosed()
    {
        final List<Integer> told = new ArrayList<>();
        final int listener = listener();
        final int fd = connecting();
        run();
        final int accepted = ok(server.accept(listener, null));
        client.readinessListener(told::add);
        ok(client.close(fd));
        ok(server.send(accepted, bytes, 0, 5, 0));
        run();
        assertTrue(told.isEmpty(), told::toString);
    }

    @Test
    void shouldConnectAndSendInOne()
    {
        final int listener = listener();
        final int fd = ok(client.socket(AF_INET, SOCK_STREAM, 0));
        assertEquals(7, client.sendto(fd, bytes, 0, 7, MSG_FASTOPEN, SockAddr.of(SERVER, 80)));
        run();
        final int accepted = ok(server.accept(listener, null));
        run();
        assertEquals(7, server.recv(accepted, bytes, 0, 100, 0));
    }

    @Test
    void shouldHaveItsDataAcceptedWithTheSynOnceItHasACookie()
    {
        final int listener = ok(server.socket(AF_INET, SOCK_STREAM, 0));
        ok(server.setInt(listener, IPPROTO_TCP, TCP_FASTOPEN, 4));
        assertEquals(4, server.getInt(listener, IPPROTO_TCP, TCP_FASTOPEN));
        ok(server.bind(listener, SockAddr.of(SERVER, 80)));
        ok(server.listen(listener, 8));
        for (int round = 0; round < 2; round++)
        {
            final int fd = ok(client.socket(AF_INET, SOCK_STREAM, 0));
            assertEquals(7, client.sendto(fd, bytes, 0, 7, MSG_FASTOPEN, SockAddr.of(SERVER, 80)));
            // The SYN takes half a millisecond, so only early data is there before the handshake is over.
            world.run(world.nowNs() + 600_000L);
            final int accepted = server.accept(listener, null);
            assertEquals(round == 1, accepted >= 0, Errno.describe(accepted));
            run();
            final int connection = accepted >= 0 ? accepted : ok(server.accept(listener, null));
            run();
            assertEquals(7, server.recv(connection, bytes, 0, 100, 0));
            ok(client.close(fd));
            run();
            ok(server.close(connection));
            run();
        }
    }

    @Test
    void shouldReachNoAddressOfItsOwn()
    {
        final int fd = ok(client.socket(AF_INET, SOCK_STREAM, 0));
        assertEquals(Errno.ENETUNREACH.result(), client.connect(fd, SockAddr.of(CLIENT, 80)));
    }

    @Test
    void shouldSayThatAConnectionIsBeingMade()
    {
        final int fd = connecting();
        assertEquals(Errno.EALREADY.result(), client.connect(fd, SockAddr.of(SERVER, 80)));
        assertEquals(0, client.poll(fd, POLLIN | POLLOUT));
        assertEquals(Errno.EAGAIN.result(), client.recv(fd, bytes, 0, 1, 0));
        assertEquals(Errno.EAGAIN.result(), client.send(fd, bytes, 0, 1, 0));
        ok(client.shutdown(fd, SHUT_RDWR));
        assertEquals(Errno.ENOTCONN.result(), client.shutdown(fd, SHUT_RDWR));
    }

    @Test
    void shouldNotListenOnAPortThatAServiceListensOn()
    {
        final int fd = listener();
        final int other = ok(server.socket(AF_INET, SOCK_STREAM, 0));
        ok(server.setInt(other, SOL_SOCKET, SO_REUSEPORT, 1));
        ok(server.setInt(fd, SOL_SOCKET, SO_REUSEPORT, 1));
        ok(server.bind(other, SockAddr.of(SERVER, 80)));
        assertEquals(Errno.EADDRINUSE.result(), server.listen(other, 1));
    }

    @Test
    void shouldKnowItsErrorsByNumberAndText()
    {
        assertEquals(Errno.ECONNREFUSED, Errno.of(-111));
        assertEquals(Errno.ECONNREFUSED, Errno.of(111));
        assertNull(Errno.of(0));
        assertNull(Errno.of(134));
        assertNull(Errno.of(Integer.MIN_VALUE));
        assertEquals("ECONNREFUSED (Connection refused)", Errno.describe(-111));
        assertEquals("7", Errno.describe(7));
        for (final Errno errno : Errno.values())
        {
            assertFalse(errno.text().isEmpty());
            assertEquals(errno, Errno.of(errno.result()));
        }
    }

    @Test
    void shouldGiveDescriptorsBackAfterManyOpenAndCloseCalls()
    {
        for (int i = 0; i < 1000; i++)
        {
            final int a = ok(client.socket(AF_INET, SOCK_STREAM, 0));
            final int b = ok(client.socket(AF_INET, SOCK_STREAM, 0));
            assertEquals(3, a);
            assertEquals(4, b);
            ok(client.close(a));
            ok(client.close(b));
        }
        final int[] many = new int[100];
        for (int i = 0; i < many.length; i++)
        {
            many[i] = ok(client.socket(AF_INET, SOCK_STREAM, 0));
            assertEquals(3 + i, many[i]);
        }
        assertEquals(100, client.openCount());
    }
}
