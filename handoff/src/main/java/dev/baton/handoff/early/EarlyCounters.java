package dev.baton.handoff.early;

/** What the module counts; told by the census under these names. */
final class EarlyCounters
{
    long synObserved;
    long indicationsHeld;
    long stayedByPolicy;
    long stayedByLimit;
    long stayedByTimeout;
    long stayedByReject;
    long stayedByChannel;
    long refusedByPolicy;
    long policyFaults;
    long requestsSent;
    long handoffs;
    long forwardedSegments;
    long absorbedSegments;
    long egressGateDrops;
    long lateAcksRefused;
    long clientsReset;
    long idleExpired;
    long terminationsReceived;
    long requestsReceived;
    long rejectsSent;
    long prepared;
    long activated;
    long cancelled;
    long preparedExpired;
    long orphansEnded;
    long rewrittenSegments;
    long terminationsSent;
    long badFrames;
    long strayResetsDropped;
    long ttlExpired;
    long windowUpdatesWithheld;
    long overtakersDropped;
    long cancelsNotRepeated;

    void appendTo(final StringBuilder json)
    {
        json.append("{\"absorbed_segments\":").append(absorbedSegments)
            .append(",\"activated\":").append(activated)
            .append(",\"bad_frames\":").append(badFrames)
            .append(",\"cancelled\":").append(cancelled)
            .append(",\"cancels_not_repeated\":").append(cancelsNotRepeated)
            .append(",\"clients_reset\":").append(clientsReset)
            .append(",\"egress_gate_drops\":").append(egressGateDrops)
            .append(",\"forwarded_segments\":").append(forwardedSegments)
            .append(",\"handoffs\":").append(handoffs)
            .append(",\"idle_expired\":").append(idleExpired)
            .append(",\"indications_held\":").append(indicationsHeld)
            .append(",\"late_acks_refused\":").append(lateAcksRefused)
            .append(",\"orphans_ended\":").append(orphansEnded)
            .append(",\"overtakers_dropped\":").append(overtakersDropped)
            .append(",\"policy_faults\":").append(policyFaults)
            .append(",\"prepared\":").append(prepared)
            .append(",\"prepared_expired\":").append(preparedExpired)
            .append(",\"refused_by_policy\":").append(refusedByPolicy)
            .append(",\"rejects_sent\":").append(rejectsSent)
            .append(",\"requests_received\":").append(requestsReceived)
            .append(",\"requests_sent\":").append(requestsSent)
            .append(",\"rewritten_segments\":").append(rewrittenSegments)
            .append(",\"stayed_by_channel\":").append(stayedByChannel)
            .append(",\"stayed_by_limit\":").append(stayedByLimit)
            .append(",\"stayed_by_policy\":").append(stayedByPolicy)
            .append(",\"stayed_by_reject\":").append(stayedByReject)
            .append(",\"stayed_by_timeout\":").append(stayedByTimeout)
            .append(",\"stray_resets_dropped\":").append(strayResetsDropped)
            .append(",\"syn_observed\":").append(synObserved)
            .append(",\"terminations_received\":").append(terminationsReceived)
            .append(",\"terminations_sent\":").append(terminationsSent)
            .append(",\"ttl_expired\":").append(ttlExpired)
            .append(",\"window_updates_withheld\":").append(windowUpdatesWithheld)
            .append('}');
    }
}
