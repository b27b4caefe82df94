package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;
import dev.baton.stack.state.codec.ConnectionDecoder;
import dev.baton.stack.tcp.SentLog;
import dev.baton.stack.tcp.Tcb;
import dev.baton.stack.tcp.TcpState;
import dev.baton.stack.wire.IpAddress;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.Field;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Each rule by itself: a connection that breaks it is refused, and the refusal names the field. */
class RefusalTest
{
    private static final int FAR = 1 << 30;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();

    private static Arguments rule(final String field, final Consumer<Tcb> damage)
    {
        return Arguments.of(field, damage);
    }

    static Stream<Arguments> identityAndRanges()
    {
        return Stream.of(
            rule("id", (tcb) -> tcb.id = -5),
            rule("local", (tcb) -> tcb.localLo = 0),
            rule("local", (tcb) -> tcb.localLo = IpAddress.parse("224.0.0.1").lo()),
            rule("local", (tcb) -> tcb.localLo = IpAddress.parse("10.9.9.9").lo()),
            rule("remote", (tcb) -> tcb.remoteHi = tcb.remoteLo = 0),
            rule("remote", (tcb) -> tcb.remoteHi = 0xFF02_0000_0000_0000L),
            rule("remote", (tcb) -> tcb.remoteHi = IpAddress.parse("fd00::7").hi()),
            rule("localPort", (tcb) -> tcb.localPort = 0),
            rule("remotePort", (tcb) -> tcb.remotePort = 0),
            rule("flowLabel", (tcb) -> tcb.flowLabel = 1 << 20),
            rule("sndWnd", (tcb) -> tcb.sndWnd = tcb.sndMaxWnd + 1),
            rule("sndMaxWnd", (tcb) -> tcb.sndMaxWnd = (65_535 << 14) + 1),
            rule("rcvMss", (tcb) -> tcb.rcvMss = -1),
            rule("sndShift", (tcb) -> tcb.sndShift = 15),
            rule("rcvShift", (tcb) -> tcb.rcvShift = 15),
            rule("localMss", (tcb) -> tcb.localMss = 47),
            rule("remoteMss", (tcb) -> tcb.remoteMss = 47),
            rule("pathMtu", (tcb) -> tcb.pathMtu = 67),
            rule("pathMtu", (tcb) -> tcb.pathMtu = 1501),
            rule("effectiveMss", (tcb) -> tcb.effectiveMss++),
            rule("effectiveMss", (tcb) -> tcb.effectiveMss = -1),
            rule("srttNs", (tcb) -> tcb.srttNs = -1),
            rule("rttvarNs", (tcb) -> tcb.rttvarNs = Long.MAX_VALUE),
            rule("lastRttNs", (tcb) -> tcb.lastRttNs = -1),
            rule("minRttNs", (tcb) -> tcb.minRttNs = -1),
            rule("rtoNs", (tcb) -> tcb.rtoNs = 0),
            rule("backoff", (tcb) -> tcb.backoff = -1),
            rule("retransmits", (tcb) -> tcb.retransmits = -1),
            rule("persistProbes", (tcb) -> tcb.persistProbes = -1),
            rule("persistBackoff", (tcb) -> tcb.persistBackoff = -1),
            rule("keepAliveProbes", (tcb) -> tcb.keepAliveProbes = -1),
            rule("cwndBytes", (tcb) -> tcb.cwndBytes = 0),
            rule("cwndBytes", (tcb) -> tcb.cwndBytes = FAR + 1),
            rule("ssthreshBytes", (tcb) -> tcb.ssthreshBytes = -1),
            rule("dupAcks", (tcb) -> tcb.dupAcks = -1),
            rule("renoSackedBytes", (tcb) -> tcb.renoSackedBytes = -1),
            rule("quickAcks", (tcb) -> tcb.quickAcks = -1),
            rule("bytesIn", (tcb) -> tcb.bytesIn = -1),
            rule("bytesOut", (tcb) -> tcb.bytesOut = -1),
            rule("bytesRetransmitted", (tcb) -> tcb.bytesRetransmitted = -1),
            rule("segmentsIn", (tcb) -> tcb.segmentsIn = -1),
            rule("segmentsOut", (tcb) -> tcb.segmentsOut = -1),
            rule("segmentsRetransmitted", (tcb) -> tcb.segmentsRetransmitted = -1));
    }

