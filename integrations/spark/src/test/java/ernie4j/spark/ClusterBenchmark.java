package ernie4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.pipeline.JointSlu;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long the bundled model takes for the lines of a file, in one JVM and on workers with a core
 * each. Not a test: it runs on demand, with {@code -Dtest=ClusterBenchmark -Dernie4j.texts=FILE
 * -Dernie4j.cores=2}.
 */
class ClusterBenchmark {
  static final int WARM_UP = 4000;
  private static final int BATCH = 256;
  private static final int PARTITIONS = 32;

  @TempDir static Path folder;
  private static Path file = Path.of("");
  private static int rows;
  private static int cores;

  @BeforeAll
  static void prepare() {
    String texts = System.getProperty("ernie4j.texts", "");
    assumeTrue(!texts.isEmpty(), "skipped: -Dernie4j.texts names no file with a text a line");
    file = Path.of(texts).toAbsolutePath();
    rows = Integer.getInteger("ernie4j.rows", 200_000);
    cores = Integer.getInteger("ernie4j.cores", 2);
  }

  private static void say(String what, double seconds) {
    System.out.printf("%s: %d texts in %.1f s, %.0f/s%n", what, rows, seconds, rows / seconds);
  }

  @Test
  void oneJvm() throws IOException {
    List<String> texts;
    try (Stream<String> lines = Files.lines(file)) {
      texts = lines.limit(rows).toList();
    }
    assertThat(texts).hasSize(rows);
    JointSlu slu = JointSlu.bundled().withExecution(ExecutionOptions.defaults().withThreads(cores));
    slu.warmUp(Duration.ofSeconds(20));
    slu.tryParse(texts.subList(0, WARM_UP));
    long before = System.nanoTime();
    for (int from = 0; from < rows; from += BATCH) {
      slu.tryParse(texts.subList(from, Math.min(rows, from + BATCH)));
    }
    say("one JVM, threads: " + cores, (System.nanoTime() - before) / 1e9);
  }

  @Test
  void workers() throws IOException, InterruptedException, URISyntaxException {
    Shipment shipment = Shipment.prepare(folder);
    try (LocalCluster cluster = new LocalCluster(folder.resolve("workers"), cores)) {
      LocalCluster.Running job =
          cluster.submit(
              Stream.concat(
                      shipment.options().stream(),
                      Stream.of("--conf", "spark.default.parallelism=" + PARTITIONS))
                  .toList(),
              shipment.job(),
              BenchmarkJob.class,
              file.toString(),
              String.valueOf(rows),
              String.valueOf(PARTITIONS));
      double seconds = Double.parseDouble(job.await(Pattern.compile("^TOOK (\\S+) s")).group(1));
      say("workers of one core: " + cores, seconds);
      assertThat(job.await()).isZero();
    }
  }
}
