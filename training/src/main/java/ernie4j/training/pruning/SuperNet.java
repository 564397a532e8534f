package ernie4j.training.pruning;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One set of full parameters and, for every width, an ordinary smaller model over their leading
 * parts. A sub-model shares every parameter that keeps its size. The others are blocks that copy
 * their values from the full parameters when a step is recorded, and return their gradients in its
 * backward pass. Therefore no kernel needs to know about widths, and smaller models are as fast as
 * their size allows.
 */
final class SuperNet {
  private final TrainableParameters parameters;
  private final List<Map<String, Variable>> blocks = new ArrayList<>();
  private final List<TrainableModel> subModels = new ArrayList<>();

  /**
   * A super-net with copies of the full parameters.
   *
   * @param dropout the probability of all dropouts
   */
  SuperNet(
      Task task,
      EncoderConfig config,
      ParameterSource full,
      List<SubModelShape> shapes,
      Kernels kernels,
      float dropout) {
    FullModel.require(config, full);
    parameters = TrainableParameters.of(full);
    for (SubModelShape shape : shapes) {
      Map<String, Variable> own = blocks(config, shape);
      blocks.add(own);
      subModels.add(TrainableModel.of(task, config, parameters.with(own), kernels, dropout));
    }
  }

  private Map<String, Variable> blocks(EncoderConfig config, SubModelShape shape) {
    Map<String, Variable> own = new LinkedHashMap<>();
    shape
        .slices(config)
        .forEach(
            (name, size) -> {
              // At full width the parameter itself is the block.
              if (size[0] * size[1] < parameters.get(name).size()) {
                float[] values = new float[size[0] * size[1]];
                own.put(name, Variable.parameter(size[0], size[1], values));
              }
            });
    return own;
  }

  /** The full parameters, which the optimizer changes. */
  TrainableParameters parameters() {
    return parameters;
  }

  /** Must be called when the full parameters have changed. */
  void invalidate() {
    subModels.forEach(TrainableModel::invalidate);
  }

  /**
   * The model of one width with the current values of the full parameters. Must be called before
   * every pass.
   *
   * @param index the index of the width
   */
  TrainableModel subModel(Tape tape, int index) {
    blocks.get(index).forEach((name, block) -> tape.leadingBlock(parameters.get(name), block));
    return subModels.get(index);
  }
}
