package ernie4j.training.pruning;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.LayerPart;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.task.Objective;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums up the {@link Importance} of heads and neurons batch by batch.
 *
 * <p>Differentiating by a mask does not require one: the output of a head, its context, is linear
 * in its mask, so {@code dL/dm_a} at {@code m_a = 1} is the sum over the tokens and columns of head
 * a of {@code context * dL/dcontext}.
 */
final class ImportanceMeter {
  private final EncoderConfig config;
  private final TrainableModel model;
  private final boolean runningSums;
  private final List<double[]> headGradients = new ArrayList<>();
  private final List<double[]> heads = new ArrayList<>();
  private final List<double[]> neurons = new ArrayList<>();

  /**
   * A meter that starts at zero.
   *
   * @param model the model at full width; its gradients are overwritten
   * @param runningSums whether to use the sum of the gradients of all batches so far instead of the
   *     batch's own, as the original does because it never clears them
   */
  ImportanceMeter(EncoderConfig config, TrainableModel model, boolean runningSums) {
    this.config = config;
    this.model = model;
    this.runningSums = runningSums;
    for (int layer = 0; layer < config.layers(); layer++) {
      headGradients.add(new double[config.attentionHeads()]);
      heads.add(new double[config.attentionHeads()]);
      neurons.add(new double[config.intermediateSize()]);
    }
    model.parameters().clearGradients();
  }

  /** Adds a batch: a forward and a backward pass of the objective's own loss. */
  void add(Tape tape, Objective objective, int[] examples) {
    if (!runningSums) {
      model.parameters().clearGradients();
    }
    ModelOutputs outputs = objective.forward(tape, model, examples);
    tape.backward(objective.loss(tape, outputs, examples));
    for (int layer = 0; layer < config.layers(); layer++) {
      addHeads(layer, outputs.states().context().get(layer));
      addNeurons(layer, model.parameters());
    }
  }

  /** The importance over all batches so far. */
  Importance importance() {
    return new Importance(
        heads.stream().map(double[]::clone).toList(),
        neurons.stream().map(double[]::clone).toList());
  }

  private void addHeads(int layer, Variable context) {
    int headSize = config.headSize();
    double[] gradient = headGradients.get(layer);
    for (int head = 0; head < gradient.length; head++) {
      double sum = runningSums ? gradient[head] : 0;
      for (int token = 0; token < context.rows(); token++) {
        sum += dot(context, token * context.columns() + head * headSize, headSize);
      }
      gradient[head] = sum;
      heads.get(layer)[head] += Math.abs(sum);
    }
  }

  private void addNeurons(int layer, TrainableParameters parameters) {
    Variable weight1 = parameters.get(LayerPart.EXPAND.weight(layer));
    Variable bias1 = parameters.get(LayerPart.EXPAND.bias(layer));
    Variable weight2 = parameters.get(LayerPart.CONTRACT.weight(layer));
    int count = weight1.columns();
    double[] columns = new double[count];
    for (int i = 0; i < weight1.rows(); i++) {
      for (int j = 0; j < count; j++) {
        columns[j] += product(weight1, i * count + j);
      }
    }
    double[] importance = neurons.get(layer);
    for (int j = 0; j < count; j++) {
      double row = dot(weight2, j * weight2.columns(), weight2.columns());
      importance[j] += Math.abs(columns[j] + product(bias1, j)) + Math.abs(row);
    }
  }

  /** The sum of value * gradient over {@code n} elements. */
  private static double dot(Variable x, int from, int n) {
    double sum = 0;
    for (int i = from; i < from + n; i++) {
      sum += product(x, i);
    }
    return sum;
  }

  private static double product(Variable x, int i) {
    return (double) x.value()[i] * x.gradient()[i];
  }
}
