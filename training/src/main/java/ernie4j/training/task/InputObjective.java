package ernie4j.training.task;

import ernie4j.engine.RaggedBatch;
import java.util.ArrayList;
import java.util.List;

/** An objective with one input for each training example; those without labels come last. */
abstract class InputObjective implements Objective {
  final List<Input> inputs = new ArrayList<>();
  private final int unlabelled;

  InputObjective(int unlabelled) {
    this.unlabelled = unlabelled;
  }

  @Override
  public int examples() {
    return inputs.size();
  }

  @Override
  public int unlabelled() {
    return unlabelled;
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
