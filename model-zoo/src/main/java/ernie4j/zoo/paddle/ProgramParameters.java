package ernie4j.zoo.paddle;

import static ernie4j.engine.LayerPart.ATTENTION_NORM;
import static ernie4j.engine.LayerPart.CONTRACT;
import static ernie4j.engine.LayerPart.EXPAND;
import static ernie4j.engine.LayerPart.KEY;
import static ernie4j.engine.LayerPart.OUTPUT;
import static ernie4j.engine.LayerPart.OUTPUT_NORM;
import static ernie4j.engine.LayerPart.QUERY;
import static ernie4j.engine.LayerPart.VALUE;

import ernie4j.engine.ParameterNames;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Task;
import ernie4j.zoo.conversion.SourceTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Derives the structured names of the parameters of an inference model from what the program does
 * with them, because {@code linear_97.w_0} says nothing: embeddings in the order in which they are
 * added (words, positions, types, tasks), norms in theirs, queries, keys and values by their part
 * in the attention, the other layers by their order, heads by what they read.
 *
 * <p>A quantized weight is what {@code dequantize_linear} (int8 with a scale for each column) or
 * {@code dequantize_log} (codes of an embedding with a dictionary) makes of a parameter.
 */
final class ProgramParameters {
  private final ProgramGraph graph;
  private final Map<String, SourceTensor> tensors;
  private final Map<String, SourceTensor> named = new LinkedHashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final List<PaddleOperation> products = new ArrayList<>();
  private final Set<PaddleOperation> withWeights =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private String words = "";
  private Task task = Task.ENCODER;

  /**
   * Tensors under their structured names.
   *
   * @param tensors those without a role keep their own names
   * @param task what the head does, as far as the program tells
   */
  record Named(Map<String, SourceTensor> tensors, Task task) {}

  private ProgramParameters(ProgramGraph graph, Map<String, SourceTensor> tensors) {
    this.graph = graph;
    this.tensors = tensors;
  }

  /**
   * Names the tensors.
   *
   * @throws ModelFileException if the operations are not those of an encoder as Paddle exports it
   */
  static Named name(ProgramGraph graph, Map<String, SourceTensor> tensors)
      throws ModelFileException {
    ProgramParameters parameters = new ProgramParameters(graph, tensors);
    parameters.embeddings();
    parameters.collectProducts();
    int layers = parameters.norms();
    parameters.layers(layers);
    parameters.heads(parameters.products.subList(6 * layers, parameters.products.size()));
    tensors.forEach(
        (name, tensor) -> {
          if (!parameters.taken.contains(name)) {
            parameters.named.put(name, tensor);
          }
        });
    return new Named(parameters.named, parameters.task);
  }

  private void embeddings() throws ModelFileException {
    List<PaddleOperation> tables = graph.all("lookup_table_v2", "lookup_table");
    if (tables.size() < 3 || tables.size() > 4) {
      throw unknown("3 or 4 embeddings", tables.size());
    }
    for (int i = 0; i < tables.size(); i++) {
      weight(ParameterNames.TABLES.get(i), tables.get(i).input("W"));
    }
    words = tables.get(0).input("W");
  }

  /** Products with a matrix of parameters, in order. */
  private void collectProducts() {
    for (PaddleOperation operation : graph.all("matmul_v2", "matmul", "mul")) {
      if (isWeight(operation.input("Y"))) {
        withWeights.add(operation);
        if (!operation.input("Y").equals(words)) {
          products.add(operation);
        }
      }
    }
  }

  private boolean isWeight(String variable) {
    PaddleOperation producer = graph.producer(variable);
    return graph.isParameter(variable)
        || (producer != null
            && producer.is("dequantize_linear")
            && graph.isParameter(producer.input("X")));
  }

  /** Names the norms: one after the embeddings, two in each layer, perhaps one in a head. */
  private int norms() throws ModelFileException {
    List<PaddleOperation> norms = graph.all("layer_norm");
    int layers = (norms.size() - 1) / 2;
    if (layers < 1 || products.size() < 6 * layers) {
      throw unknown(
          "6 products with weights for each of %d layers".formatted(layers), products.size());
    }
    for (int i = 0; i < norms.size(); i++) {
      String name =
          i == 0
              ? ParameterNames.EMBEDDINGS_NORM
              : i > 2 * layers
                  ? HeadNames.MLM_NORM
                  : (i % 2 == 1 ? ATTENTION_NORM : OUTPUT_NORM).module((i - 1) / 2);
      take(name + ".weight", norms.get(i).input("Scale"));
      take(name + ".bias", norms.get(i).input("Bias"));
    }
    return layers;
  }

  private void layers(int layers) throws ModelFileException {
    List<PaddleOperation> attentions =
        graph.all("softmax").stream().filter(this::weighsValues).toList();
    if (attentions.size() != layers || graph.all("gelu").size() < layers) {
      throw unknown(
          "an attention and a GELU in each of %d layers".formatted(layers),
          Math.min(attentions.size(), graph.all("gelu").size()));
    }
    for (int i = 0; i < layers; i++) {
      List<PaddleOperation> rest = new ArrayList<>(products.subList(6 * i, 6 * i + 6));
      PaddleOperation softmax = attentions.get(i);
      PaddleOperation scores =
          require(
              graph.before(
                  softmax.input("X"),
                  o -> o.is("matmul_v2", "matmul") && !withWeights.contains(o)));
      PaddleOperation context =
          graph.consumer(softmax.output("Out"), "matmul_v2", "matmul").orElseThrow();
      part(QUERY.module(i), scores.input("X"), rest);
      part(KEY.module(i), scores.input("Y"), rest);
      part(VALUE.module(i), context.input("Y"), rest);
      linear(OUTPUT.module(i), rest.get(0));
      linear(EXPAND.module(i), rest.get(1));
      linear(CONTRACT.module(i), rest.get(2));
    }
  }

