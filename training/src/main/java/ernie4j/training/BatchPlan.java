package ernie4j.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Which examples make up every optimizer step. All of it follows from the options, the seed and the
 * lengths of the examples, so a resumed training continues with the right ones.
 */
final class BatchPlan {
  private final int examples;
  private final TrainingOptions options;
  private final ExampleOrder order;

  /** The tokens of every example; empty if batches have no limit of tokens. */
  private final int[] lengths;

  /** The first step of every epoch, and the step behind the last epoch. */
  private final long[] starts;

  private int boundedEpoch = -1;
  private int[] bounds = {};

  /**
   * A plan for the given options.
   *
   * @param tokens the tokens of an example; asked for only if batches have a limit of tokens
   */
  BatchPlan(int examples, IntUnaryOperator tokens, TrainingOptions options) {
    this.examples = examples;
    this.options = options;
    this.lengths =
        options.maxTokens() == 0 ? new int[0] : IntStream.range(0, examples).map(tokens).toArray();
    this.order = new ExampleOrder(examples, options.seed());
    List<Long> firsts = new ArrayList<>(List.of(0L));
    for (int epoch = 0; epoch < options.epochs(); epoch++) {
      long start = firsts.get(epoch);
      if (start >= options.maxSteps()) {
        break;
      }
      firsts.add(start + stepsOf(epoch));
    }
    starts = firsts.stream().mapToLong(Long::longValue).toArray();
  }

  private long stepsOf(int epoch) {
    long batches =
        options.maxTokens() == 0
            ? (examples + options.batchSize() - 1L) / options.batchSize()
            : bounds(epoch).length - 1;
    return (batches + options.accumulation() - 1) / options.accumulation();
  }

  /** Where the batches of an epoch begin in its order, followed by the number of examples. */
  private int[] bounds(int epoch) {
    if (epoch == boundedEpoch) {
      return bounds;
    }
    int[] shuffled = order.epoch(epoch);
    int[] places = new int[examples + 1];
    int batches = 0;
    int from = 0;
    long sum = 0;
    for (int i = 0; i < examples; i++) {
      int length = options.maxTokens() == 0 ? 0 : lengths[shuffled[i]];
      boolean full = i - from == options.batchSize();
      boolean tooLong = options.maxTokens() > 0 && sum + length > options.maxTokens();
      if (i > from && (full || tooLong)) {
        places[++batches] = i;
        from = i;
        sum = 0;
      }
      sum += length;
    }
    places[++batches] = examples;
    boundedEpoch = epoch;
    bounds = Arrays.copyOf(places, batches + 1);
    return bounds;
  }

  long totalSteps() {
    return Math.min(options.maxSteps(), starts[starts.length - 1]);
  }

  /** The mean over the epochs. */
  double stepsPerEpoch() {
    return (double) starts[starts.length - 1] / (starts.length - 1);
  }

  /** The epoch, counted from 0, that a step belongs to. */
  int epochOf(long step) {
    int place = Arrays.binarySearch(starts, step);
    return Math.min(starts.length - 2, place >= 0 ? place : -place - 2);
  }

  /** How many epochs {@code step} steps make, as a fraction. */
  double epochsDone(long step) {
    if (options.maxTokens() == 0) {
      return step / stepsPerEpoch();
    }
    int epoch = epochOf(step);
    return epoch + (double) (step - starts[epoch]) / (starts[epoch + 1] - starts[epoch]);
  }

  /** The batches of a step: as many as are accumulated, fewer at the end of an epoch. */
  List<int[]> batches(long step) {
    int epoch = epochOf(step);
    int[] places = bounds(epoch);
    int first = Math.toIntExact((step - starts[epoch]) * options.accumulation());
    int[] shuffled = order.epoch(epoch);
    List<int[]> batches = new ArrayList<>();
    for (int b = first; b < Math.min(places.length - 1, first + options.accumulation()); b++) {
      batches.add(Arrays.copyOfRange(shuffled, places[b], places[b + 1]));
    }
    return batches;
  }
}
