package ernie4j.training.distillation;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.TrainableLinear;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.model.TrainableParameters;
import java.util.List;

/**
 * An encoder that learns from a teacher, with a linear map from its hidden states to the teacher's,
 * which is trained too but is not part of the model.
 */
final class Student {
  private static final String PROJECTION = "distillation.projection";

  private final Model start;
  private final DistillationOptions options;
  private final TrainableParameters parameters;
  private final TrainableEncoder encoder;
  private final TrainableLinear projection;
  private final float variance;

  /**
   * A student with the parameters of a model, which is not changed.
   *
   * @param variance the variance of the teacher's last hidden states, which is the unit of their
   *     error
   * @throws IllegalArgumentException if the relation heads do not divide the widths
   */
  Student(
      Model start,
      Teacher teacher,
      float variance,
      DistillationOptions options,
      long seed,
      Kernels kernels) {
    EncoderConfig config = start.config();
    requireDivisible(options.relationHeads(), config.hiddenSize(), teacher.attentionWidth());
    this.start = start;
    this.options = options;
    this.variance = variance;
    ParameterStore store = ParameterStore.copyOf(start.parameters());
    new RandomParameters(seed)
        .linear(store, PROJECTION, config.hiddenSize(), teacher.config().hiddenSize());
    parameters = TrainableParameters.of(store);
    encoder =
        new TrainableEncoder(config, parameters, kernels, options.dropout(), options.dropout());
    projection =
        new TrainableLinear(
            kernels,
            List.of(parameters.get(PROJECTION + ".weight")),
            List.of(parameters.get(PROJECTION + ".bias")));
  }

  private static void requireDivisible(int relationHeads, int student, int teacher) {
    if (student % relationHeads != 0 || teacher % relationHeads != 0) {
      throw new IllegalArgumentException(
          "distillation: %d relation heads must divide the widths of the student, %d, and of the teacher, %d; %d would"
              .formatted(
                  relationHeads,
                  student,
                  teacher,
                  DistillationOptions.relationHeads(teacher, student)));
    }
  }

  TrainableParameters parameters() {
    return parameters;
  }

  /** Must be called when the optimizer has changed the parameters. */
  void invalidate() {
    encoder.invalidate();
    projection.invalidate();
  }

  /**
   * The distance of a student from its teacher.
   *
   * @param total what is minimized: {@code relation + weight * hidden}
   * @param relation see {@link Tape#relationLoss}
   * @param hidden mean squared error of the projected last hidden states in units of their
   *     variance; predicting their mean would give 1
   */
  record Loss(Variable total, Variable relation, Variable hidden) {}

  Loss loss(Tape tape, RaggedBatch batch, Teacher.Knowledge knowledge) {
    TrainableEncoder.States states = encoder.forward(tape, batch);
    List<Variable> queryKeyValue = states.queryKeyValue();
    Variable relation =
        tape.relationLoss(
            queryKeyValue.get(queryKeyValue.size() - 1),
            knowledge.queryKeyValue(),
            batch,
            options.relationHeads(),
            start.config().paddingId(),
            options.relations());
    Variable projected = tape.linear(states.last(), projection);
    Variable hidden =
        tape.scale(tape.meanSquaredError(projected, knowledge.hidden()), 1 / variance);
    Variable total =
        options.hiddenWeight() == 0
            ? relation
            : tape.add(relation, tape.scale(hidden, (float) options.hiddenWeight()));
    return new Loss(total, relation, hidden);
  }

  /** The current model, without the projection. */
  Model toModel() {
    ParameterStore store = parameters.toStore();
    store.remove(PROJECTION + ".weight");
    store.remove(PROJECTION + ".bias");
    return start.withParameters(start.config(), store);
  }
}
