package ernie4j.training.task;

import ernie4j.training.TrainingTask;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.TrainableParameters;
import java.util.List;
import java.util.Map;

/** A task that runs an additional action during evaluations. */
record EvaluationListener(TrainingTask task, Runnable during) implements TrainingTask {
  @Override
  public int examples() {
    return task.examples();
  }

  @Override
  public Variable loss(Tape tape, int[] examples) {
    return task.loss(tape, examples);
  }

  @Override
  public void beginStep(long epoch) {
    task.beginStep(epoch);
  }

  @Override
  public TrainableParameters parameters() {
    return task.parameters();
  }

  @Override
  public void parametersChanged() {
    task.parametersChanged();
  }

  @Override
  public Map<String, Double> evaluate() {
    during.run();
    return task.evaluate();
  }

  @Override
  public String bestMetric() {
    return task.bestMetric();
  }

  @Override
  public List<KeptModel> models() {
    return task.models();
  }

  @Override
  public String settings() {
    return task.settings();
  }

  @Override
  public Map<String, String> inputs() {
    return task.inputs();
  }
}
