package dev.baton.stack.tcp;

import dev.baton.stack.Packet;
import dev.baton.stack.intercept.BtcpInterceptor;
import dev.baton.stack.intercept.InterceptorModule;
import dev.baton.stack.intercept.ModuleContext;
import dev.baton.stack.intercept.UtcpInterceptor;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static dev.baton.stack.tcp.Wire.A;
import static dev.baton.stack.tcp.Wire.F;
import static dev.baton.stack.tcp.Wire.MS;
import static dev.baton.stack.tcp.Wire.R;
import static dev.baton.stack.tcp.Wire.S;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a module that hands connections over needs of TCP. */
class InterceptionTest
{
    private final Wire w = new Wire();
    private final StreamPeer peer = new StreamPeer();
    private final Recorder module = new Recorder();

    /** Keeps copies of what comes in, and holds or drops as it is told. */
    private static final class Recorder implements InterceptorModule, BtcpInterceptor, UtcpInterceptor
    {
        final List<String> notes = new ArrayList<>();
        final List<byte[]> kept = new ArrayList<>();
        boolean keepIngress;
        boolean dropEgress;
        boolean holdConnections;
        ModuleContext context;
        TcpConnection held;
        long egressNs;
        int egressSeq;

        void inject(final int index, final long nowNs)
        {
            final byte[] bytes = kept.get(index);
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Packet.HEADROOM + bytes.length]);
            buffer.putBytes(Packet.HEADROOM, bytes);
            final Packet packet =
                new Packet().wrap(buffer, Packet.HEADROOM, bytes.length, 0, Packet.CHECKSUM_VERIFIED);
            context.injectUp(packet.l4(4, Packet.HEADROOM + 20, 6), nowNs);
        }

        /** Make an injected copy acknowledge a number. */
        void acknowledge(final int index, final int ack)
        {
            new UnsafeBuffer(kept.get(index)).putInt(28, ack, java.nio.ByteOrder.BIG_ENDIAN);
        }

        @Override
        public int onIngress(final Packet packet, final long nowNs)
        {
            if (!keepIngress)
            {
                return BtcpInterceptor.PASS;
            }
            final byte[] bytes = new byte[packet.length()];
            packet.buffer().getBytes(packet.offset(), bytes);
            kept.add(bytes);
            return BtcpInterceptor.HOLD;
        }

        @Override
        public int onEgress(final Packet packet, final long nowNs)
        {
            egressNs = nowNs;
            egressSeq = packet.buffer().getInt(packet.l4Offset() + 4, java.nio.ByteOrder.BIG_ENDIAN);
            return dropEgress ? BtcpInterceptor.DROP : BtcpInterceptor.PASS;
        }

        @Override
        public int onConnection(final TcpConnection connection, final long nowNs)
        {
            notes.add("connection " + connection.id());
            held = connection;
            return holdConnections ? UtcpInterceptor.HOLD : UtcpInterceptor.PASS;
        }

        @Override
        public void onDisconnect(final TcpConnection connection, final long nowNs)
        {
            notes.add("disconnect " + connection.id() + " port " + connection.remotePort());
        }

        @Override
        public String name()
        {
            return "recorder";
        }

        @Override
        public void open(final ModuleContext opened)
        {
            context = opened;
        }

        @Override
        public BtcpInterceptor btcp()
        {
            return this;
        }

        @Override
        public UtcpInterceptor utcp()
        {
            return this;
        }

        @Override
        public int poll(final long nowNs)
        {
            return 0;
        }

        @Override
        public long nextDeadlineNs()
        {
            return Long.MAX_VALUE;
        }

        @Override
        public int liveEntries()
        {
            return 0;
        }

        @Override
        public int exportState(final MutableDirectBuffer buffer, final int offset, final long nowNs)
        {
            return 0;
        }

        @Override
        public void importState(final DirectBuffer buffer, final int offset, final int length, final long nowNs)
        {
            notes.add("import");
        }

        @Override
        public String census(final long nowNs)
        {
            return "{}";
        }

        @Override
        public void close()
        {
            notes.add("close");
        }
    }

    private void start()
    {
        w.start();
        w.stack.chain().add(module, Map.of(), (type) -> null, (line) -> notesOf(line), w.nowNs);
        w.stack.listen(IpAddress.ANY, 80, peer);
    }

    private void notesOf(final String line)
    {
        module.notes.add(line);
    }

    private boolean has()
    {
        return module.context.hasConnection(
            0, Wire.LOCAL.lo(), Wire.LOCAL_PORT, 0, Wire.PEER.lo(), Wire.PEER_PORT);
    }

    @Test
    void shouldReplayAHandshakeAtTimesOfThePast()
    {
        start();
        module.keepIngress = true;
        module.dropEgress = true;
        w.seg(S, 1000).mss(1460).in();
        w.seg(A, 1001).in();
        w.seg(A, 1001).data(100).in();
        w.nowNs += 10_000 * MS;
        w.poll();
        final long t0 = w.nowNs - 8_000 * MS;
        module.inject(0, t0);
        assertEquals(t0, module.egressNs, "the SYN/ACK is sent before the call returns, at the time it was given");
        final int iss = module.egressSeq;
        module.acknowledge(1, iss + 1);
        module.inject(1, t0 + 23 * MS);
        assertEquals(List.of("connection 1"), module.notes);
        module.keepIngress = false;
        module.dropEgress = false;
        w.poll();
        final Tcb tcb = ((Connection)peer.connection).tcb();
        assertEquals(23 * MS, tcb.srttNs, "the sample is the time between the two");
        module.acknowledge(2, iss + 1);
        module.inject(2, w.nowNs);
        w.poll();
        assertEquals(100, peer.received);
        w.advance(200 * MS);
        w.seg(A | F, 1101).ack(iss + 1).in();
        assertTrue(peer.endOfStream);
    }

    @Test
    void shouldKeepAHeldConnectionFromItsServiceUntilItIsReleased()
    {
        start();
        module.holdConnections = true;
        w.seg(S, 1000).in();
        final int iss = w.out().seq();
        w.seg(A, 1001).ack(iss + 1).in();
        w.seg(A, 1001).ack(iss + 1).data(50).in();
        assertTrue(peer.events.isEmpty());
        assertTrue(has());
        assertNotNull(module.context.connection(
            0, Wire.LOCAL.lo(), Wire.LOCAL_PORT, 0, Wire.PEER.lo(), Wire.PEER_PORT));
        assertEquals(1051, module.context.receiveNext(
            0, Wire.LOCAL.lo(), Wire.LOCAL_PORT, 0, Wire.PEER.lo(), Wire.PEER_PORT, 7));
        module.context.release(module.held, w.nowNs);
        w.poll();
        assertEquals(List.of("accepted", "readable"), peer.events);
        assertEquals(50, peer.received);
    }

    @Test
    void shouldEndAHeldConnectionByResetWithoutAWordToItsService()
    {
        start();
        module.holdConnections = true;
        w.seg(S, 1000).in();
        final int iss = w.out().seq();
        w.seg(A, 1001).ack(iss + 1).in();
        module.keepIngress = true;
        w.seg(R, 1001).in();
        module.keepIngress = false;
        module.inject(0, w.nowNs);
        w.poll();
        w.expectSilence();
        assertTrue(peer.events.isEmpty());
        assertFalse(has());
        assertEquals(List.of("connection 1", "disconnect 1 port 5000"), module.notes);
        assertEquals(0, w.stack.tcp().bufferPool().acquiredBytes());
        module.context.release(module.held, w.nowNs);
        w.poll();
        assertTrue(peer.events.isEmpty());
    }

    @Test
    void shouldTellOfTheEndAfterTimeWait()
    {
        start();
        w.seg(S, 1000).in();
        final int iss = w.out().seq();
        w.seg(A, 1001).ack(iss + 1).in();
        peer.connection.close();
        w.poll();
        w.seg(A | F, 1001).ack(iss + 2).in();
        assertEquals(List.of("connection 1"), module.notes);
        assertTrue(has());
        w.advance(60_000 * MS);
        assertEquals(List.of("connection 1", "disconnect 1 port 5000"), module.notes);
        assertFalse(has());
    }

    @Test
    void shouldNotTellModulesOfActiveOpens()
    {
        start();
        final StreamPeer active = new StreamPeer();
        active.connection = w.stack.connect(IpAddress.ANY, 90, Wire.PEER, 5000, active, w.nowNs);
        w.poll();
        w.localPort = 90;
        w.seg(S | A, 9000).ack(w.out().seq() + 1).in();
        w.seg(R, 9001).in();
        assertTrue(module.notes.isEmpty());
        assertEquals(List.of("accepted", "closed RESET"), active.events);
    }

    @Test
    void shouldCountWhatAModuleHoldsAgainstTheBacklogAndQueueItOnRelease()
    {
        w.start();
        w.stack.chain().add(module, Map.of(), (type) -> null, (line) -> notesOf(line), w.nowNs);
        final Listener listener = w.stack.listen(IpAddress.ANY, 80, peer, 0);
        module.holdConnections = true;
        w.seg(S, 1000).in();
        w.seg(A, 1001).ack(w.out().seq() + 1).in();
        assertEquals(0, listener.waiting());
        w.peerPort++;
        w.seg(S, 1000).in();
        w.expectSilence();
        module.context.release(module.held, w.nowNs);
        w.poll();
        assertEquals(1, listener.waiting());
        assertEquals(5000, listener.accept().remotePort());
    }

    @Test
    void shouldTellModulesOfAnEarlyConnectionOnceAndOfItsEnd()
    {
        w.context.handshake().fastOpen(0x202);
        w.start();
        w.stack.chain().add(module, Map.of(), (type) -> null, (line) -> notesOf(line), w.nowNs);
        w.stack.listen(IpAddress.ANY, 80, peer).fastOpenLimit(5);
        w.seg(S, 1000).data(10).in();
        final int iss = w.out().seq();
        assertEquals(List.of("connection 1"), module.notes);
        w.seg(A, 1011).ack(iss + 1).in();
        assertEquals(List.of("connection 1"), module.notes);
        w.peerPort++;
        w.seg(S, 1000).data(10).in();
        w.seg(Wire.R, 1011).in();
        assertEquals(List.of("connection 1", "connection 2", "disconnect 2 port 5001"), module.notes);
    }
}
