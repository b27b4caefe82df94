package dev.baton.stack.sim.campaign;

import dev.baton.stack.service.CloseReason;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.sim.check.BytePattern;
import dev.baton.stack.sim.check.FlowKey;
import dev.baton.stack.sim.check.Violation;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One end of a connection: writes its stream, checks the one that comes, and lives outside of any shard, so that the
 * connection can move while it does not notice.
 */
final class Peer implements TcpService
{
    private static final int CHUNK = 16 << 10;

    final FlowKey key;
    TcpConnection connection;
    CloseReason closeReason;
    long sent;
    long received;
    boolean endOfStream;
    int accepted;

    private final FlowPlan plan;
    private final boolean client;
    private final Clock clock;
    private final long toSend;
    private final long toReceive;
    private final int outSalt;
    private final int inSalt;
    private final UnsafeBuffer in = new UnsafeBuffer(new byte[CHUNK]);
    private int round;
    private boolean thinking;
    private boolean readLater;
    private boolean shut;
    private boolean ended;

    /** What a peer needs of the world outside of its shard. */
    interface Clock
    {
        /**
         * Do something for a peer later, when its host runs.
         *
         * @param delayNs from now, at the earliest.
         * @param peer    whose connection is touched.
         * @param action  to run.
         */
        void later(long delayNs, Peer peer, Runnable action);
    }

    Peer(final FlowPlan plan, final boolean client, final FlowKey key, final Clock clock)
    {
        this.plan = plan;
        this.client = client;
        this.key = key;
        this.clock = clock;
        toSend = client ? plan.up() : plan.down();
        toReceive = client ? plan.down() : plan.up();
        outSalt = BytePattern.salt(key.localLo(), key.localPort(), key.remoteLo(), key.remotePort());
        inSalt = BytePattern.salt(key.remoteLo(), key.remotePort(), key.localLo(), key.localPort());
    }

    boolean isClient()
    {
        return client;
    }

    /** Is the connection over for this end? */
    boolean isOver()
    {
        return closeReason != null;
    }

    /**
     * Did this end write and read all, and end in order?
     *
     * @param forgetful may one end have forgotten the connection before the other one was through with its FIN?
     */
    boolean isComplete(final boolean forgetful)
    {
        return sent == toSend && received == toReceive &&
            (closeReason == CloseReason.NORMAL || forgetful && shutOrEnded() &&
            (closeReason == CloseReason.RESET || closeReason == CloseReason.TIMEOUT));
    }

    boolean hasWrittenAll()
    {
        return sent == toSend && shutOrEnded();
    }

    private boolean shutOrEnded()
    {
        return shut || ended;
    }

    String describe()
    {
        return (client ? "client " : "server ") + key.localPort() + " sent " + sent + " of " + toSend + ", received " +
            received + " of " + toReceive + (endOfStream ? ", end of stream" : "") +
            (closeReason == null ? "" : ", closed " + closeReason);
    }

    @Override
    public void onAccepted(final TcpConnection newConnection)
    {
        accepted++;
        if (accepted > 1)
        {
            throw new Violation(Violation.NO_RESET, "onAccepted is called twice: " + describe());
        }
        connection = newConnection;
        pump();
    }

    @Override
    public void onReadable(final TcpConnection readable)
    {
        if (plan.readChunk() == 0)
        {
            read(CHUNK, Integer.MAX_VALUE);
        }
        else if (!readLater)
        {
            readLater = true;
            clock.later(plan.readEveryNs(), this, this::readSlowly);
        }
    }

    @Override
    public void onWritable(final TcpConnection writable)
    {
        pump();
    }

    @Override
    public void onClosed(final TcpConnection closed, final CloseReason reason)
    {
        if (closeReason != null)
        {
            throw new Violation(Violation.NO_RESET, "onClosed is called twice: " + describe());
        }
        closeReason = reason;
        connection = null;
    }

