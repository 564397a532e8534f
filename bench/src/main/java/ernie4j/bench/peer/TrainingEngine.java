package ernie4j.bench.peer;

import ernie4j.bench.input.BenchmarkModel;

/** The training steps that can be compared. */
public enum TrainingEngine {
  /** This project. */
  ERNIE4J,
  /** This project on one thread, whatever the options say. */
  ERNIE4J_ONE_THREAD,
  /** PyTorch through DJL. */
  PYTORCH;

  /** Loads a model with the joint heads into this engine. */
  public TrainingStepUnderTest load(BenchmarkModel model, StepOptions options) {
    return switch (this) {
      case ERNIE4J -> new JavaTrainingStep(model, options);
      case ERNIE4J_ONE_THREAD -> new JavaTrainingStep(model, options.withThreads(1));
      case PYTORCH -> new PyTorchTrainingStep(model, options);
    };
  }
}
