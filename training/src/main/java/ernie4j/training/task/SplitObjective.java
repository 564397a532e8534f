package ernie4j.training.task;

import ernie4j.training.data.Split;

/**
 * An objective over examples to learn from, examples to evaluate on, and examples without labels.
 */
abstract class SplitObjective<E> implements Objective {
  final Split<E> data;

  SplitObjective(Split<E> data) {
    this.data = data;
  }

  @Override
  public int unlabelled() {
    return data.unlabelled().size();
  }

  @Override
  public final String dataHash() {
    return data.hash();
  }

  @Override
  public final int heldOut() {
    return data.dev().size();
  }
}