    private void readSlowly()
    {
        readLater = false;
        read(Math.min(CHUNK, plan.readChunk()), 1);
        if (connection != null && !endOfStream && (connection.readable() > 0 || connection.endOfStream()))
        {
            onReadable(connection);
        }
    }

    private void read(final int chunk, final int times)
    {
        for (int i = 0; i < times && connection != null && !endOfStream; i++)
        {
            final int count = connection.read(in, 0, chunk);
            if (count == 0)
            {
                break;
            }
            if (count < 0)
            {
                end();
            }
            else
            {
                take(count);
            }
        }
        pump();
    }

    private void end()
    {
        endOfStream = true;
        if (received != toReceive && plan.kind() != FlowPlan.Kind.ABORT)
        {
            throw new Violation(Violation.STREAM, "the stream ends at " + received + ": " + describe());
        }
    }

    private void take(final int count)
    {
        final int wrong = BytePattern.mismatch(in, 0, count, inSalt, received);
        if (wrong >= 0)
        {
            throw new Violation(Violation.STREAM, "byte " + (received + wrong) + " is not what was written: " + describe());
        }
        received += count;
        if (received > toReceive)
        {
            throw new Violation(Violation.STREAM, "more was read than was written: " + describe());
        }
    }

    /** Do whatever is due. */
    void pump()
    {
        if (connection == null || thinking || ended)
        {
            return;
        }
        int before;
        do
        {
            before = round;
            turn();
            if (thinking || !write(target()))
            {
                return;
            }
        }
        while (round != before || client && canTurn());
        if (client && plan.kind() == FlowPlan.Kind.ABORT && sent >= toSend / 2)
        {
            ended = true;
            connection.abort();
        }
        else if (sent == toSend)
        {
            finish();
        }
    }

    /** A client's next turn begins when the response to the last one has come. */
    private void turn()
    {
        if (client && canTurn())
        {
            if (plan.thinkNs() > 0)
            {
                thinking = true;
                clock.later(plan.thinkNs(), this, this::thought);
            }
            else
            {
                round++;
            }
        }
    }

    private boolean canTurn()
    {
        return round < plan.rounds() - 1 && received >= toReceive * (round + 1) / plan.rounds() &&
            sent >= toSend * (round + 1) / plan.rounds();
    }

    private void thought()
    {
        thinking = false;
        round++;
        pump();
    }

    private long target()
    {
        if (client)
        {
            final long half = plan.kind() == FlowPlan.Kind.ABORT ? toSend / 2 : toSend;
            return Math.min(half, toSend * (round + 1) / plan.rounds());
        }
        if (plan.kind() == FlowPlan.Kind.HALF_CLOSE)
        {
            return endOfStream ? toSend : 0;
        }
        while (round < plan.rounds() && received >= toReceive * (round + 1) / plan.rounds())
        {
            round++;
        }
        return plan.kind() == FlowPlan.Kind.DIALOGUE ? toSend * round / plan.rounds() : toSend;
    }

    /** Write up to an offset; false when there is no room now. */
    private boolean write(final long target)
    {
        while (sent < target)
        {
            final int length = (int)Math.min(target - sent, BytePattern.PERIOD);
            final int taken = connection.write(BytePattern.table(), BytePattern.at(outSalt, sent), length);
            sent += taken;
            if (taken < length)
            {
                return false;
            }
        }
        return true;
    }

    private void finish()
    {
        final FlowPlan.Ending ending = client ? plan.clientEnds() : plan.serverEnds();
        final boolean mayRead = received < toReceive || plan.kind() == FlowPlan.Kind.ABORT && !client;
        if (endOfStream || ending == FlowPlan.Ending.CLOSE && !mayRead)
        {
            ended = true;
            connection.close();
        }
        else if (!shut && (ending == FlowPlan.Ending.SHUTDOWN || client && plan.kind() == FlowPlan.Kind.HALF_CLOSE))
        {
            shut = true;
            connection.shutdownOutput();
        }
    }
}
