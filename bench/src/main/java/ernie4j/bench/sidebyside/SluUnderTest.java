package ernie4j.bench.sidebyside;

import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.Tokenizers;
import ernie4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A model file for intents and slots, ready to answer.
 *
 * @param labels the label names of each output
 */
record SluUnderTest(Tokenizer tokenizer, JointSlu slu, Map<String, List<String>> labels) {
  /** Two models of one task may judge an utterance differently, but not half of them. */
  private static final double LEAST_SAME = 0.5;

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Loads a model file. */
  static SluUnderTest load(Path file) throws IOException {
    return ModelFile.load(
        file, model -> new SluUnderTest(Tokenizers.of(model), JointSlu.of(model), model.labels()));
  }

  /** How many tokens a text has. */
  int tokens(String text) {
    return tokenizer.encode(text).length();
  }

  /** Work that answers the next of some texts every time. */
  Runnable inTurn(List<String> texts) {
    int[] next = {0};
    return () -> {
      slu.parse(texts.get(next[0]));
      next[0] = (next[0] + 1) % texts.size();
    };
  }

  /**
   * Checks that two models have learned the same task, and says how many of their answers are
   * equal.
   *
   * @throws IllegalStateException if the labels differ, or the intents of more than half of the
   *     texts
   */
  static void requireSimilarAnswers(SluUnderTest ours, SluUnderTest peer, List<String> texts) {
    if (!ours.labels.equals(peer.labels)) {
      throw new IllegalStateException(
          "The two models do not have the same labels: %s here and %s there; no times are reported"
              .formatted(ours.labels, peer.labels));
    }
    int sameIntents = 0;
    int sameAnswers = 0;
    for (String text : texts) {
      JointSlu.Result a = ours.slu.parse(text);
      JointSlu.Result b = peer.slu.parse(text);
      boolean same = a.intent().equals(b.intent());
      sameIntents += same ? 1 : 0;
      sameAnswers += same && a.slots().equals(b.slots()) ? 1 : 0;
    }
    if (sameIntents < LEAST_SAME * texts.size()) {
      throw new IllegalStateException(
          "The two models do not answer alike: %d of %d intents are equal, expected at least half; no times are reported"
              .formatted(sameIntents, texts.size()));
    }
    System.err.printf(
        "%d of %d intents are equal, %d with all slots%n", sameIntents, texts.size(), sameAnswers);
  }

  /**
   * Waits until the kernels, which both sides share, run at full speed.
   *
   * @throws IllegalStateException if they do not after a minute
   */
  static void awaitFullSpeed() {
    if (!Kernels.best().awaitHandOver(LIMIT)) {
      throw new IllegalStateException(
          "models: expected full speed within %d s; leave the machine idle and try again"
              .formatted(LIMIT.toSeconds()));
    }
  }
}
