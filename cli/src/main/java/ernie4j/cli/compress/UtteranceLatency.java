package ernie4j.cli.compress;

import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.JointSlu;
import ernie4j.training.slu.SluExample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Times a model from text to answer: utterances of 14 characters, which are 16 tokens for a Chinese
 * text, one at a time, so that the calling thread computes alone.
 */
final class UtteranceLatency {
  private static final int CHARACTERS = 14;
  private static final int TEXTS = 100;

  /** The kernels need a few seconds to be compiled, once per process. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final List<String> texts = new ArrayList<>();
  private final long nanos;

  /**
   * Takes the first utterances, joined and cut to the same length.
   *
   * @param seconds how long to measure, after a warm-up of twice that
   */
  UtteranceLatency(List<SluExample> examples, double seconds) {
    nanos = (long) (seconds * 1e9);
    StringBuilder all = new StringBuilder();
    for (SluExample example : examples) {
      all.append(example.text().replaceAll("[^\\u4e00-\\u9fff]", ""));
      if (all.length() >= TEXTS * CHARACTERS) {
        break;
      }
    }
    for (int i = 0; i + CHARACTERS <= all.length() && texts.size() < TEXTS; i += CHARACTERS) {
      texts.add(all.substring(i, i + CHARACTERS));
    }
    if (texts.isEmpty()) {
      texts.add(examples.get(0).text());
    }
  }

  /** The median time of an utterance in milliseconds, once the kernels are compiled. */
  double milliseconds(Model model) {
    JointSlu slu = JointSlu.of(model);
    Kernels.best().awaitHandOver(LIMIT);
    run(slu, 2 * nanos);
    double[] times = run(slu, nanos);
    Arrays.sort(times);
    return times[times.length / 2];
  }

  private double[] run(JointSlu slu, long limit) {
    List<Double> times = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; System.nanoTime() - start < limit || times.isEmpty(); i++) {
      long before = System.nanoTime();
      slu.parse(texts.get(i % texts.size()));
      times.add((System.nanoTime() - before) / 1e6);
    }
    return times.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
