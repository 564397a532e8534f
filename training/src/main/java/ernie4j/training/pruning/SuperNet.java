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
 * parts. A sub-model shares every parameter that keeps its size; the others are blocks that take
 * their values from the full ones when a step is recorded and give their gradients back in its
 * backward pass. So no kernel knows of widths, and the smaller models are as fast as their size.
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

  /** Says that the full parameters have changed. */
  void invalidate() {
    subModels.forEach(TrainableModel::invalidate);
  }

  /**
   * The model of one width with the full parameters' present values; record it before every pass.
   *
   * @param index of the width
   */
  TrainableModel subModel(Tape tape, int index) {
    blocks.get(index).forEach((name, block) -> tape.leadingBlock(parameters.get(name), block));
    return subModels.get(index);
  }
}
