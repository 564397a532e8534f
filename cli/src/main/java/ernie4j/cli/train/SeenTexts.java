package ernie4j.cli.train;

import ernie4j.cli.task.CommandTask;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.Evaluated.Part;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How a model does on texts that it has learned from, and on others. */
final class SeenTexts {
  private SeenTexts() {}

  /**
   * An evaluation with both parts, as far as there are such texts.
   *
   * @param learned what the model has learned from
   */
  static <E> Evaluated evaluate(
      CommandTask<E> task, Model model, List<E> examples, List<E> learned, Parallel parallel) {
    Evaluated all = task.evaluate(model, examples, Kernels.best(), parallel);
    Set<List<String>> known = new HashSet<>(learned.stream().map(task::texts).toList());
    Map<String, Part> parts = new LinkedHashMap<>();
    for (boolean seen : new boolean[] {true, false}) {
      List<E> some = examples.stream().filter(e -> known.contains(task.texts(e)) == seen).toList();
      if (!some.isEmpty()) {
        Evaluated own =
            some.size() == examples.size()
                ? all
                : task.evaluatePart(model, some, examples, Kernels.best(), parallel);
        parts.put(
            seen ? "texts seen in training" : "texts not seen in training",
            new Part(some.size(), own.metrics()));
      }
    }
    return all.withParts(parts);
  }
}
