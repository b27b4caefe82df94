package dev.baton.tun;

import jnr.constants.platform.Errno;
import jnr.constants.platform.SocketLevel;
import jnr.posix.CmsgHdr;
import jnr.posix.MsgHdr;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.util.DefaultPOSIXHandler;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Passes open descriptors between processes over a Unix socket (SCM_RIGHTS, unix(7)): a privileged process opens a TUN device, an
 * unprivileged one gets it and calls {@link TunDevice#adopt(int, boolean, int)}. One descriptor a message, with one byte of data.
 * <p>
 * Off every packet path: blocks as the socket does, and allocates. Thread safe.
 */
public final class Descriptors
{
    private static final int SCM_RIGHTS = 1;
    private static final byte MARK = 'F';

    private Descriptors()
    {
    }

    /**
     * Send a descriptor. The receiver gets a copy; the sender keeps its own.
     *
     * @param socketFd a connected Unix socket.
     * @param fd       to send.
     * @throws TunException when the socket does not take it.
     */
    public static void send(final int socketFd, final int fd) throws TunException
    {
        Native.load();
        final MsgHdr message = Holder.POSIX_CALLS.allocateMsgHdr();
        final ByteBuffer data = ByteBuffer.allocateDirect(1);
        data.put(0, MARK);
        message.setIov(new ByteBuffer[]{ data });
        final CmsgHdr control = message.allocateControl(Integer.BYTES);
        control.setLevel(SocketLevel.SOL_SOCKET.intValue());
        control.setType(SCM_RIGHTS);
        final ByteBuffer right = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
        right.putInt(0, fd);
        control.setData(right);
        if (Holder.POSIX_CALLS.sendmsg(socketFd, message, 0) < 0)
        {
            throw failure("sendmsg", socketFd, "descriptor " + fd + " could not be passed");
        }
    }

    /**
     * Receive a descriptor.
     *
     * @param socketFd a connected Unix socket.
     * @return the descriptor, now the caller's to close.
     * @throws TunException when the socket fails or has ended, or the message carries no descriptor.
     */
    public static int receive(final int socketFd) throws TunException
    {
        Native.load();
        final MsgHdr message = Holder.POSIX_CALLS.allocateMsgHdr();
        message.setIov(new ByteBuffer[]{ ByteBuffer.allocateDirect(1) });
        message.allocateControl(Integer.BYTES);
        if (Holder.POSIX_CALLS.recvmsg(socketFd, message, 0) < 0)
        {
            throw failure("recvmsg", socketFd, "no descriptor could be received");
        }
        final CmsgHdr[] controls = message.getControlLen() == 0 ? new CmsgHdr[0] : message.getControls();
        if (controls.length == 0 || controls[0].getType() != SCM_RIGHTS)
        {
            throw new TunException("recvmsg", "descriptor " + socketFd, 0,
                "the peer closed the socket, or sent a message without a descriptor", "have the peer send a descriptor");
        }
        return controls[0].getData().order(ByteOrder.nativeOrder()).getInt(0);
    }

    private static TunException failure(final String call, final int socketFd, final String why)
    {
        return new TunException(call, "descriptor " + socketFd, Holder.POSIX_CALLS.errno(), why,
            "pass a connected Unix socket and an open descriptor");
    }

    /** Loaded on first use: jnr-posix doubles the time that native start-up takes. */
    private static final class Holder
    {
        private static final POSIX POSIX_CALLS = POSIXFactory.getPOSIX(new QuietHandler(), true);
    }

    /** The usual one throws unchecked exceptions; here the result and errno tell. */
    private static final class QuietHandler extends DefaultPOSIXHandler
    {
        @Override
        public void error(final Errno error, final String extraData)
        {
        }

        @Override
        public void error(final Errno error, final String methodName, final String extraData)
        {
        }
    }
}
