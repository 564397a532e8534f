package ernie4j.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Hears how a training goes on; called by the training thread. */
public interface TrainingListener {
  /** Before the first step, with the training, which any thread may {@link Trainer#stop}. */
  default void began(Trainer trainer) {}

  /** Before the first step, with what makes the metrics say little, as a sentence. */
  default void cautioned(String caution) {}

  /** After every optimizer step. */
  default void stepped(Progress progress) {}

  /** After every evaluation. */
  default void evaluated(Evaluation evaluation) {}

  /** When a training ends before its last step, with the reason as a sentence. */
  default void stoppedEarly(String reason) {}

  /**
   * Where a training stands.
   *
   * @param step optimizer steps done
   * @param totalSteps optimizer steps of the whole training
   * @param epoch passes over the examples done, with a fraction
   * @param loss loss of this step's batch
   * @param examplesPerSecond since the training was started or resumed, evaluations included
   * @param secondsLeft at that rate
   */
  record Progress(
      long step,
      long totalSteps,
      double epoch,
      double loss,
      double examplesPerSecond,
      double secondsLeft) {}

  /**
   * An evaluation.
   *
   * @param step optimizer steps done
   * @param epoch passes over the examples done, with a fraction
   * @param learningRate of the last step
   * @param loss mean over the steps since the evaluation before
   * @param metrics by name
   * @param best whether it is the best so far
   */
  record Evaluation(
      long step,
      double epoch,
      double learningRate,
      double loss,
      Map<String, Double> metrics,
      boolean best) {
    /** Keeps an unmodifiable view in the given order. */
    public Evaluation {
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
  }
}
