package ernie4j.training.task;

import ernie4j.engine.head.Logits;
import ernie4j.engine.head.MultipleChoiceHead;
import ernie4j.engine.head.TaskNames;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import ernie4j.training.data.ChoiceExample;
import ernie4j.training.data.ChoiceFiles;
import ernie4j.training.task.Evaluated.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Picks the best of several answers. A choice is read as the pair {@code [CLS] context [SEP]
 * question choice [SEP]}, cut where the longer of both ends; a context with a gap is cut around it
 * first.
 */
public final class ChoicePicker {
  static final String ACCURACY = "accuracy";

  private final Inference model;

  /**
   * A picker.
   *
   * @throws IllegalArgumentException if the model is for another task
   */
  public ChoicePicker(Inference model) {
    model.requireTask(TaskNames.MULTIPLE_CHOICE);
    this.model = model;
  }

  /**
   * A choice.
   *
   * @param index from 0 on
   * @param confidence its probability among the choices
   */
  public record Pick(int index, double confidence) {}

  /** The best choice of every example, in their order. */
  public List<Pick> predict(List<ChoiceExample> examples) {
    List<Pick> picks = new ArrayList<>();
    for (float[] row : scores(examples)) {
      int best = Logits.argmax(row, 0, row.length);
      picks.add(new Pick(best, Logits.probability(row, 0, row.length, best)));
    }
    return picks;
  }

  /**
   * The share of right picks.
   *
   * @throws IllegalArgumentException if an example has no answer
   */
  public Evaluated evaluate(List<ChoiceExample> examples) {
    requireAnswers(examples);
    List<float[]> scores = scores(examples);
    List<Outcome> outcomes = new ArrayList<>();
    int right = 0;
    for (int i = 0; i < scores.size(); i++) {
      ChoiceExample example = examples.get(i);
      float[] row = scores.get(i);
      int best = Logits.argmax(row, 0, row.length);
      right += best == example.answer() ? 1 : 0;
      outcomes.add(
          new Outcome(
              example.question().isEmpty()
                  ? example.context()
                  : example.question() + " | " + example.context(),
              example.choices().get(example.answer()),
              example.choices().get(best),
              Logits.probability(row, 0, row.length, example.answer())));
    }
    double accuracy = 100.0 * right / Math.max(1, scores.size());
    return new Evaluated(Map.of(ACCURACY, accuracy), Optional.empty(), outcomes);
  }

  private List<float[]> scores(List<ChoiceExample> examples) {
    List<Input> inputs = new ArrayList<>();
    examples.forEach(e -> inputs.addAll(inputs(e, model.tokenizer(), model.maxLength())));
    float[] all = new float[inputs.size()];
    MultipleChoiceHead head = MultipleChoiceHead.of(model.encoder(), model.model().parameters());
    model.run(
        inputs,
        (first, states) -> {
          // One choice per question: a batch may end in the middle of one.
          float[] scores = head.logits(states, 1);
          System.arraycopy(scores, 0, all, first, scores.length);
        });
    List<float[]> rows = new ArrayList<>();
    int from = 0;
    for (ChoiceExample example : examples) {
      float[] row = new float[example.choices().size()];
      System.arraycopy(all, from, row, 0, row.length);
      rows.add(row);
      from += row.length;
    }
    return rows;
  }

  static List<Input> inputs(ChoiceExample example, Tokenizer tokenizer, int maxLength) {
    String context = aroundGap(example.context(), maxLength);
    String question = example.question().isEmpty() ? "" : example.question() + " ";
    return example.choices().stream()
        .map(c -> tokenizer.encode(context, question + c, Truncation.LONGEST_FIRST, maxLength))
        .map(Input::of)
        .toList();
  }

  private static String aroundGap(String context, int maxLength) {
    int gap = context.indexOf(ChoiceFiles.GAP);
    int from = Math.max(0, gap - maxLength / 2);
    boolean inPair = from > 0 && Character.isLowSurrogate(context.charAt(from));
    return context.substring(inPair ? from + 1 : from);
  }

  static void requireAnswers(List<ChoiceExample> examples) {
    for (ChoiceExample example : examples) {
      if (example.answer() < 0) {
        throw new IllegalArgumentException(
            "expected an answer for every question, got none for '%s' with the choices %s"
                .formatted(example.question(), example.choices()));
      }
    }
  }
}
