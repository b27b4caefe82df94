package dev.baton.tools.drill.run;

import dev.baton.stack.StackContext;
import dev.baton.stack.socket.SocketConstants;
import dev.baton.tools.drill.script.Action;
import dev.baton.tools.drill.script.PacketSpec;
import dev.baton.tools.drill.script.Script;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.List;

/**
 * One run of a script. Commands at its head set the stack up; then events happen in their order: packets are
 * injected, calls made,
 * packets awaited, each followed by all that the stack has to do at that time. At most one call is blocked at a time;
 * it is made again
 * whenever the stack has moved.
 */
final class ScriptRun
{
    private static final long LONGEST_BLOCK_US = 2_000_000;
    private static final int INFO_BYTES = 512;

    private final Script script;
    private final Mode mode;
    private final DrillOptions options;
    private final Ends ends;
    private final Flows flows;
    private final Descriptors descriptors = new Descriptors();
    private final ScriptClock clock;
    private final Expectation expectation;
    private final PacketBuilder builder;
    private final StackContext context;
    private final ShellCommands shell;
    private final Trace trace;
    private StackTarget target;
    private Calls calls;
    private ReadyCalls ready;
    private Blocked blocked;
    private Script.Event event;

    /** A call that waits. */
    private static final class Blocked
    {
        private final Script.Event event;
        private final Action.Call call;
        private final Attempt attempt;
        private final long startUs;
        private final long endUs;
        private long result = Attempt.BLOCKS;
        private long returnedUs;

        private Blocked(
            final Script.Event event, final Action.Call call, final Attempt attempt, final long startUs, final long endUs)
        {
            this.event = event;
            this.call = call;
            this.attempt = attempt;
            this.startUs = startUs;
            this.endUs = endUs;
        }
    }

    ScriptRun(
        final Script script,
        final Mode mode,
        final Profile profile,
        final DrillOptions options,
        final boolean allowShell,
        final Trace trace)
    {
        this.script = script;
        this.mode = mode;
        this.options = options;
        this.trace = trace;
        ends = Ends.of(mode, options);
        flows = new Flows(ends);
        clock = new ScriptClock(options);
        builder = new PacketBuilder(ends, options.isSet("tcp_ts_ecr_scaled"));
        expectation = new Expectation(this, new PacketMatcher(ends, profile, options), options, profile);
        context = ProfileSettings.context(profile, ends.local());
        shell = new ShellCommands(context, allowShell, script.name());
    }

    /** Run it to its end; a {@link ScriptFailure} or {@link UnsupportedScript} ends it early. */
    void run(final boolean surplusFails)
    {
        if (script.init() != null)
        {
            shell.run(script.init(), true);
        }
        for (final Script.Event next : script.events())
        {
            event = next;
            happen();
        }
        finishBlocked(true);
        final List<WirePacket> surplus = flows.surplus();
        if (surplusFails && !surplus.isEmpty())
        {
            final WirePacket first = surplus.get(0);
            throw new ScriptFailure("the script ends, but the stack has sent more: " + surplus.size() + " packets", "nothing",
                ScriptClock.seconds(first.us()) + " > " + PacketText.packet(first, flows.ownerOf(first)));
        }
    }

    /** The event that happens now; null before the first. */
    Script.Event event()
    {
        return event;
    }


    private void happen()
    {
        if (event.action() instanceof Action.Shell command)
        {
            clock.next(event, target == null ? 0 : target.nowUs());
            waitUntil(clock.fromUs());
            final long sleepUs = shell.run(command.command(), target == null);
            waitUntil(clock.fromUs() + sleepUs);
            return;
        }
        start();
        clock.next(event, target.nowUs());
        if (event.action() instanceof PacketSpec packet)
        {
            onPacket(packet);
            return;
        }
        waitUntil(clock.fromUs());
        if (event.action() instanceof Action.Call call)
        {
            begin(call);
        }
        else
        {
            new CodeBlock(this::info).run(((Action.Code)event.action()).text());
        }
    }