    static Stream<Arguments> times()
    {
        final long far = Long.MAX_VALUE - 1;
        return Stream.of(
            rule("retransmitInNs", (tcb) -> tcb.retransmitAtNs = far),
            rule("retransmitInNs", (tcb) -> tcb.retransmitAtNs = Tcb.NONE),
            rule("persistInNs", (tcb) -> tcb.persistAtNs = far),
            rule("delayedAckInNs", (tcb) -> tcb.delayedAckAtNs = far),
            rule("keepAliveInNs", (tcb) -> tcb.keepAliveAtNs = far),
            rule("finWait2InNs", (tcb) -> tcb.finWait2AtNs = far),
            rule("userTimeoutInNs", (tcb) -> tcb.userTimeoutAtNs = far),
            rule("tsRecentAgeNs", (tcb) -> tcb.tsRecentAtNs = far),
            rule("lastReceivedAgeNs", (tcb) -> tcb.lastReceivedAtNs = far),
            rule("lastSentAgeNs", (tcb) -> tcb.lastSentAtNs = far),
            rule("lastOutOfWindowAckAgeNs", (tcb) -> tcb.lastOutOfWindowAckNs = far),
            rule("sentRuns.sentAgeNs", (tcb) -> ((long[])get(board(tcb), "runSentNs"))[tcb.sentLog.firstRun()] = far));
    }

    static Stream<Arguments> states()
    {
        return Stream.of(
            rule("wasEstablished", (tcb) -> tcb.wasEstablished = false),
            rule("wasEstablished", (tcb) -> tcb.state = TcpState.SYN_SENT),
            rule("finReceived", (tcb) -> tcb.state = TcpState.CLOSE_WAIT),
            rule("finReceived", (tcb) -> tcb.finReceived = tcb.finKnown = true),
            rule("detached", (tcb) -> tcb.detached = true),
            rule("finQueued", (tcb) -> tcb.state = TcpState.FIN_WAIT_1),
            rule("finSent", (tcb) -> tcb.finSent = tcb.finQueued = true),
            rule("finSent", (tcb) ->
            {
                tcb.state = TcpState.FIN_WAIT_2;
                tcb.finQueued = true;
            }),
            rule("sndUna", (tcb) ->
            {
                tcb.state = TcpState.FIN_WAIT_2;
                tcb.finQueued = tcb.finSent = true;
            }),
            rule("indicated", (tcb) ->
            {
                tcb.indicated = false;
                set(tcb, "events", 2);
            }));
    }

    static Stream<Arguments> sendSequences()
    {
        return Stream.of(
            rule("sndNxt - sndUna", (tcb) -> tcb.sndNxt = tcb.sndUna - 1),
            rule("sndNxt - sndUna", (tcb) -> tcb.sndNxt = tcb.sndUna + FAR + 1),
            rule("sndNxt", (tcb) -> tcb.sndNxt = tcb.sendRing.endSeq() + 1),
            rule("sndNxt", (tcb) ->
            {
                tcb.state = TcpState.FIN_WAIT_1;
                tcb.finQueued = tcb.finSent = true;
            }),
            rule("sendFirstSeq", (tcb) -> shift(tcb.sendRing, 1)),
            rule("sndSml", (tcb) -> tcb.sndSml = tcb.sndUna - 1),
            rule("sndSml", (tcb) -> tcb.sndSml = tcb.sndNxt + 1),
            rule("sndWl2", (tcb) -> tcb.sndWl2 = tcb.sndNxt + 1),
            rule("synOwed", (tcb) -> tcb.synOwed = true),
            rule("sentBase", (tcb) -> set(tcb.sentLog, "base", tcb.sndUna + 1)),
            rule("sentRuns.end", (tcb) -> ends(tcb)[tcb.sentLog.firstRun()] = tcb.sndUna),
            rule("sentRuns.end", (tcb) -> ends(tcb)[last(tcb)]--),
            rule("sentRuns.end", (tcb) -> ends(tcb)[last(tcb)]++),
            rule("sentRuns.marks", (tcb) -> marks(tcb, 16)),
            rule("sentRuns.marks", (tcb) -> marks(tcb, SentLog.SACKED | SentLog.LOST)),
            rule("sentRuns.marks", (tcb) -> marks(tcb, SentLog.LOST | SentLog.RETRANSMITTED)),
            rule("highestSacked", (tcb) -> set(board(tcb), "highestSacked", tcb.sndUna)),
            rule("highestSacked", (tcb) -> set(board(tcb), "highestSacked", tcb.sndNxt + 1)),
            rule("recoveryPoint", (tcb) -> recovery(tcb, tcb.sndUna)),
            rule("recoveryPoint", (tcb) -> recovery(tcb, tcb.sndNxt + 1)));
    }

