/**
 * Campaigns: from a seed a random world, traffic, faults and moves of connections, run with every checker after every event.
 * {@link dev.baton.stack.sim.campaign.Campaign} is the way in. Single-threaded; campaigns of different seeds share nothing.
 */
package dev.baton.stack.sim.campaign;
