package ernie4j.training.evaluation;

import ernie4j.engine.Parallel;
import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.TextPair;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs a pipeline on a list in which single texts and pairs are mixed. */
final class Attempts {
  private Attempts() {}

  /**
   * The results in the order of the examples.
   *
   * @param first the text, or the first of a pair
   * @param second the second of a pair; null for a single text
   */
  static <E, R> List<Attempt<R>> of(
      List<E> examples,
      Function<E, String> first,
      Function<E, @Nullable String> second,
      Function<List<String>, List<Attempt<R>>> ofTexts,
      Function<List<TextPair>, List<Attempt<R>>> ofPairs) {
    List<String> texts = new ArrayList<>();
    List<TextPair> pairs = new ArrayList<>();
    for (E example : examples) {
      String other = second.apply(example);
      if (other == null) {
        texts.add(first.apply(example));
      } else {
        pairs.add(new TextPair(first.apply(example), other));
      }
    }
    List<Attempt<R>> ofSingles = ofTexts.apply(texts);
    List<Attempt<R>> ofBoth = ofPairs.apply(pairs);
    List<Attempt<R>> all = new ArrayList<>();
    int single = 0;
    for (int i = 0; i < examples.size(); i++) {
      boolean pair = second.apply(examples.get(i)) != null;
      all.add(pair ? ofBoth.get(i - single) : ofSingles.get(single));
      single += pair ? 0 : 1;
    }
    return all;
  }

  /** The execution options of a pipeline that is evaluated with these threads. */
  static ExecutionOptions execution(Parallel parallel) {
    return ExecutionOptions.defaults().withThreads(parallel.threads());
  }
}