    private void start()
    {
        if (target == null)
        {
            final int mtu = (int)options.number("mtu", 1500) + mode.mtu() - Mode.IPV4.mtu();
            target = new StackTarget(context, mtu, this::onSent, this::onReady);
            final CallContext callContext =
                new CallContext(target.sockets(), mode, ends, flows, descriptors, options, target::nowUs);
            ready = new ReadyCalls(callContext);
            calls = new Calls(callContext, ready);
        }
    }

    private void onReady(final int fd)
    {
        if (ready != null)
        {
            ready.onReady(fd);
        }
    }

    private void onSent(final byte[] packet, final long us)
    {
        trace.packet(packet, us, false, "");
        flows.onSent(new WirePacket(packet, us));
    }

    private void onPacket(final PacketSpec packet)
    {
        if (packet.outbound())
        {
            expectation.await(event, packet, clock, flows);
            return;
        }
        waitUntil(clock.fromUs());
        final Flow flow = flows.of(packet);
        Flows.onInject(packet, flow);
        final byte[] bytes = builder.build(packet, flow);
        trace.packet(bytes, target.nowUs(), true, event.at().toString());
        target.inject(bytes);
        retry();
    }

    private void begin(final Action.Call call)
    {
        finishBlocked(false);
        final Attempt attempt = calls.of(call);
        final long startUs = target.nowUs();
        final long endUs = call.end() == null ? ScriptClock.ANY : clock.endUs(call.end());
        blocked = new Blocked(event, call, attempt, startUs, endUs);
        retry();
        target.settle();
        if (call.end() == null || blocked.result != Attempt.BLOCKS)
        {
            finishBlocked(true);
        }
    }

    /** Make the call that waits again. */
    private void retry()
    {
        if (blocked != null && blocked.result == Attempt.BLOCKS)
        {
            blocked.result = blocked.attempt.run();
            blocked.returnedUs = target.nowUs();
            target.settle();
        }
    }

    /** A call that waits must return before the next one is made. */
    private void finishBlocked(final boolean now)
    {
        if (blocked == null)
        {
            return;
        }
        event = now ? event : blocked.event;
        final Blocked ending = blocked;
        final long untilUs = Math.max(ending.startUs, ending.endUs) + LONGEST_BLOCK_US;
        while (ending.result == Attempt.BLOCKS && step(untilUs))
        {
            continue;
        }
        event = ending.event;
        if (ending.result == Attempt.BLOCKS)
        {
            throw new ScriptFailure(ending.call.name() + " does not return", ending.event.text(), null);
        }
        blocked = null;
        calls.ended(ending.call, ending.attempt, ending.result);
        final long dueUs = ending.endUs == ScriptClock.ANY ? ending.startUs : ending.endUs;
        final String time = clock.difference(ending.returnedUs, dueUs, dueUs, ending.startUs);
        if (time != null)
        {
            throw new ScriptFailure(ending.call.name() + " has returned at another " + time, ending.event.text(), null);
        }
    }

    /** Time of the run. */
    long nowUs()
    {
        return target.nowUs();
    }

    /** Let time pass to what the stack does next. False when a time has come. */
    boolean step(final long untilUs)
    {
        final boolean waits = blocked != null && blocked.result == Attempt.BLOCKS;
        final long wakeUs = waits ? Math.max(nowUs() + 1, blocked.attempt.givesUpAtUs()) : Long.MAX_VALUE;
        final boolean moved = target.step(Math.min(untilUs, wakeUs));
        if (moved)
        {
            retry();
        }
        return moved;
    }

    private void waitUntil(final long us)
    {
        if (target == null && us > 0)
        {
            start();
        }
        while (target != null && step(us))
        {
            continue;
        }
    }

    private byte[] info()
    {
        final Flow flow = flows.underTest();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[INFO_BYTES]);
        final int length = flow == null || flow.fd() < 0 ? -1 : target.sockets().getsockopt(
            flow.fd(), SocketConstants.IPPROTO_TCP, SocketConstants.TCP_INFO, buffer, 0, INFO_BYTES);
        if (length < 0)
        {
            throw new ScriptFailure("there is no open socket under test to look at; has it been accepted?");
        }
        final byte[] info = new byte[length];
        buffer.getBytes(0, info);
        return info;
    }
}
