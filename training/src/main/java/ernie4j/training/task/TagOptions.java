package ernie4j.training.task;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.WrongTaskException;
import java.util.Map;

/**
 * Whether a model answers only sequences of tags that are allowed, for all objectives with tags.
 */
final class TagOptions {
  private TagOptions() {}

  static Map<String, String> of(boolean constrained) {
    return constrained ? Map.of(HeadOptions.CONSTRAINED_TAGS, "true") : Map.of();
  }

  static void requireFit(Model model, boolean constrained) {
    boolean constrains = HeadOptions.constrainsTags(model.options());
    if (constrains != constrained) {
      throw new WrongTaskException(
          "expected a model with the option %s=%s, got one with %s"
              .formatted(HeadOptions.CONSTRAINED_TAGS, constrained, constrains));
    }
  }

  static String setting(boolean constrained) {
    return constrained ? ", constrained tags" : "";
  }
}
