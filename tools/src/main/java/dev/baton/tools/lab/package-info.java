/**
 * The lab: a client, a front and some backs, each in a network namespace with a TUN device, joined by a router, with a management
 * network beside it. {@link dev.baton.tools.lab.LabConfig} says what is wanted, {@link dev.baton.tools.lab.LabPlan} turns that
 * into commands of ip(8) and sysctl(8), {@link dev.baton.tools.lab.Lab} runs them and takes all away again.
 */
package dev.baton.tools.lab;
