package dev.baton.tools.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was measured, for two rows in the same rounds. Not thread safe. */
final class Samples
{
    private final Map<LoadKind, List<Double>> baton = new EnumMap<>(LoadKind.class);
    private final Map<LoadKind, List<Double>> kernel = new EnumMap<>(LoadKind.class);

    void addBaton(final LoadKind kind, final double value)
    {
        baton.computeIfAbsent(kind, key -> new ArrayList<>()).add(value);
    }

    void addKernel(final LoadKind kind, final double value)
    {
        kernel.computeIfAbsent(kind, key -> new ArrayList<>()).add(value);
    }

    double batonMedian(final LoadKind kind)
    {
        return median(baton.get(kind));
    }

    double kernelMedian(final LoadKind kind)
    {
        return median(kernel.get(kind));
    }

    /** The median of the rounds' own ratios, Baton to kernel: what disturbs one round disturbs both of it. */
    double ratio(final LoadKind kind)
    {
        final List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < baton.get(kind).size(); i++)
        {
            ratios.add(baton.get(kind).get(i) / kernel.get(kind).get(i));
        }
        return median(ratios);
    }

    /** One entry of the document. */
    Map<String, Object> describe(final LoadKind kind)
    {
        final Map<String, Object> baseline = new TreeMap<>();
        baseline.put("name", "kernel");
        baseline.put("p50", kernelMedian(kind));
        final Map<String, Object> entry = new TreeMap<>();
        entry.put("name", kind.title());
        entry.put("unit", kind.unit());
        entry.put("p50", batonMedian(kind));
        entry.put("n", baton.get(kind).size());
        entry.put("samples", baton.get(kind));
        entry.put("baseline", baseline);
        entry.put("ratio", ratio(kind));
        return entry;
    }

    private static double median(final List<Double> values)
    {
        final double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
