package ernie4j.zoo.conversion;

import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names that transformers and PaddleNLP give the head of a task; the only place that knows
 * them. A new head that they also have is a new row here.
 *
 * @param task the task
 * @param suffix the end of the names of architectures with this head
 * @param problemType which of the heads with that suffix it is, as {@code problem_type} in a {@code
 *     config.json}; empty if the suffix says it
 * @param torchLayers the linear layers that transformers names differently from Paddle, by their
 *     Paddle names
 */
public record FrameworkHead(
    Task task, String suffix, String problemType, Map<String, String> torchLayers) {
  private static final String OF_TEXTS = "ForSequenceClassification";

  /** PaddleNLP's class and its ports have no family in their name. */
  private static final String UIE = "UIE";

  /** Relatives of UIE that compute something else, and what users may do about it. */
  private static final Map<String, String> UNSUPPORTED =
      Map.of(
          "UIEM",
          "UIEM (uie-m-base, uie-m-large) is not supported: its encoder is ERNIE-M; expected UIE, that is uie-base, -medium, -mini, -micro, -nano or -base-en",
          "UIEX",
          "UIEX (uie-x-base) is not supported: its encoder is ERNIE-Layout; expected UIE, that is uie-base, -medium, -mini, -micro, -nano or -base-en",
          "UTC",
          "UTC (utc-base, utc-nano and others) is not supported: its head compares options with a text; use an extractor with a schema such as 情感倾向[正向,负向], or train a classifier");

  /**
   * Of the rows with the same suffix, and of those with the same task, the first is the usual one.
   */
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
          of(Task.MASKED_LM, "ForPreTraining", ""),
          of(Task.INFORMATION_EXTRACTION, UIE, ""));

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

  /**
   * The name of the architecture with this head.
   *
   * @param family what the encoder is called, for example {@code Ernie}
   */
  String architecture(String family) {
    return suffix.equals(UIE) ? UIE : family + suffix;
  }

  /** Whether transformers has the head; otherwise only PaddleNLP and ports of it do. */
  public boolean isOfTransformers() {
    return !suffix.equals(UIE);
  }

  /**
   * Checks that an architecture is not one of the relatives that compute something else.
   *
   * @throws ModelFileException if it is
   */
  public static void requireSupported(String file, String architecture) throws ModelFileException {
    String reason = UNSUPPORTED.get(architecture);
    if (reason != null) {
      throw new ModelFileException(file, reason);
    }
  }

  /** The heads that an architecture may have, for example {@code BertForMaskedLM}. */
  static List<FrameworkHead> of(String architecture) {
    return ALL.stream().filter(head -> architecture.endsWith(head.suffix)).toList();
  }
}
