package dev.baton.stack;

import dev.baton.stack.tcp.congestion.CongestionControls;
import dev.baton.stack.wire.IpAddress;

import java.util.HashSet;
import java.util.Set;

/** Validation of a {@link StackContext}: one clear message for the first value that cannot work. */
final class StackContextCheck
{
    private static final int MIN_BUFFER_BYTES = 4096;
    private static final int MAX_BUFFER_BYTES = 1 << 29;
    private static final long HALF_A_SECOND_NS = 500_000_000L;

    private StackContextCheck()
    {
    }

    static void check(final StackContext context)
    {
        addresses(context);
        sizes(context);
        times(context);
        counts(context);
        if (!CongestionControls.names().contains(context.congestionControl()))
        {
            throw new IllegalStateException("congestionControl '" + context.congestionControl() +
                "' is not known; take one of " + CongestionControls.names());
        }
    }

    private static void addresses(final StackContext context)
    {
        final Set<IpAddress> seen = new HashSet<>();
        for (final IpAddress address : context.addresses())
        {
            if (address.equals(IpAddress.ANY) || isMulticast(address))
            {
                throw new IllegalStateException("address " + address + " is not a unicast address; take one that is");
            }
            if (!seen.add(address))
            {
                throw new IllegalStateException("address " + address + " was added twice; add it once");
            }
        }
    }

    private static boolean isMulticast(final IpAddress address)
    {
        return address.isV4() ? ((int)address.lo() >>> 28) >= 0xE : address.hi() >>> 56 == 0xFF;
    }

    private static void sizes(final StackContext context)
    {
        range("sendBufferBytes", context.sendBufferBytes(), MIN_BUFFER_BYTES, MAX_BUFFER_BYTES);
        range("receiveBufferBytes", context.receiveBufferBytes(), MIN_BUFFER_BYTES, MAX_BUFFER_BYTES);
        range("initialSendBufferBytes", context.initialSendBufferBytes(), MIN_BUFFER_BYTES, context.sendBufferBytes());
        range("initialReceiveBufferBytes", context.initialReceiveBufferBytes(), MIN_BUFFER_BYTES,
            context.receiveBufferBytes());
        range("wmemMaxBytes", context.wmemMaxBytes(), MIN_BUFFER_BYTES, MAX_BUFFER_BYTES);
        range("rmemMaxBytes", context.rmemMaxBytes(), MIN_BUFFER_BYTES, MAX_BUFFER_BYTES);
        range("notSentLowatBytes", context.notSentLowatBytes(), 1, 0xFFFF_FFFFL);
        range("poolBytes", context.poolBytes(),
            2L * Math.max(context.sendBufferBytes(), context.receiveBufferBytes()), 1L << 40);
        if (context.maxSegmentBytes() != 0)
        {
            range("maxSegmentBytes", context.maxSegmentBytes(), 88, 65_495);
        }
    }

    private static void times(final StackContext context)
    {
        range("minRtoNs", context.minRtoNs(), 1_000_000, context.maxRtoNs());
        range("initialRtoNs", context.initialRtoNs(), context.minRtoNs(), context.maxRtoNs());
        range("maxRtoNs", context.maxRtoNs(), 1_000_000, 1L << 50);
        range("delayedAckNs", context.delayedAckNs(), 1, HALF_A_SECOND_NS - 1);
        range("userTimeoutNs", context.userTimeoutNs(), 0, 1L << 55);
        range("receiveBufferLowRttNs", context.receiveBufferLowRttNs(), 0, 1L << 40);
        range("userTimeoutLowestNs", context.userTimeoutLowestNs(), 1, context.userTimeoutHighestNs());
        range("userTimeoutHighestNs", context.userTimeoutHighestNs(), 1, 1L << 50);
        range("keepAliveIdleNs", context.keepAliveIdleNs(), 1, 1L << 55);
        range("keepAliveIntervalNs", context.keepAliveIntervalNs(), 1, 1L << 55);
        range("timeWaitNs", context.timeWaitNs(), 1, 1L << 55);
        range("finWait2Ns", context.finWait2Ns(), 1, 1L << 55);
    }

    private static void counts(final StackContext context)
    {
        range("shard", context.shard(), 0, 0xFFFF);
        range("maxConnections", context.maxConnections(), 1, 1 << 24);
        range("synBacklog", context.synBacklog(), 1, 1 << 20);
        range("maxTimeWait", context.maxTimeWait(), 1, 1 << 24);
        range("retries1", context.retries1(), 1, 255);
        range("retries2", context.retries2(), 1, 255);
        range("synRetries", context.synRetries(), 0, 127);
        range("synAckRetries", context.synAckRetries(), 0, 127);
        range("keepAliveProbes", context.keepAliveProbes(), 1, 127);
        range("pacingSlowStartRatio", context.pacingSlowStartRatio(), 1, 1000);
        range("pacingAvoidanceRatio", context.pacingAvoidanceRatio(), 1, 1000);
        range("minTsoSegments", context.minTsoSegments(), 1, 44);
        range("initialWindowSegments", context.initialWindowSegments(), 1, 1000);
        range("ecn", context.ecn(), 0, 5);
        range("ecnOption", context.ecnOption(), 0, 3);
        range("ecnOptionBeacons", context.ecnOptionBeacons(), 1, 63);
        range("challengeAcksPerSecond", context.challengeAcksPerSecond(), 2, 1 << 30);
        range("lowestLocalPort", context.lowestLocalPort(), 1, context.highestLocalPort());
        range("highestLocalPort", context.highestLocalPort(), 1, 65_535);
        range("ttl", context.ttl(), 1, 255);
        range("maxUdpSockets", context.maxUdpSockets(), 0, 1 << 20);
        range("datagramBufferBytes", context.datagramBufferBytes(), 1024, 1 << 28);
        range("maxQueuedDatagrams", context.maxQueuedDatagrams(), 1, 65_534);
        range("batchPackets", context.batchPackets(), 1, 1 << 16);
        range("batchBytes", context.batchBytes(), 1, 1 << 30);
        range("maxSegmentsOutPerPoll", context.maxSegmentsOutPerPoll(), 1, 1 << 16);
        range("maxModuleFaults", context.maxModuleFaults(), 1, 1 << 20);
    }

    private static void range(final String name, final long value, final long low, final long high)
    {
        if (value < low || value > high)
        {
            throw new IllegalStateException(name + " is " + value + "; it must be from " + low + " to " + high);
        }
    }
}
