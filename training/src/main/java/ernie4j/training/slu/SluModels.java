package ernie4j.training.slu;

import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.TaskNames;
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.RandomParameters;

/** Makes joint intent and slot models from encoders. */
public final class SluModels {
  private SluModels() {}

  /**
   * The encoder of a model with a new joint head, initialised as the reference does (Kaiming normal
   * for weights and biases). A missing pooler is initialised as well; other heads are dropped.
   *
   * @param seed of the initial values
   */
  public static Model prepare(Model base, SluLabels labels, long seed) {
    int hidden = base.config().hiddenSize();
    ParameterStore store = ModelParts.encoder(base);
    RandomParameters random = new RandomParameters(seed);
    if (!store.contains(ParameterNames.POOLER + ".weight")) {
      random.linear(store, ParameterNames.POOLER, hidden, hidden);
    }
    random.kaimingLinear(store, HeadNames.INTENT_CLASSIFIER, hidden, labels.intents().size());
    random.kaimingLinear(store, HeadNames.SLOT_CLASSIFIER, hidden, labels.slots().size());
    return base.withParameters(base.config(), store)
        .withTask(TaskNames.JOINT_INTENT_SLOTS, labels.toMap());
  }
}
