package ernie4j.pipeline;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Which pipeline runs which task, and what a model must have for it. */
final class Pipelines {
  private static final Map<Task, Class<?>> BY_TASK =
      new EnumMap<>(
          Map.of(
              Task.ENCODER, SentenceEmbedder.class,
              Task.JOINT_INTENT_SLOTS, JointSlu.class,
              Task.SEQUENCE_CLASSIFICATION, TextClassifier.class,
              Task.MULTI_LABEL_CLASSIFICATION, MultiLabelClassifier.class,
              Task.SCORING, TextScorer.class,
              Task.TOKEN_CLASSIFICATION, TokenTagger.class,
              Task.QUESTION_ANSWERING, QuestionAnswerer.class,
              Task.MASKED_LM, FillMask.class,
              Task.MULTIPLE_CHOICE, ChoiceSelector.class,
              Task.INFORMATION_EXTRACTION, InformationExtractor.class));

  private Pipelines() {}

  /**
   * Checks that a model is for a task.
   *
   * @throws WrongTaskException if it is for another one; the message names the pipeline that fits
   */
  static void requireTask(Model model, Task task) {
    if (!model.task().equals(task.id())) {
      String fitting =
          Task.find(model.task()).map(other -> "; use " + name(other)).orElse(", which is unknown");
      throw new WrongTaskException(
          String.format(
              "%s expects a model for the task %s, got one for '%s'%s",
              name(task), task, model.task(), fitting));
    }
  }

  private static String name(Task task) {
    Class<?> pipeline = BY_TASK.get(task);
    return pipeline == null ? "a pipeline for " + task : pipeline.getSimpleName();
  }

  /** The head of a model's task over the encoder of its texts. */
  static Head head(Model model, Task task, TextEncoder texts) {
    return Head.of(texts.encoder(), task, model.parameters());
  }

  /**
   * The labels of an output of a head.
   *
   * @throws WrongTaskException if there are none, or not as many as the head has columns
   */
  static List<String> labels(Model model, Head head, int output) {
    HeadOutput row = head.task().outputs().get(output);
    List<String> labels = model.labels().getOrDefault(row.labels(), List.of());
    if (labels.size() != head.columns(output)) {
      throw new WrongTaskException(
          String.format(
              "the model has %d labels under '%s', but its head has %d outputs; train or convert it again with its labels",
              labels.size(), row.labels(), head.columns(output)));
    }
    return labels;
  }

  /**
   * Reads a number from the options of a model.
   *
   * @throws WrongTaskException if the option is not a number
   */
  static double number(Model model, String option, double otherwise) {
    String text = model.options().get(option);
    try {
      return text == null ? otherwise : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new WrongTaskException(
          String.format("the model's option %s: expected a number, got '%s'", option, text));
    }
  }
}
