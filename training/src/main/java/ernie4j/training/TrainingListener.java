package ernie4j.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Follows the progress of a training. All methods are called by the training thread, and all do
 * nothing unless overridden.
 */
public interface TrainingListener {
  /**
   * Called before the first step.
   *
   * @param trainer the running training, which any thread may {@link Trainer#stop}
   */
  default void began(Trainer trainer) {}

  /**
   * Called before the first step, once for every reason why the metrics will say little.
   *
   * @param caution a sentence for people
   */
  default void cautioned(String caution) {}

  /**
   * Called after every optimizer step.
   *
   * @param progress the state after the step
   */
  default void stepped(Progress progress) {}

  /**
   * Called after every evaluation, when its files are written.
   *
   * @param evaluation the newest evaluation
   */
  default void evaluated(Evaluation evaluation) {}

  /**
   * Called when a training ends before its last step.
   *
   * @param reason a sentence for people
   */
  default void stoppedEarly(String reason) {}

  /**
   * The state of a training after a step.
   *
   * @param step optimizer steps done
   * @param totalSteps optimizer steps of the whole training
   * @param epoch passes over the examples done, with a fraction
   * @param loss loss of this step's batch
   * @param examplesPerSecond the mean since the training was started or resumed, evaluations
   *     included
   * @param secondsLeft the expected time to the last step at that rate
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
   * @param learningRate the learning rate of the last step
   * @param loss mean over the steps since the previous evaluation
   * @param metrics values by name; unmodifiable, in the order of the task
   * @param best whether it is the best evaluation so far
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
