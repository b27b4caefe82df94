package dev.baton.tools.demo;

import dev.baton.stack.wire.IpAddress;
import java.util.Map;
import java.util.TreeMap;

/**
 * One request of the client and what came back.
 *
 * @param call          number of the {@code curl} process that made it; requests of one process share a connection.
 * @param url           asked for.
 * @param path          of the URL.
 * @param head          was it HEAD?
 * @param beganNs       when {@code curl} was started, since 1970.
 * @param endedNs       when {@code curl} had ended, since 1970.
 * @param client        the client's address.
 * @param clientPort    the client's port.
 * @param opened        did this request open the connection?
 * @param status        HTTP status; 0 when there was no response.
 * @param bytes         of the body.
 * @param sha256        of the body; empty for HEAD.
 * @param file          SHA-256 of the file that was asked for.
 * @param server        the node that answered, by its {@code Server} header; empty when there was none.
 * @param expected      the node that should have answered.
 * @param policyApplied was the handoff module there to choose?
 * @param fault         what {@code curl} complained of; empty when nothing.
 */
record Fetch(
    int call,
    String url,
    String path,
    boolean head,
    long beganNs,
    long endedNs,
    IpAddress client,
    int clientPort,
    boolean opened,
    int status,
    long bytes,
    String sha256,
    String file,
    String server,
    String expected,
    boolean policyApplied,
    String fault)
{
    /** Did the client get what it asked for? */
    boolean isOk()
    {
        return fault.isEmpty() && status == 200 && (head ? bytes == 0 : sha256.equals(file));
    }

    Map<String, Object> document()
    {
        final Map<String, Object> members = new TreeMap<>();
        members.put("url", url);
        members.put("method", head ? "HEAD" : "GET");
        members.put("bytes", bytes);
        members.put("curl", sha256);
        members.put("file", file);
        members.put("ok", isOk());
        members.put("server", server);
        members.put("status", status);
        return members;
    }

    @Override
    public String toString()
    {
        return (head ? "HEAD " : "GET ") + url;
    }
}
