package dev.baton.stack.state;

import dev.baton.stack.HandshakeOptions;
import dev.baton.stack.IpSettings;
import dev.baton.stack.NetStack;
import dev.baton.stack.StackContext;

import java.util.List;

/**
 * The settings on which the meaning of an image of a whole shard depends: a cookie that is out is completed by what they
 * say, counts and deadlines are measured by them. Limits of tables are not among them; there it counts whether what the
 * image holds has room.
 */
final class ShardSettings
{
    /** One of them. */
    record Setting(String name, long value)
    {
        static Setting of(final String name, final boolean value)
        {
            return new Setting(name, value ? 1 : 0);
        }
    }

    private ShardSettings()
    {
    }

    /** Those of a shard, in an order that never changes within a schema version. */
    static List<Setting> of(final NetStack stack)
    {
        final StackContext context = stack.context();
        final HandshakeOptions handshake = context.handshake();
        final IpSettings ip = context.ip();
        return List.of(
            new Setting("mtu", stack.tcp().transfers().mtu()),
            new Setting("receiveBufferBytes", context.receiveBufferBytes()),
            new Setting("maxSegmentBytes", context.maxSegmentBytes()),
            Setting.of("windowScale", context.windowScale()),
            Setting.of("timestamps", context.timestamps()),
            Setting.of("sack", context.sack()),
            new Setting("synAckRetries", context.synAckRetries()),
            new Setting("timeWaitNs", context.timeWaitNs()),
            new Setting("challengeAcksPerSecond", context.challengeAcksPerSecond()),
            new Setting("lowestLocalPort", context.lowestLocalPort()),
            new Setting("highestLocalPort", context.highestLocalPort()),
            new Setting("synCookies", handshake.synCookies()),
            new Setting("fastOpenKeyNs", handshake.fastOpenKeyNs()),
            new Setting("fastOpenBlackholeNs", handshake.fastOpenBlackholeNs()),
            new Setting("icmpMessagesPerSecond", ip.icmpMessagesPerSecond()),
            new Setting("icmpMessagesBurst", ip.icmpMessagesBurst()),
            new Setting("icmpRateLimitNs", ip.icmpRateLimitNs()),
            new Setting("pathMtuExpiresNs", ip.pathMtuExpiresNs()));
    }

    /** An image has a setting where this shard has another one: is it the same? */
    static void check(final Setting image, final Setting here)
    {
        if (!image.name().equals(here.name()))
        {
            throw new StateException("Setting.name", "'" + image.name() + "'", "in this place stands " + here.name());
        }
        Rules.require(image.value() == here.value(), image.name(), image.value(), "this shard has " + here.value() +
            "; configure it with the image's value");
    }
}