  private boolean weighsValues(PaddleOperation softmax) {
    return graph
        .consumer(softmax.output("Out"), "matmul_v2", "matmul")
        .filter(context -> context.input("X").equals(softmax.output("Out")))
        .isPresent();
  }

  /** Names the product that a variable comes from and removes it from those of the layer. */
  private void part(String name, String variable, List<PaddleOperation> rest)
      throws ModelFileException {
    PaddleOperation product = require(graph.before(variable, withWeights::contains));
    if (!rest.remove(product)) {
      throw graph.failure(
          "%s comes from a product in another place; not an encoder as Paddle exports it"
              .formatted(name));
    }
    linear(name, product);
  }

  private void heads(List<PaddleOperation> others) throws ModelFileException {
    List<PaddleOperation> ofPooled = new ArrayList<>();
    List<PaddleOperation> ofStates = new ArrayList<>();
    for (PaddleOperation product : others) {
      String sum = sum(product);
      if (graph.consumer(sum, "tanh").isPresent()) {
        linear(ParameterNames.POOLER, product);
      } else if (graph.consumer(sum, "gelu").isPresent()) {
        linear(HeadNames.MLM_TRANSFORM, product);
      } else {
        PaddleOperation source = graph.before(product.input("X"), o -> o.is("tanh", "layer_norm"));
        (source != null && source.is("tanh") ? ofPooled : ofStates).add(product);
      }
    }
    for (PaddleOperation decoder : graph.all("matmul_v2", "matmul")) {
      if (decoder.input("Y").equals(words)) {
        bias(HeadNames.MLM_DECODER_BIAS, decoder);
      }
    }
    if (named.containsKey(HeadNames.MLM_TRANSFORM + ".weight")) {
      task = Task.MASKED_LM;
    }
    for (Task candidate : Task.values()) {
      List<PaddleOperation> products = products(candidate, ofPooled, ofStates);
      if (!products.isEmpty()) {
        for (int i = 0; i < products.size(); i++) {
          linear(candidate.outputs().get(i).layer(), products.get(i));
        }
        task = candidate;
        return;
      }
    }
  }

  /** The products of a task's outputs; empty if the program has others. */
  private List<PaddleOperation> products(
      Task candidate, List<PaddleOperation> ofPooled, List<PaddleOperation> ofStates) {
    List<PaddleOperation> pooled = new ArrayList<>(ofPooled);
    List<PaddleOperation> states = new ArrayList<>(ofStates);
    List<PaddleOperation> found = new ArrayList<>();
    for (HeadOutput output : candidate.outputs()) {
      List<PaddleOperation> rest = output.row().isPooled() ? pooled : states;
      if (rest.isEmpty() || !output.suits(columns(rest.get(0)))) {
        return List.of();
      }
      found.add(rest.remove(0));
    }
    return pooled.isEmpty() && states.isEmpty() ? found : List.of();
  }

  /** The outputs of a product with a weight. */
  private int columns(PaddleOperation product) {
    PaddleOperation producer = graph.producer(product.input("Y"));
    String weight =
        producer != null && producer.is("dequantize_linear")
            ? producer.input("X")
            : product.input("Y");
    SourceTensor tensor = tensors.get(weight);
    return tensor == null || tensor.shape().length != 2 ? 0 : tensor.shape()[1];
  }

  private void linear(String name, PaddleOperation product) throws ModelFileException {
    weight(name + ".weight", product.input("Y"));
    bias(name + ".bias", product);
    PaddleOperation input = graph.producer(product.input("X"));
    if (named.containsKey(ParameterNames.weightScale(name))
        && input != null
        && input.is("dequantize_linear", "quantize_linear")) {
      take(ParameterNames.inputScale(name), input.input("Scale"));
    }
  }

  private void bias(String name, PaddleOperation product) throws ModelFileException {
    PaddleOperation addition =
        graph.consumer(product.output("Out"), "elementwise_add").orElse(null);
    if (addition != null && graph.isParameter(addition.input("Y"))) {
      take(name, addition.input("Y"));
    }
  }

  /** The variable after product and bias. */
  private String sum(PaddleOperation product) {
    return graph
        .consumer(product.output("Out"), "elementwise_add")
        .map(addition -> addition.output("Out"))
        .orElse(product.output("Out"));
  }

  private void weight(String name, String variable) throws ModelFileException {
    PaddleOperation producer = graph.producer(variable);
    String module = name.substring(0, name.lastIndexOf('.'));
    if (producer != null && producer.is("dequantize_linear")) {
      take(name, producer.input("X"));
      take(ParameterNames.weightScale(module), producer.input("Scale"));
      taken.add(producer.input("ZeroPoint"));
    } else if (producer != null && producer.is("dequantize_log")) {
      take(name, producer.input("X"));
      take(ParameterNames.weightDictionary(module), producer.input("Dict"));
    } else {
      take(name, variable);
    }
  }

  private void take(String name, String variable) throws ModelFileException {
    SourceTensor tensor = tensors.get(variable);
    if (tensor == null) {
      throw graph.failure(
          "parameter '%s' should be the variable '%s', which has no value"
              .formatted(name, variable));
    }
    taken.add(variable);
    named.put(name, tensor);
  }

  private PaddleOperation require(@Nullable PaddleOperation operation) throws ModelFileException {
    if (operation == null) {
      throw graph.failure("an attention without scores or layers");
    }
    return operation;
  }

  private ModelFileException unknown(String expected, int found) {
    return graph.failure(
        "not the program of an ERNIE encoder as Paddle exports it (an optimized one has fused operations): expected %s, found %d"
            .formatted(expected, found));
  }
}
