package dev.baton.stack.sim.check;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.sim.SimHost;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.tcp.SentLog;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.wire.IpAddress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** A connection with data outstanding, of which one thing after the other is made wrong. */
class ShardCheckTest
{
    private static final IpAddress CLIENT = IpAddress.parse("10.0.0.1");
    private static final IpAddress SERVER = IpAddress.parse("10.0.0.2");

    private final SimWorld world = new SimWorld(1);
    private final ShardCheck check = new ShardCheck();
    private final SimHost clientHost = world.host("client");
    private final SimHost serverHost = world.host("server");
    private final NetStack client = shard(clientHost, CLIENT);
    private final NetStack server = shard(serverHost, SERVER);
    private Tcb tcb;

    private static NetStack shard(final SimHost host, final IpAddress address)
    {
        final SimLink link = host.link(address);
        final NetStack stack = new NetStack(new StackContext().address(address).poolBytes(8 << 20).seed(1).conclude(), link);
        host.start(stack);
        return stack;
    }

    @BeforeEach
    void sendToNobody()
    {
        final Silent silent = new Silent();
        server.listen(IpAddress.ANY, 80, silent);
        final TcpConnection connection = client.connect(CLIENT, 1000, SERVER, 80, silent, world.nowNs());
        world.run(1_000_000_000L);
        world.network().partition(clientHost.links().get(0), serverHost.links().get(0));
        connection.write(BytePattern.table(), 0, 5_000);
        world.run(world.nowNs() + 100_000L);
        client.forEachConnection((one) -> tcb = one);
    }

    private long look()
    {
        return check.check(client, world.nowNs());
    }

    private void assertBreaks(final String invariant, final Consumer<Tcb> damage)
    {
        look();
        damage.accept(tcb);
        assertEquals(invariant, assertThrows(Violation.class, this::look).invariant());
    }

    @Test
    void shouldTakeAHealthyShardAndTellItsStates()
    {
        final long before = look();
        assertEquals(before, look());
        world.run(world.nowNs() + 1_000_000_000L);
        assertNotEquals(before, look());
    }

    @Test
    void shouldMissTheRetransmissionTimer()
    {
        assertBreaks(Violation.PROGRESS, (damaged) -> damaged.retransmitAtNs = Tcb.NONE);
    }

    @Test
    void shouldMissTheTimerOfAnOwedAck()
    {
        assertBreaks(Violation.PROGRESS, (damaged) -> damaged.ackOwed = Tcb.ACK_DELAYED);
    }

    @Test
    void shouldSeeTheRightEdgeRetreat()
    {
        assertBreaks(Violation.SEQUENCE, (damaged) -> damaged.rcvAdv--);
    }

    @Test
    void shouldSeeSndUnaLeaveTheScoreboard()
    {
        assertBreaks(Violation.SEQUENCE, (damaged) -> damaged.sndUna++);
    }

    @Test
    void shouldSeeSndUnaBeyondSndNxt()
    {
        assertBreaks(Violation.SEQUENCE, (damaged) -> damaged.sndUna = damaged.sndNxt + 1);
    }

    @Test
    void shouldSeeRcvNxtLeaveTheRing()
    {
        assertBreaks(Violation.SEQUENCE, (damaged) -> damaged.rcvNxt++);
    }

    @Test
    void shouldSeeACongestionWindowOfNothing()
    {
        assertBreaks(Violation.PROGRESS, (damaged) -> damaged.cwndBytes = 0);
    }

    @Test
    void shouldFollowAConnectionThatBeginsAnew()
    {
        look();
        tcb.rcvAdv--;
        tcb.iss--;
        look();
    }

    @Test
    void shouldRecountWhatIsLost()
    {
        look();
        tcb.sentLog.markAllLost();
        look();
        assertEquals(SentLog.LOST, tcb.sentLog.marksOf(tcb.sentLog.firstRun()) & SentLog.LOST);
    }

    /** A user that does nothing. */
    private static final class Silent implements TcpService
    {
        @Override
        public void onAccepted(final TcpConnection connection)
        {
        }

        @Override
        public void onReadable(final TcpConnection connection)
        {
        }

        @Override
        public void onWritable(final TcpConnection connection)
        {
        }

        @Override
        public void onClosed(final TcpConnection connection, final CloseReason reason)
        {
        }
    }
}
