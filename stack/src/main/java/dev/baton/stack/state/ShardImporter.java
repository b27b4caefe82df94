package dev.baton.stack.state;

import dev.baton.stack.NetStack;
import dev.baton.stack.service.TcpConnection;
import dev.baton.stack.service.TcpService;
import dev.baton.stack.service.UdpService;
import dev.baton.stack.service.UdpSocket;
import dev.baton.stack.state.codec.AddressDecoder;
import dev.baton.stack.state.codec.ListenerDecoder;
import dev.baton.stack.state.codec.MessageHeaderDecoder;
import dev.baton.stack.state.codec.ShardStateDecoder;
import dev.baton.stack.state.codec.UdpSocketDecoder;
import dev.baton.stack.tcp.Listener;
import dev.baton.stack.tcp.Transfers;
import dev.baton.stack.wire.IpAddress;
import org.agrona.DirectBuffer;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Brings a whole shard into an empty one, or nothing of it, in three steps: every record is verified, by itself, with
 * the others and against the shard; what takes room in the shard is built, and goes again when one of them has none;
 * all is let act, which cannot fail any more. Used once.
 */
final class ShardImporter
{
    private final NetStack stack;
    private final Transfers transfers;
    private final DirectBuffer buffer;
    private final long nowNs;
    private final long elapsedNs;
    private final ShardServices services;
    private final Admission admission;
    private final List<ShardSettings.Setting> settings;
    private final ListenerCodec listeners = new ListenerCodec();
    private final ShardStateCodec state = new ShardStateCodec();
    private final RouteCodec routes = new RouteCodec();
    private final PathMtuCodec pathMtus = new PathMtuCodec();
    private final LimiterCodec limits = new LimiterCodec();
    private final PeerMetricsCodec peers = new PeerMetricsCodec();
    private final ReassemblyCodec fragments = new ReassemblyCodec();
    private final UdpCodec udp = new UdpCodec();
    private final QueueOrders orders = new QueueOrders();
    private final ShardCounters counters = new ShardCounters();
    private final SortedMap<Integer, Listener> announced = new TreeMap<>();
    private final List<Place> places = new ArrayList<>();
    private final List<UdpService> udpServices = new ArrayList<>();
    private final int[] counts = new int[ShardKind.values().length];
    private long nextId;
    private long nextUdpId;
    private long lastUdpId;

    /** Where a record stands that has been verified. */
    private record Place(ShardKind kind, int at, int length)
    {
    }

    ShardImporter(
        final NetStack stack,
        final DirectBuffer buffer,
        final long nowNs,
        final long elapsedNs,
        final ShardServices services)
    {
        this.stack = stack;
        this.transfers = stack.tcp().transfers();
        this.buffer = buffer;
        this.nowNs = nowNs;
        this.elapsedNs = elapsedNs;
        this.services = services;
        this.admission = new Admission(stack, buffer, nowNs, elapsedNs);
        this.settings = ShardSettings.of(stack);
    }

    /** Import an image; returns the connections that have a service, in order of id. */
    List<TcpConnection> run(final int offset, final int length)
    {
        checkEmpty();
        transfers.beginShard();
        try
        {
            new ShardFrame().read(buffer, offset, length, this::verify);
            verifyTogether();
            admission.build();
            openSockets();
            return admit();
        }
        finally
        {
            transfers.endShard();
        }
    }

    private void checkEmpty()
    {
        empty("connections", stack.connectionCount());
        empty("listeners", transfers.listenerCount());
        empty("UDP sockets", stack.udp().socketCount());
        empty("fragments", stack.reassembler().waiting().size());
        empty("ids that were given away", transfers.nextId() - 1 + stack.udp().nextId() - 1);
    }

    private static void empty(final String what, final long count)
    {
        Rules.require(count == 0, what, count, "a whole shard goes only into one that has never had any; make a fresh one");
    }

