package dev.baton.stack.tcp.congestion;

/**
 * The equations of RFC 9438, sections 4.2 to 4.7, in double precision, segments and seconds: what {@link Cubic} is
 * measured against.
 */
final class CubicReference
{
    private static final double C = 0.4;
    private static final double BETA = 0.7;
    private static final double ALPHA = 3 * (1 - BETA) / (1 + BETA);

    double cwnd;
    double wMax;
    double cwndPrior;
    double k;
    double wEst;
    double t;

    void loss(final double flight)
    {
        wMax = cwnd < wMax ? cwnd * (1 + BETA) / 2 : cwnd;
        cwndPrior = cwnd;
        cwnd = Math.max(flight * BETA, 2);
    }

    void beginEpoch()
    {
        wMax = Math.max(wMax, cwnd);
        k = Math.cbrt((wMax - cwnd) / C);
        wEst = cwnd;
        t = 0;
    }

    void ack(final double segments, final double afterSeconds, final double rttSeconds)
    {
        t += afterSeconds;
        wEst += (wEst >= cwndPrior ? 1 : ALPHA) * segments / cwnd;
        if (wCubic(t) < wEst)
        {
            cwnd = Math.max(cwnd, wEst);
        }
        else
        {
            final double target = Math.min(Math.max(wCubic(t + rttSeconds), cwnd), 1.5 * cwnd);
            cwnd += (target - cwnd) / cwnd * segments;
        }
    }

    double wCubic(final double atSeconds)
    {
        return C * Math.pow(atSeconds - k, 3) + wMax;
    }
}
