package ernie4j.zoo.conversion;

import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What transformers and PaddleNLP call the head of a task: the one place that knows it. A new head
 * that they have, too, is a new row here.
 *
 * @param task the task
 * @param suffix what the names of architectures with this head end in
 * @param problemType which of the heads with that suffix it is, as {@code problem_type} in a {@code
 *     config.json}; empty if the suffix says it
 * @param torchLayers the linear layers that transformers calls otherwise than Paddle, by their
 *     Paddle names
 */
public record FrameworkHead(
    Task task, String suffix, String problemType, Map<String, String> torchLayers) {
  private static final String OF_TEXTS = "ForSequenceClassification";

  /** Of the rows with one suffix, and of those with one task, the first is the usual one. */
  private static final List<FrameworkHead> ALL =
      List.of(
          of(Task.SEQUENCE_CLASSIFICATION, OF_TEXTS, "single_label_classification"),
          of(Task.MULTI_LABEL_CLASSIFICATION, OF_TEXTS, "multi_label_classification"),
          of(Task.SCORING, OF_TEXTS, "regression"),
          of(Task.TOKEN_CLASSIFICATION, "ForTokenClassification", ""),
          new FrameworkHead(
              Task.QUESTION_ANSWERING,
              "ForQuestionAnswering",
              "",
              Map.of(HeadNames.CLASSIFIER, "qa_outputs")),
          of(Task.MULTIPLE_CHOICE, "ForMultipleChoice", ""),
          of(Task.MASKED_LM, "ForMaskedLM", ""),
          of(Task.MASKED_LM, "ForPreTraining", ""));

  private static FrameworkHead of(Task task, String suffix, String problemType) {
    return new FrameworkHead(task, suffix, problemType, Map.of());
  }

  /** All rows. */
  public static List<FrameworkHead> all() {
    return ALL;
  }

  /** The row of a task; empty if the others have no such head. */
  public static Optional<FrameworkHead> of(Task task) {
    return ALL.stream().filter(head -> head.task == task).findFirst();
  }

  /** The heads that an architecture may have, for example {@code BertForMaskedLM}. */
  static List<FrameworkHead> of(String architecture) {
    return ALL.stream().filter(head -> architecture.endsWith(head.suffix)).toList();
  }
}
