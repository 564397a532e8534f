package ernie4j.pipeline;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.WrongTaskException;

/** How a model's options turn logits into probabilities that can be trusted. */
final class Confidence {
  private Confidence() {}

  /**
   * The temperature that logits are divided by.
   *
   * @throws WrongTaskException if the model's option is not a number above 0
   */
  static float temperature(Model model, String option) {
    double temperature = Pipelines.number(model, option, 1);
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new WrongTaskException(
          String.format(
              "the model's option %s: expected a number above 0, got '%s'",
              option, model.options().get(option)));
    }
    return (float) temperature;
  }

  /**
   * The confidence below which an answer is refused.
   *
   * @throws WrongTaskException if the model's option is not a probability
   */
  static double least(Model model) {
    double least = Pipelines.number(model, HeadOptions.MIN_CONFIDENCE, 0);
    if (!(least >= 0 && least <= 1)) {
      throw new WrongTaskException(
          String.format(
              "the model's option %s: expected a probability from 0 to 1, got '%s'",
              HeadOptions.MIN_CONFIDENCE, model.options().get(HeadOptions.MIN_CONFIDENCE)));
    }
    return least;
  }

  /** Checks the minimum confidence that a caller chose. */
  static double requireProbability(double least) {
    if (!(least >= 0 && least <= 1)) {
      throw new IllegalArgumentException(
          "confidence: expected a probability from 0 to 1, got " + least);
    }
    return least;
  }

  /** Logits at a temperature; the same array at 1. */
  static float[] at(float temperature, float[] logits) {
    if (temperature == 1) {
      return logits;
    }
    float[] scaled = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      scaled[i] = logits[i] / temperature;
    }
    return scaled;
  }
}
