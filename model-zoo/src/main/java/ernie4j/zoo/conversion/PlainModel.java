package ernie4j.zoo.conversion;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.LayerPart;
import ernie4j.engine.LayerShape;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.quant.ModelQuantizer;
import java.util.List;
import java.util.stream.IntStream;

/** Makes models without the features that other frameworks lack; they compute the same. */
public final class PlainModel {
  private PlainModel() {}

  /** The floats that int8 codes stand for. */
  public static Model floats(Model model, List<String> notes) {
    if (model.parameters().names().stream().noneMatch(model.parameters()::isInt8)) {
      return model;
    }
    notes.add(
        "The format has no int8 form that fits; the codes were turned into the floats that they stand for.");
    return ModelQuantizer.dequantize(model);
  }

  /**
   * Makes a model of floats whose layers all have the same width: zeros replace what width pruning
   * cut off. A head of zeros has a context of zeros and a neuron of zeros is gelu(0) = 0; the rows
   * of the next layer that take them in are zeros, too, so no result changes.
   *
   * @throws IllegalArgumentException if the shapes within a layer do not fit each other
   */
  public static Model unpruned(Model model, List<String> notes) {
    Model floats = floats(model, notes);
    EncoderConfig config = floats.config();
    ParameterSource parameters = floats.parameters();
    ParameterStore store = new ParameterStore();
    parameters.asMap().forEach(store::put);
    List<LayerShape> shapes =
        IntStream.range(0, config.layers())
            .mapToObj(i -> LayerShape.of(config, i, parameters::shape))
            .toList();
    int widest = shapes.stream().mapToInt(LayerShape::intermediate).max().orElseThrow();
    LayerShape whole = LayerShape.unpruned(config.withIntermediateSize(widest));
    for (int i = 0; i < shapes.size(); i++) {
      for (LayerPart part : LayerPart.linear()) {
        enlarge(store, part.weight(i), whole.weight(part));
        enlarge(store, part.bias(i), whole.bias(part));
      }
    }
    if (shapes.stream().anyMatch(shape -> !shape.equals(whole))) {
      notes.add(
          "The format expects all layers to be equally wide; pruned layers were filled up with zeros, which changes no result.");
    }
    return floats.withParameters(config.withIntermediateSize(widest), store);
  }

  /** Appends zeros to the rows and columns of a matrix or vector. */
  private static void enlarge(ParameterStore store, String name, int... to) {
    Tensor tensor = store.get(name);
    if (tensor.hasShape(to)) {
      return;
    }
    Tensor result = Tensor.zeros(to);
    int columns = tensor.dimension(to.length - 1);
    int wide = to[to.length - 1];
    for (int row = 0; row < tensor.size() / columns; row++) {
      System.arraycopy(
          tensor.data(), tensor.offset() + row * columns, result.data(), row * wide, columns);
    }
    store.replace(name, result);
  }
}