    static Stream<Arguments> receiveSequences()
    {
        return Stream.of(
            rule("receiveNextSeq - receiveFirstSeq", (tcb) -> set(tcb.receiveRing, "firstSeq", tcb.rcvNxt + 1)),
            rule("rcvNxt", (tcb) -> tcb.rcvNxt++),
            rule("receiveRuns.start", (tcb) -> runs(tcb, "runStart")[0] = tcb.rcvNxt),
            rule("receiveRuns.start", (tcb) -> runs(tcb, "runStart")[1] = runs(tcb, "runEnd")[0]),
            rule("receiveRuns.end", (tcb) -> runs(tcb, "runStart")[0] = runs(tcb, "runEnd")[0]),
            rule("receiveRuns.end", (tcb) -> tcb.rcvAdv = runs(tcb, "runEnd")[0] - 1),
            rule("receiveRuns.arrival", (tcb) -> runs(tcb, "runArrival")[0] = tcb.receiveRing.arrival() + 1),
            rule("receiveRuns.arrival", (tcb) -> runs(tcb, "runArrival")[0] = runs(tcb, "runArrival")[1]),
            rule("rcvAdv - rcvNxt", (tcb) -> tcb.rcvAdv = tcb.rcvNxt + FAR + 1),
            rule("rcvAdv", (tcb) -> tcb.rcvAdv = tcb.receiveRing.firstSeq() + (64 << 10) + 2),
            rule("lastAckSent", (tcb) -> tcb.lastAckSent = tcb.rcvNxt + 1));
    }

