package dev.baton.tools.node;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a node can be asked over its socket: a line here for each. */
final class AdminCommands
{
    /** {@link StatusReport}. */
    static final String STATUS = "status";
    /** {@link ConnectionReport}. */
    static final String CONN_LS = "conn.ls";
    /** {@link ModuleAdmin#list}. */
    static final String MODULE_LS = "module.ls";
    /** {@link ModuleAdmin#load}. */
    static final String MODULE_LOAD = "module.load";
    /** {@link ModuleAdmin#unload}. */
    static final String MODULE_UNLOAD = "module.unload";
    /** {@link ModuleAdmin#replace}. */
    static final String MODULE_REPLACE = "module.replace";

    private AdminCommands()
    {
    }

    /**
     * The commands of a node.
     *
     * @param node to be asked.
     * @return by name, sorted.
     */
    static Map<String, AdminCommand> of(final Node node)
    {
        final ModuleAdmin modules = new ModuleAdmin(node);
        final Map<String, AdminCommand> commands = new TreeMap<>();
        commands.put(STATUS, (request) -> (nowNs) -> StatusReport.of(node));
        commands.put(CONN_LS, (request) -> (nowNs) -> connections(node, nowNs));
        commands.put(MODULE_LS, modules::list);
        commands.put(MODULE_LOAD, modules::load);
        commands.put(MODULE_UNLOAD, modules::unload);
        commands.put(MODULE_REPLACE, modules::replace);
        return commands;
    }

    private static Map<String, Object> connections(final Node node, final long nowNs)
    {
        final List<Map<String, Object>> connections = ConnectionReport.of(node.stack(), node.config().name(), nowNs);
        final List<Map<String, Object>> modules = node.modules().report(true, nowNs);
        final Map<String, Object> answer = new TreeMap<>();
        answer.put("node", node.config().name());
        answer.put("entries", ModuleEntries.join(connections, modules));
        answer.put("connections", connections);
        answer.put("listeners", node.services().listenerReport());
        answer.put("modules", modules);
        return answer;
    }
}