    private void verify(final ShardKind kind, final int at, final int length)
    {
        final int index = counts[kind.ordinal()];
        counts[kind.ordinal()]++;
        places.add(new Place(kind, at, length));
        switch (kind)
        {
            case SETTING:
                Rules.require(index < settings.size(), "settings", index, "this program knows " + settings.size());
                ShardSettings.check(new NamedValues().setting(buffer, at, length), settings.get(index));
                break;
            case ADDRESS:
                verifyAddress(index, at, length);
                break;
            case STATE:
                verifyState(at, length);
                break;
            case LISTENER:
                verifyListener(at, length);
                break;
            case CONNECTION, HALF_OPEN, TIME_WAIT:
                verifyConnection(kind, at, length);
                break;
            case UDP_SOCKET:
                verifySocket(at, length);
                break;
            default:
                verifyRest(kind, at, length);
                break;
        }
    }

    private void verifyRest(final ShardKind kind, final int at, final int length)
    {
        switch (kind)
        {
            case ROUTES -> routes.check(buffer, at, length, stack.paths().routes());
            case PATH_MTUS -> room("path MTUs", pathMtus.check(buffer, at, length),
                stack.context().ip().maxPathMtus(), "maxPathMtus");
            case ICMP_LIMITS -> limits.check(buffer, at, length);
            case PEER -> peers.check(buffer, at, length);
            case FRAGMENTS -> fragments.check(
                buffer, at - Integer.BYTES, at + length, stack.reassembler().maxFragments());
            case QUEUE_ORDER -> orders.check(buffer, at, length);
            default -> counters.check(buffer, at, length);
        }
    }

    private void verifyAddress(final int index, final int at, final int length)
    {
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        Headers.checkFixed(header, buffer, at, length, AddressDecoder.TEMPLATE_ID, AddressDecoder.BLOCK_LENGTH);
        final AddressDecoder fields = new AddressDecoder().wrapAndApplyHeader(buffer, at, header);
        final IpAddress address = new IpAddress(fields.hi(), fields.lo());
        final List<IpAddress> here = stack.localAddresses().list();
        final boolean same = index < here.size() && here.get(index).equals(address) &&
            stack.localAddresses().prefixLength(address) == fields.prefixLength();
        if (!same)
        {
            throw new StateException("address " + index, address + "/" + fields.prefixLength(),
                "this shard has " + here + "; give it the image's addresses, with their prefixes and in their order");
        }
    }

    private void verifyState(final int at, final int length)
    {
        final ShardStateDecoder fields = state.check(buffer, at, length);
        nextId = fields.nextId();
        nextUdpId = fields.nextUdpId();
        final int most = 2 * stack.context().challengeAcksPerSecond();
        Rules.range("challengesLeft", fields.challengesLeft(), 0, most);
    }

    private void verifyListener(final int at, final int length)
    {
        final ListenerDecoder fields = listeners.check(buffer, at, length);
        final IpAddress address = new IpAddress(fields.addressHi(), fields.addressLo());
        final int port = fields.port();
        final int place = fields.announced();
        if (!address.equals(IpAddress.ANY) && !stack.localAddresses().contains(address.hi(), address.lo()))
        {
            throw new StateException("listener", address + " port " + port, "the address is none of this shard's");
        }
        final TcpService service = services.listenerFor(address, port);
        if (service == null)
        {
            throw new StateException("listener", address + " port " + port,
                "nobody serves it here; start the service first");
        }
        try
        {
            final Listener listener = transfers.takeListener(
                ListenerCodec.family(fields), address, port, service, fields.backlog());
            listeners.fill(listener, nowNs);
            Rules.require(place == 0 || announced.put(place, listener) == null, "announced", place,
                "another listener has this place");
        }
        catch (final IllegalStateException ex)
        {
            throw new StateException("listener", address + " port " + port, ex.getMessage());
        }
    }

    private void verifyConnection(final ShardKind kind, final int at, final int length)
    {
        final int actual = admission.verify(at, length, services);
        Rules.require(actual == kind.templateId(), "templateId", actual, "the record in this place has " +
            kind.templateId());
    }

    private void verifySocket(final int at, final int length)
    {
        final UdpSocketDecoder fields = udp.check(stack, buffer, at, length);
        final IpAddress address = new IpAddress(fields.localHi(), fields.localLo());
        Rules.require(fields.id() > lastUdpId, "id", fields.id(), "sockets are in order of id, and the one before has " +
            lastUdpId);
        lastUdpId = fields.id();
        final UdpService service = services.socketFor(address, fields.localPort());
        if (service == null)
        {
            throw new StateException("UDP socket", address + " port " + fields.localPort(),
                "nobody uses it here; start the service first");
        }
        udpServices.add(service);
    }

