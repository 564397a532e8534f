package ernie4j.training.task;

import ernie4j.engine.RaggedBatch;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Truncation;
import ernie4j.training.data.Split;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An objective with one input per example or piece of an example; those without labels come last.
 */
abstract class InputObjective<E> extends SplitObjective<E> {
  final List<Input> inputs = new ArrayList<>();

  InputObjective(Split<E> data) {
    super(data);
  }

  /** Adds a text or a pair, whose longer text is cut first. */
  final void add(TaskSetup setup, String text, @Nullable String pair) {
    inputs.add(Input.of(setup, text, pair));
  }

  /** Adds a text whose tokens have labels, and returns its encoding. */
  final Encoding add(TaskSetup setup, String text) {
    Encoding encoding = setup.tokenizer().encode(text, Truncation.LONGEST_FIRST, setup.maxLength());
    inputs.add(Input.of(encoding));
    return encoding;
  }

  @Override
  public int examples() {
    return inputs.size();
  }

  @Override
  public int tokens(int example) {
    return inputs.get(example).length();
  }

  @Override
  public RaggedBatch batch(int[] examples) {
    return Input.batch(inputs, examples);
  }
}
