package ernie4j.cli.compress;

import ernie4j.cli.task.CommandTask;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures the time of a model from text to answer, one example at a time, as in a small service.
 */
final class PredictionLatency<E> {
  /** The kernels need a few seconds to be compiled, once per process. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final CommandTask<E> task;
  private final List<E> examples;
  private final long nanos;

  /**
   * A measurement on the examples that the task selects.
   *
   * @param seconds how long to measure, after a warm-up twice as long
   */
  PredictionLatency(CommandTask<E> task, List<E> dev, double seconds) {
    this.task = task;
    examples = task.timed(dev);
    nanos = (long) (seconds * 1e9);
  }

  /** The median time of an answer in milliseconds, once the kernels are compiled. */
  double milliseconds(Model model) {
    Consumer<E> answering = task.answering(model);
    Kernels.best().awaitHandOver(LIMIT);
    run(answering, 2 * nanos);
    double[] times = run(answering, nanos);
    Arrays.sort(times);
    return times[times.length / 2];
  }

  private double[] run(Consumer<E> answering, long limit) {
    List<Double> times = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; System.nanoTime() - start < limit || times.isEmpty(); i++) {
      long before = System.nanoTime();
      answering.accept(examples.get(i % examples.size()));
      times.add((System.nanoTime() - before) / 1e6);
    }
    return times.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