    private void verifyTogether()
    {
        Rules.require(counts[ShardKind.SETTING.ordinal()] == settings.size(), "settings",
            counts[ShardKind.SETTING.ordinal()], "this program compares " + settings.size());
        Rules.require(counts[ShardKind.ADDRESS.ordinal()] == stack.localAddresses().size(), "addresses",
            counts[ShardKind.ADDRESS.ordinal()], "this shard has " + stack.localAddresses().list());
        one(ShardKind.STATE);
        one(ShardKind.ROUTES);
        one(ShardKind.PATH_MTUS);
        one(ShardKind.ICMP_LIMITS);
        room("peers", counts[ShardKind.PEER.ordinal()], stack.context().handshake().maxPeers(), "maxPeers");
        room("fragments", counts[ShardKind.FRAGMENTS.ordinal()],
            stack.context().ip().maxFragmentedDatagrams(), "maxFragmentedDatagrams");
        room("UDP sockets", udpServices.size(), stack.context().maxUdpSockets(), "maxUdpSockets");
        Rules.require(admission.greatestId() < nextId, "nextId", nextId, "a connection has " + admission.greatestId());
        Rules.require(lastUdpId < nextUdpId, "nextUdpId", nextUdpId, "a socket has " + lastUdpId);
    }

    private void one(final ShardKind kind)
    {
        Rules.require(counts[kind.ordinal()] == 1, kind.name(), counts[kind.ordinal()], "there is one of them");
    }

    private static void room(final String what, final int wanted, final int room, final String setting)
    {
        Rules.require(wanted <= room, what, wanted, "this shard has room for " + room + "; make " + setting + " larger");
    }

    /** UDP sockets take ports and memory; when one cannot have them, all that was built goes again. */
    private void openSockets()
    {
        final List<UdpSocket> opened = new ArrayList<>();
        boolean done = false;
        try
        {
            for (final Place place : places)
            {
                if (place.kind() == ShardKind.UDP_SOCKET)
                {
                    opened.add(udp.importSocket(
                        stack, buffer, place.at(), place.length(), udpServices.get(opened.size())));
                }
            }
            done = true;
        }
        finally
        {
            if (!done)
            {
                opened.forEach(UdpSocket::close);
                stack.udp().nextId(1);
                admission.giveBack();
            }
        }
    }

    private List<TcpConnection> admit()
    {
        stack.tcp().handshakes().peers().clear();
        stack.paths().pathMtu().clear();
        stack.icmpLimiter().hosts().clear();
        transfers.admitListeners();
        each(ShardKind.STATE, (place) -> state.read(buffer, place.at(), stack, nowNs, elapsedNs));
        each(ShardKind.ROUTES,
            (place) -> routes.read(buffer, place.at(), place.length(), stack.paths().routes()));
        each(ShardKind.PATH_MTUS,
            (place) -> pathMtus.read(buffer, place.at(), place.length(), nowNs, stack.paths().pathMtu()));
        each(ShardKind.ICMP_LIMITS, (place) -> limits.read(
            buffer, place.at(), place.length(), nowNs, stack.icmpLimiter(), stack.fragmentIds()));
        each(ShardKind.PEER,
            (place) -> peers.read(buffer, place.at(), stack.tcp().handshakes().peers(), nowNs));
        final List<TcpConnection> admitted = admission.admit();
        each(ShardKind.FRAGMENTS, (place) -> fragments.read(
            buffer, place.at() - Integer.BYTES, place.length() + Integer.BYTES, nowNs, stack.reassembler()));
        each(ShardKind.QUEUE_ORDER, (place) -> orders.read(buffer, place.at(), stack));
        stack.tcp().shardAccess().announcements(List.copyOf(announced.values()));
        each(ShardKind.STATE, (place) -> state.readLast(buffer, place.at(), stack, nowNs));
        counters.restore(stack);
        return admitted;
    }

    /** Lets a verified record act. */
    private interface Action
    {
        /** Do so. */
        void run(Place place);
    }

    private void each(final ShardKind kind, final Action action)
    {
        for (final Place place : places)
        {
            if (place.kind() == kind)
            {
                action.run(place);
            }
        }
    }
}
