package dev.baton.stack.state;

import dev.baton.stack.service.TcpService;
import dev.baton.stack.tcp.Tcb;

/** A record of an image that has been verified and waits to be admitted with the others. */
final class PendingRecord
{
    final int templateId;
    final int offset;
    final int length;
    final TcpService service;
    Tcb tcb;

    PendingRecord(final int templateId, final int offset, final int length, final TcpService service)
    {
        this.templateId = templateId;
        this.offset = offset;
        this.length = length;
        this.service = service;
    }
}