    private static Object get(final Object owner, final String name)
    {
        try
        {
            return field(owner, name).get(owner);
        }
        catch (final IllegalAccessException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private static void set(final Object owner, final String name, final int value)
    {
        try
        {
            field(owner, name).setInt(owner, value);
        }
        catch (final IllegalAccessException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private static Field field(final Object owner, final String name)
    {
        try
        {
            final Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field;
        }
        catch (final NoSuchFieldException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private static void shift(final Object sendRing, final int by)
    {
        set(sendRing, "firstSeq", (Integer)get(sendRing, "firstSeq") + by);
    }

    private static Object board(final Tcb tcb)
    {
        return get(tcb.sentLog, "board");
    }

    private static int[] ends(final Tcb tcb)
    {
        return (int[])get(board(tcb), "runEnd");
    }

    private static int last(final Tcb tcb)
    {
        return tcb.sentLog.firstRun() + tcb.sentLog.runCount() - 1;
    }

    private static int[] runs(final Tcb tcb, final String array)
    {
        return (int[])get(get(tcb.receiveRing, "runs"), array);
    }

    private static void marks(final Tcb tcb, final int marks)
    {
        ((byte[])get(board(tcb), "runMarks"))[tcb.sentLog.firstRun()] = (byte)marks;
    }

    private static void recovery(final Tcb tcb, final int point)
    {
        tcb.recovery = Tcb.RECOVERY_FAST;
        tcb.recoveryPoint = point;
    }

    /** The connection with everything in it. */
    private static Tcb crowded(final NetStack stack)
    {
        return Images.tcbs(stack).stream().filter((tcb) -> tcb.remotePort == 40_004).findFirst().orElseThrow();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"identityAndRanges", "times", "states", "sendSequences", "receiveSequences"})
    void shouldRefuseConnectionThatBreaksARule(final String field, final Consumer<Tcb> damage)
    {
        final StateWorld w = Images.busy(true);
        final Tcb tcb = crowded(w.server.stack);
        damage.accept(tcb);
        final int length = new ConnectionExporter().export(tcb, w.world.nowNs() + w.server.skewNs, buffer, 0);
        assertRefused(field, length, new EmptyShard(Images.NOW_NS, StateWorld.SERVER));
    }

    private void assertRefused(final String field, final int length, final EmptyShard shard)
    {
        final StateException refusal = assertThrows(StateException.class, () -> new Snapshot(shard.stack).importConnection(
            buffer, 0, length, shard.nowNs, 0, shard.peer));
        assertEquals(field, refusal.field(), refusal.getMessage());
        assertTrue(refusal.getMessage().startsWith("connection image refused: " + field + " is "), refusal.getMessage());
        shard.assertUntouched();
    }

    private int exportCrowded(final StateWorld w)
    {
        return new ConnectionExporter().export(
            crowded(w.server.stack), w.world.nowNs() + w.server.skewNs, buffer, 0);
    }

    private void assertRefusedBy(final String field, final StackContext context)
    {
        final int length = exportCrowded(Images.busy(true));
        assertRefused(field, length, new EmptyShard(Images.NOW_NS, context, StateWorld.SERVER));
    }

    @Test
    void shouldRefuseReceiveWindowThatTheShardCannotHold()
    {
        assertRefusedBy("rcvAdv", EmptyShard.context().receiveBufferBytes(32 << 10));
    }

    @Test
    void shouldRefuseSendBytesThatTheShardCannotHold()
    {
        final StateWorld w = new StateWorld(51);
        w.serverPeer.sends(60_000);
        w.toClient().partition(false);
        w.clientPeer.pausedReading();
        w.connect(true);
        w.until("sending", 10, () -> w.serverPeer.sent == 60_000);
        final int length = new ConnectionExporter().export(
            Images.tcbs(w.server.stack).get(0), w.world.nowNs() + w.server.skewNs, buffer, 0);
        assertRefused("sendBytes.length", length,
            new EmptyShard(Images.NOW_NS, EmptyShard.context().sendBufferBytes(8 << 10), StateWorld.SERVER));
    }

    @Test
    void shouldRefuseWhenTheTableIsFull()
    {
        final StateWorld w = Images.busy(true);
        final byte[] image = Images.image(w);
        final EmptyShard shard = new EmptyShard(Images.NOW_NS, EmptyShard.context().maxConnections(1), StateWorld.SERVER);
        final StateException refusal = assertThrows(StateException.class, () -> new Snapshot(shard.stack).importAll(
            new UnsafeBuffer(image), 0, image.length, shard.nowNs, 0, (flow, passive) -> shard.peer));
        assertEquals("connections", refusal.field());
        shard.assertUntouched();
    }

    @Test
    void shouldRefuseTimeWaitThatLastsLongerThanHere()
    {
        final StateWorld w = Images.busy(true);
        final byte[] image = Images.image(w);
        final EmptyShard shard = new EmptyShard(Images.NOW_NS, EmptyShard.context().timeWaitNs(1000), StateWorld.SERVER);
        final StateException refusal = assertThrows(StateException.class, () -> new Snapshot(shard.stack).importAll(
            new UnsafeBuffer(image), 0, image.length, shard.nowNs, 0, (flow, passive) -> shard.peer));
        assertEquals("expiresInNs", refusal.field());
        shard.assertUntouched();
    }

    @Test
    void shouldRefuseRecordThatIsThereTwice()
    {
        final StateWorld w = Images.busy(true);
        final int length = exportCrowded(w);
        final MutableDirectBuffer twice = new ExpandableArrayBuffer();
        final StateImageWriter writer = new StateImageWriter(twice, 0);
        for (final long id : new long[] {70, 71})
        {
            writer.connection((at) ->
            {
                twice.putBytes(at, buffer, 0, length);
                twice.putLong(at + 8, id, ByteOrder.LITTLE_ENDIAN);
                return length;
            });
        }
        final int all = writer.finish(0);
        final EmptyShard shard = new EmptyShard(Images.NOW_NS, StateWorld.SERVER);
        final StateException refusal = assertThrows(StateException.class, () -> new Snapshot(shard.stack).importAll(
            twice, 0, all, shard.nowNs, 0, (flow, passive) -> shard.peer));
        assertEquals("flow", refusal.field());
        assertTrue(refusal.getMessage().contains("twice"), refusal.getMessage());
        shard.assertUntouched();
    }

    @Test
    void shouldRefuseIdThatIsThereTwice()
    {
        final StateWorld w = Images.busy(true);
        final long[] halfOpenId = new long[1];
        w.server.stack.tcp().transfers().forEachHalfOpen((entry) -> halfOpenId[0] = entry.id);
        crowded(w.server.stack).id = halfOpenId[0];
        final byte[] image = Images.image(w);
        final EmptyShard shard = new EmptyShard(Images.NOW_NS, StateWorld.SERVER);
        final StateException refusal = assertThrows(StateException.class, () -> new Snapshot(shard.stack).importAll(
            new UnsafeBuffer(image), 0, image.length, shard.nowNs, 0, (flow, passive) -> shard.peer));
        assertEquals("id", refusal.field(), refusal.getMessage());
        shard.assertUntouched();
    }

    @Test
    void shouldRefuseUnknownSchemaVersionAndCongestionControl()
    {
        final int length = exportCrowded(Images.busy(true));
        final EmptyShard shard = new EmptyShard(Images.NOW_NS, StateWorld.SERVER);
        buffer.putShort(6, (short)(ConnectionDecoder.SCHEMA_VERSION + 1), ByteOrder.LITTLE_ENDIAN);
        assertRefused("version", length, shard);
        buffer.putShort(6, (short)ConnectionDecoder.SCHEMA_VERSION, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(4, (short)7001, ByteOrder.LITTLE_ENDIAN);
        assertRefused("schemaId", length, shard);
        buffer.putShort(4, (short)7002, ByteOrder.LITTLE_ENDIAN);
        final int name = indexOf(length, "cubic");
        buffer.putByte(name, (byte)'x');
        assertRefused("congestionControl", length, shard);
        buffer.putByte(name, (byte)'c');
        new Snapshot(shard.stack).importConnection(buffer, 0, length, shard.nowNs, 0, shard.peer);
    }

    private int indexOf(final int length, final String text)
    {
        final List<Integer> found = Stream.iterate(0, (i) -> i + 1).limit(length - text.length())
            .filter((i) -> buffer.getStringWithoutLengthAscii(i, text.length()).equals(text)).toList();
        return found.get(0);
    }
}
