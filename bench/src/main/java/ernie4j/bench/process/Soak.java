package ernie4j.bench.process;

import com.sun.management.ThreadMXBean;
import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.RandomTokens;
import ernie4j.bench.peer.EncoderEngine;
import ernie4j.bench.peer.EncoderUnderTest;
import ernie4j.engine.RaggedBatch;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Calls our encoder very often and fails if the heap grows or calls become slower. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description = "Calls our encoder very often; fails if the heap grows or calls become slower.")
public final class Soak implements Callable<Integer> {
  private static final int TENTHS = 10;
  private static final int COLLECTIONS = 3;

  @Option(names = "--size", defaultValue = "pico", description = "model; default pico")
  private String size = "";

  @Option(names = "--length", defaultValue = "16", description = "tokens of a call; default 16")
  private int length;

  @Option(names = "--calls", defaultValue = "1000000", description = "default 1000000")
  private int calls;

  @Option(
      names = "--warmup-calls",
      defaultValue = "20000",
      description = "calls before the counted ones; default 20000")
  private int warmupCalls;

  @Option(
      names = "--most-growth",
      defaultValue = "262144",
      description = "bytes that the heap may grow; default 262144")
  private long mostGrowth;

  @Option(
      names = "--most-slowdown",
      defaultValue = "0.05",
      description = "share by which calls may become slower; default 0.05")
  private double mostSlowdown;

  /** Runs the command line. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Soak()).execute(arguments));
  }

  @Override
  public Integer call() {
    if (calls < TENTHS) {
      throw new IllegalArgumentException(
          "soak: expected --calls of at least %d, got %d".formatted(TENTHS, calls));
    }
    BenchmarkModel model = BenchmarkModel.named(size);
    RaggedBatch batch = RandomTokens.batch(1, length, model.config().vocabularySize());
    try (EncoderUnderTest encoder = EncoderEngine.ERNIE4J.load(model, 1)) {
      SoakResult result = run(encoder, batch);
      List<String> failures = result.failures(mostGrowth, mostSlowdown);
      failures.forEach(System.err::println);
      return failures.isEmpty() ? 0 : 1;
    }
  }

  private SoakResult run(EncoderUnderTest encoder, RaggedBatch batch) {
    double[] first = new double[calls / TENTHS];
    double[] last = new double[calls / TENTHS];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < warmupCalls; i++) {
      encoder.forward(batch);
    }
    long heapBefore = usedHeap();
    long bytesBefore = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < calls; i++) {
      long before = System.nanoTime();
      encoder.forward(batch);
      double microseconds = (System.nanoTime() - before) / 1e3;
      if (i < first.length) {
        first[i] = microseconds;
      } else if (i >= calls - last.length) {
        last[i - (calls - last.length)] = microseconds;
      }
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - bytesBefore;
    SoakResult result =
        new SoakResult(
            heapBefore, usedHeap(), new Median().evaluate(first), new Median().evaluate(last));
    System.out.printf(
        "%s, %d tokens, %d calls: heap in use %d bytes before, %d after (%+d); allocated %.4f bytes a call;"
            + " median call %.1f µs in the first tenth, %.1f µs in the last%n",
        size,
        length,
        calls,
        heapBefore,
        result.heapAfter(),
        result.heapAfter() - heapBefore,
        (double) bytes / calls,
        result.firstMedian(),
        result.lastMedian());
    return result;
  }

  private static long usedHeap() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
