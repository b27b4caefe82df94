package dev.baton.stack.trace;

import dev.baton.stack.Packet;
import dev.baton.stack.sim.PcapngTap;
import dev.baton.stack.sim.SimHost;
import dev.baton.stack.sim.SimLink;
import dev.baton.stack.sim.SimNode;
import dev.baton.stack.sim.SimWorld;
import dev.baton.stack.wire.Checksum;
import dev.baton.stack.wire.IcmpHeader;
import dev.baton.stack.wire.Ip4Header;
import dev.baton.stack.wire.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class PcapngWriterTest
{
    private static final IpAddress A = IpAddress.parse("10.0.0.1");
    private static final IpAddress B = IpAddress.parse("10.0.0.2");

    @TempDir
    private Path dir;

    @Test
    void shouldWriteBlocksWhoseLengthsAgree() throws IOException
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PcapngWriter writer = new PcapngWriter(out))
        {
            final int id = writer.addInterface("eth");
            for (int length = 0; length < 9; length++)
            {
                final UnsafeBuffer packet = new UnsafeBuffer(new byte[length + 3]);
                writer.write(id, -1 - length, length % 2 == 0, packet, 3, length, length == 4 ? "four \u00e9" : null);
            }
            assertEquals(9, writer.packets());
        }
        final ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        int blocks = 0;
        while (bytes.hasRemaining())
        {
            final int start = bytes.position();
            final int length = bytes.getInt(start + 4);
            assertEquals(0, length & 3);
            assertEquals(length, bytes.getInt(start + length - 4));
            bytes.position(start + length);
            blocks++;
        }
        assertEquals(11, blocks);
    }

    @Test
    void shouldCutLongTextsAtACharacter() throws IOException
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PcapngWriter writer = new PcapngWriter(out))
        {
            writer.addInterface("x" + "\u20ac".repeat(1000));
        }
        final String text = new String(out.toByteArray(), StandardCharsets.UTF_8);
        assertEquals(341, text.chars().filter((c) -> c == '\u20ac').count());
    }

    @Test
    void shouldRefuseUnknownInterfacesAndOversizedPackets() throws IOException
    {
        try (PcapngWriter writer = new PcapngWriter(new ByteArrayOutputStream()))
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[70_000]);
            assertThrows(IllegalArgumentException.class, () -> writer.write(0, 0, true, buffer, 0, 1, null));
            final int id = writer.addInterface("a");
            assertThrows(IllegalArgumentException.class, () -> writer.write(id, 0, true, buffer, 0, 65576, null));
            writer.write(id, 0, true, buffer, 0, 65575, "x".repeat(5000));
        }
    }

    @Test
    void shouldWriteTheSameBytesForTheSameSeed() throws IOException
    {
        final Path one = dir.resolve("one.pcapng");
        final Path two = dir.resolve("two.pcapng");
        capture(one);
        capture(two);
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
    }

    @Test
    void shouldBeReadBackByTshark() throws IOException, InterruptedException
    {
        assumeTrue(hasTshark(), "skipped: tshark is not installed");
        final Path file = dir.resolve("sim.pcapng");
        capture(file);
        final Process tshark = new ProcessBuilder("tshark", "-r", file.toString(), "-o", "ip.check_checksum:TRUE",
            "-T", "fields", "-e", "frame.interface_name", "-e", "frame.time_epoch", "-e", "ip.src", "-e", "ip.dst",
            "-e", "icmp.seq", "-e", "icmp.checksum.status", "-e", "frame.comment")
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        final String text = new String(tshark.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, tshark.waitFor());
        assertEquals(List.of(
            "a/0\t0.000001000\t10.0.0.1\t10.0.0.2\t1\t1\tepoch 7 -> 8",
            "b/0\t0.000501000\t10.0.0.1\t10.0.0.2\t1\t1\t"), text.lines().toList());
    }

    private static boolean hasTshark() throws InterruptedException
    {
        try
        {
            return new ProcessBuilder("tshark", "--version").redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        }
        catch (final IOException notFound)
        {
            return false;
        }
    }

    private static void capture(final Path file) throws IOException
    {
        final SimWorld world = new SimWorld(1);
        final SimHost host = world.host("a");
        final SimLink link = host.link(A);
        final SimHost other = world.host("b");
        final SimLink otherLink = other.link(B);
        other.start(new SimNode()
        {
            private final Packet packet = new Packet();

            @Override
            public int poll(final long nowNs)
            {
                return otherLink.receive(packet) ? 1 : 0;
            }

            @Override
            public long nextDeadlineNs()
            {
                return Long.MAX_VALUE;
            }
        });
        try (PcapngWriter writer = PcapngWriter.open(file))
        {
            final PcapngTap tap = new PcapngTap(writer);
            world.network().tap(tap);
            world.at(1000, () ->
            {
                tap.comment("epoch 7 -> 8");
                assertTrue(link.transmit(ping()));
            });
            world.run(1_000_000);
        }
    }

    private static Packet ping()
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Packet.HEADROOM + 28]);
        new Ip4Header().wrap(buffer, Packet.HEADROOM).encode(0, 28, 1, 0, 64, 1, (int)A.lo(), (int)B.lo());
        final IcmpHeader icmp =
            new IcmpHeader().wrap(buffer, Packet.HEADROOM + 20).typeAndCode(8, 0).rest(1);
        icmp.checksum(Checksum.finish(
            Checksum.sum(buffer, Packet.HEADROOM + 20, 8)));
        return new Packet().wrap(buffer, Packet.HEADROOM, 28, 0, Packet.CHECKSUM_COMPLETE);
    }
}
