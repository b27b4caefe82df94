package dev.baton.stack.state;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The reviewed list of fields that no image holds, each with the reason why nothing is lost. A field that is neither
 * here nor in the image fails {@link FieldCoverageTest}.
 */
final class RecomputedFields
{
    static final Map<String, String> REASONS = new LinkedHashMap<>();

    static
    {
        put("Tcb.closeReason", "-1 in everything that can be exported: an ended connection has only its service to tell");
        put("Tcb.handle", "what the user holds; made with the Tcb, and has no state of its own");
        put("Tcb.service", "the importer names it");
        put("Tcb.attachment", "belongs to the service, which moves its own state");
        put("Tcb.heapIndex", "place in the importing shard's timers, which follow from the deadlines");
        put("Tcb.heapKeyNs", "key in the importing shard's timers, which follow from the deadlines");
        put("Tcb.ready", "place in the importing shard's queue of calls, which follows from events");
        put("Tcb.listener", "found by address and port in the importing shard");
        put("Tcb.earlyListener", "found by address and port in the importing shard");
        put("Tcb.acceptNext", "place in the listener's accept queue, which follows from acceptOrder");
        put("Tcb.acceptPrevious", "place in the listener's accept queue, which follows from acceptOrder");
        put("Tcb.tableSlot", "place in the importing shard's table");
        put("Tcb.pathsVersion", "what of the importing shard's paths was seen last");
        put("Tcb.settings", "in a part of its own, of which OptionPartsTest covers every field");
        put("Tcb.urgent", "in a part of its own, of which OptionPartsTest covers every field");
        put("RingStorage.memory", "the importing shard's, and its configuration");
        put("RingStorage.piece", "place in the importing shard's pool");
        put("RingStorage.pieceBytes", "the least piece that holds the bytes and runs");
        put("SentLog.head", "place in the arrays; the runs count");
        put("SentLog.tail", "place in the arrays; the runs count");
        put("Scoreboard.sackedBytes", "sum over the runs");
        put("Scoreboard.lostBytes", "sum over the runs");
        put("Scoreboard.retransmittedBytes", "sum over the runs");
        put("Scoreboard.lostWaitingBytes", "sum over the runs");
        put("Scoreboard.lostFrom", "bound for a search, which follows from the runs");
        put("Scoreboard.resentTo", "bound for a search, which follows from the runs");
        put("Scoreboard.decidedTo", "bound for a search, which follows from the runs");
        put("SentLog.spare", "the importing shard's");
        put("SentLog.rates", "the connection's DeliveryRate");
        put("DeliveryRate.sample", "the shard's one sample of the ACK that is processed");
        put("DeliveryRate.tcb", "whose it is");
        put("DeliveryRate.ackAtNs", "of the ACK that is processed");
        put("DeliveryRate.sendElapsedNs", "of the ACK that is processed");
        put("DeliveryRate.ackElapsedNs", "of the ACK that is processed");
        put("DeliveryRate.newestEnd", "of the ACK that is processed");
    }

    private RecomputedFields()
    {
    }

    private static void put(final String field, final String reason)
    {
        REASONS.put(field, reason);
    }
}
