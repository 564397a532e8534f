package ernie4j.pipeline;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.TaskNames;
import java.util.List;
import java.util.Map;

/** Which pipeline runs which task, and what a model must have for it. */
final class Pipelines {
  private static final Map<String, String> BY_TASK =
      Map.of(
          TaskNames.ENCODER, "SentenceEmbedder",
          TaskNames.JOINT_INTENT_SLOTS, "JointSlu",
          TaskNames.SEQUENCE_CLASSIFICATION, "TextClassifier",
          TaskNames.TOKEN_CLASSIFICATION, "TokenTagger",
          TaskNames.QUESTION_ANSWERING, "QuestionAnswerer",
          TaskNames.MASKED_LM, "FillMask",
          TaskNames.MULTIPLE_CHOICE, "MultipleChoiceHead of the engine");

  private Pipelines() {}

  /**
   * Checks that a model is for a task.
   *
   * @throws IllegalArgumentException if it is for another one; the message names the pipeline that
   *     fits
   */
  static void requireTask(Model model, String task) {
    if (!model.task().equals(task)) {
      String fitting = BY_TASK.get(model.task());
      throw new IllegalArgumentException(
          "%s expects a model for the task %s, got one for '%s'%s"
              .formatted(
                  BY_TASK.get(task),
                  task,
                  model.task(),
                  fitting == null ? ", which no pipeline runs" : "; use " + fitting));
    }
  }

  /**
   * The labels of an output.
   *
   * @throws IllegalArgumentException if there are none, or not as many as the head has outputs
   */
  static List<String> labels(Model model, String key, int outputs) {
    List<String> labels = model.labels().getOrDefault(key, List.of());
    if (labels.size() != outputs) {
      throw new IllegalArgumentException(
          "the model has %d labels under '%s', but its head has %d outputs; train or convert it again with its labels"
              .formatted(labels.size(), key, outputs));
    }
    return labels;
  }
}
