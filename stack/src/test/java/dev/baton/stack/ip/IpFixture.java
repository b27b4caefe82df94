package dev.baton.stack.ip;

import dev.baton.stack.Packet;
import dev.baton.stack.wire.IpAddress;

import java.util.ArrayList;
import java.util.List;

/** A host's IP layer with all of its parts. */
final class IpFixture
{
    final RecordingLink link = new RecordingLink();
    final IpCounters counters = new IpCounters();
    final LocalAddresses local = new LocalAddresses();
    final IpOutput output = new IpOutput(link, counters);
    final IcmpResponder responder;
    final Reassembler reassembler;
    final IpInput input;
    final List<String> icmpErrors = new ArrayList<>();

    IpFixture()
    {
        this(new IcmpLimiter(1_000_000, 1_000_000));
    }

    IpFixture(final IcmpLimiter limiter)
    {
        this(limiter, Reassembler.DEFAULT_DATAGRAMS, Reassembler.DEFAULT_FRAGMENTS);
    }

    IpFixture(final IcmpLimiter limiter, final int maxDatagrams, final int maxFragments)
    {
        local.add(TestPackets.HOST_4);
        local.add(TestPackets.HOST_6);
        responder = new IcmpResponder(output, limiter, counters);
        reassembler = new Reassembler(responder, counters, maxDatagrams, maxFragments);
        input = new IpInput(local, responder, reassembler, counters);
        input.icmpErrorListener((version, type, code, mtu, lh, ll, lp, rh, rl, rp, seq, nowNs) ->
            icmpErrors.add(version + " " + type + "/" + code + " mtu " + mtu + " " +
                IpAddress.toString(lh, ll) + " " + lp + " " +
                IpAddress.toString(rh, rl) + " " + rp + " seq " + seq));
    }

    boolean accept(final byte[] bytes)
    {
        return input.accept(TestPackets.packet(bytes), 0);
    }

    Packet accepted(final byte[] bytes)
    {
        final Packet packet = TestPackets.packet(bytes);
        return input.accept(packet, 0) ? packet : null;
    }

    long count(final IpCounter counter)
    {
        return counters.get(counter);
    }

    byte[] lastSent()
    {
        return link.sent.get(link.sent.size() - 1);
    }
}
