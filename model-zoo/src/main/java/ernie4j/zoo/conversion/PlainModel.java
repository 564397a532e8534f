package ernie4j.zoo.conversion;

import static ernie4j.engine.ParameterNames.layer;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.quant.ModelQuantizer;
import java.util.List;

/** Models without what other frameworks have no form for, which compute the same. */
public final class PlainModel {
  private static final List<String> PROJECTIONS = List.of("q_proj", "k_proj", "v_proj");

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
   * Floats in layers that are all equally wide: what width pruning cut off is filled up with zeros.
   * A head of zeros has a context of zeros and a neuron of zeros is gelu(0) = 0; the rows of the
   * next layer that take them in are zeros, too, so no result changes.
   *
   * @throws IllegalArgumentException if the shapes within a layer do not fit each other
   */
  public static Model unpruned(Model model, List<String> notes) {
    Model floats = floats(model, notes);
    EncoderConfig config = floats.config();
    ParameterSource parameters = floats.parameters();
    ParameterStore store = new ParameterStore();
    parameters.asMap().forEach(store::put);
    int hidden = config.hiddenSize();
    int widest = 1;
    for (int i = 0; i < config.layers(); i++) {
      widest = Math.max(widest, width(parameters, layer(i, "linear1")));
    }
    boolean narrow = false;
    for (int i = 0; i < config.layers(); i++) {
      int heads = width(parameters, layer(i, "self_attn.q_proj"));
      int neurons = width(parameters, layer(i, "linear1"));
      for (String projection : PROJECTIONS) {
        String name = layer(i, "self_attn." + projection);
        enlarge(store, name + ".weight", new int[] {hidden, heads}, hidden, hidden);
        enlarge(store, name + ".bias", new int[] {heads}, hidden);
      }
      enlarge(
          store, layer(i, "self_attn.out_proj.weight"), new int[] {heads, hidden}, hidden, hidden);
      enlarge(store, layer(i, "linear1.weight"), new int[] {hidden, neurons}, hidden, widest);
      enlarge(store, layer(i, "linear1.bias"), new int[] {neurons}, widest);
      enlarge(store, layer(i, "linear2.weight"), new int[] {neurons, hidden}, widest, hidden);
      narrow |= heads < hidden || neurons < widest;
    }
    if (narrow) {
      notes.add(
          "The format expects all layers to be equally wide; pruned layers were filled up with zeros, which changes no result.");
    }
    return floats.withParameters(config.withIntermediateSize(widest), store);
  }

  private static int width(ParameterSource parameters, String linear) {
    return parameters.shape(linear + ".bias")[0];
  }

  /** Puts zeros behind the rows and columns of a matrix or vector. */
  private static void enlarge(ParameterStore store, String name, int[] from, int... to) {
    Tensor tensor = store.get(name, from);
    if (tensor.hasShape(to)) {
      return;
    }
    Tensor result = Tensor.zeros(to);
    int columns = from[from.length - 1];
    int wide = to[to.length - 1];
    for (int row = 0; row < tensor.size() / columns; row++) {
      System.arraycopy(
          tensor.data(), tensor.offset() + row * columns, result.data(), row * wide, columns);
    }
    store.replace(name, result);
  }
}
