package ernie4j.bench.peer;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.JointBatch;
import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.optimizer.AdamW;

/** This project's training step on the kernels that suit the JVM. */
public final class JavaTrainingStep implements TrainingStepUnderTest {
  private static final int NO_INTENT = -100;

  /** The slot label that does not count. */
  private static final int PADDING = 0;

  private final Parallel parallel;
  private final TrainableParameters parameters;
  private final TrainableModel model;
  private final Tape tape;
  private final AdamW optimizer;
  private final StepOptions options;
  private long steps;

  /** A step over copies of a model's parameters, which include pooler and classifiers. */
  public JavaTrainingStep(BenchmarkModel start, StepOptions options) {
    this.options = options;
    Kernels kernels = Kernels.best();
    parallel = Parallel.of(options.threads());
    parameters = TrainableParameters.of(start.parameters());
    model =
        TrainableModel.of(
            Task.JOINT_INTENT_SLOTS, start.config(), parameters, kernels, options.dropout());
    tape = new Tape(kernels, parallel);
    optimizer =
        new AdamW(
            parameters.asMap(),
            new AdamW.Options(0.9, 0.999, 1e-8, options.weightDecay(), options.maxGradientNorm()),
            parallel);
  }

  @Override
  public float step(JointBatch batch) {
    tape.reset(steps++);
    parameters.clearGradients();
    ModelOutputs outputs = model.forward(tape, RaggedBatch.of(batch.ids()));
    Variable intents =
        tape.crossEntropy(
            outputs.logits().get(0), batch.intentArray(), NO_INTENT, LossMean.VALID_ROWS);
    Variable slots =
        tape.crossEntropy(outputs.logits().get(1), batch.slotArray(), PADDING, LossMean.VALID_ROWS);
    Variable loss = tape.add(slots, intents);
    float value = loss.scalar();
    tape.backward(loss);
    optimizer.step(options.learningRate());
    model.invalidate();
    return value;
  }

  @Override
  public ParameterStore parameters() {
    return parameters.toStore();
  }

  @Override
  public void close() {
    parallel.close();
  }
}
