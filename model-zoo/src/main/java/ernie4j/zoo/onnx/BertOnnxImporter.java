package ernie4j.zoo.onnx;

import static ernie4j.engine.ParameterNames.EMBEDDINGS_NORM;
import static ernie4j.engine.ParameterNames.POOLER;
import static ernie4j.engine.ParameterNames.POSITION_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TASK_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.TOKEN_TYPE_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.WORD_EMBEDDINGS;
import static ernie4j.engine.ParameterNames.layer;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the ONNX export of a Hugging Face BERT or ERNIE into parameters with Paddle's names and
 * {@code [in, out]} layout and the configuration that fits them.
 *
 * <p>The graph must be the float32 export of torch, not an optimized or quantized one. What it
 * computes is not executed or compared: sizes come from the parameters' shapes; the number of heads
 * and the layer norms' epsilon from constants of the graph.
 */
public final class BertOnnxImporter {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;
  private static final String LAYERS = "ernie.encoder.layers.";

  private final OnnxGraph graph;
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final ParameterStore parameters = new ParameterStore();
  private final List<String> missing = new ArrayList<>();
  private final Set<OnnxTensor> used = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Where a parameter comes from and whether its matrix is [out, in]. */
  private record Source(OnnxTensor tensor, boolean transposed) {}

  private BertOnnxImporter(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * Reads a file.
   *
   * @throws OnnxException if it is damaged or not the export of a BERT-shaped encoder
   */
  public static ImportedEncoder read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in);
    }
  }

  /**
   * Reads a stream to its end, for models that are resources on the class path.
   *
   * @param name what messages call the model
   * @throws OnnxException if it is damaged or not the export of a BERT-shaped encoder
   */
  public static ImportedEncoder read(String name, InputStream in) throws IOException {
    byte[] content = in.readNBytes(MAX_BYTES);
    if (content.length == MAX_BYTES) {
      throw new OnnxException(name, "files of 2 GiB and more are not supported");
    }
    return read(name, content);
  }

  static ImportedEncoder read(String name, byte[] content) throws OnnxException {
    return new BertOnnxImporter(new OnnxGraph(OnnxFile.read(name, content))).importEncoder();
  }

  private ImportedEncoder importEncoder() throws OnnxException {
    collectSources();
    int[] word = matrixShape(WORD_EMBEDDINGS);
    int hidden = word[1];
    int layers = layerCount();
    int intermediate = linearOutputs(layer(0, "linear1"));
    boolean tasks = sources.containsKey(TASK_TYPE_EMBEDDINGS);
    BertConstants constants = new BertConstants(graph);
    constants.requireErfGelu(layers);
    int heads = constants.attentionHeads(hidden);
    EncoderConfig config =
        config(
            word,
            layers,
            heads,
            intermediate,
            tasks ? matrixShape(TASK_TYPE_EMBEDDINGS)[0] : 0,
            constants.layerNormEpsilon());
    takeEmbeddings(config);
    for (int i = 0; i < layers; i++) {
      takeLayer(i, hidden, intermediate);
    }
    takeHeads(hidden);
    return new ImportedEncoder(config, parameters, missing, ignored());
  }

  private EncoderConfig config(
      int[] word, int layers, int heads, int intermediate, int taskTypes, float epsilon)
      throws OnnxException {
    try {
      return new EncoderConfig(
          word[0],
          word[1],
          layers,
          heads,
          word[1] / heads,
          intermediate,
          matrixShape(POSITION_EMBEDDINGS)[0],
          matrixShape(TOKEN_TYPE_EMBEDDINGS)[0],
          taskTypes,
          epsilon,
          0,
          false);
    } catch (IllegalArgumentException e) {
      throw graph.failure("the sizes do not make an encoder: " + e.getMessage());
    }
  }

  /** Embeddings and norms by their names, linear layers by the products they take part in. */
  private void collectSources() throws OnnxException {
    for (Map.Entry<String, OnnxTensor> constant : graph.constants().entrySet()) {
      Optional<String> name = HuggingFaceNames.parameter(constant.getKey());
      if (name.isPresent() && !isLinear(name.get())) {
        addSource(name.get(), constant.getValue(), false);
      }
    }
    for (Map.Entry<String, LinearLayers.Linear> found : LinearLayers.find(graph).entrySet()) {
      LinearLayers.Linear linear = found.getValue();
      addSource(found.getKey() + ".weight", linear.weight(), linear.transposed());
      if (linear.bias() != null) {
        addSource(found.getKey() + ".bias", linear.bias(), false);
      }
    }
  }

  private static boolean isLinear(String parameter) {
    return HuggingFaceNames.isLinear(parameter.substring(0, parameter.lastIndexOf('.')));
  }

  private void addSource(String name, OnnxTensor tensor, boolean transposed) throws OnnxException {
    if (sources.put(name, new Source(tensor, transposed)) != null) {
      throw graph.failure("two tensors claim to be the parameter '" + name + "'");
    }
  }

  private int layerCount() {
    int layers = 1;
    for (String name : sources.keySet()) {
      if (name.startsWith(LAYERS)) {
        int end = name.indexOf('.', LAYERS.length());
        layers = Math.max(layers, 1 + Integer.parseInt(name, LAYERS.length(), end, 10));
      }
    }
    return layers;
  }

  private void takeEmbeddings(EncoderConfig config) throws OnnxException {
    int hidden = config.hiddenSize();
    take(WORD_EMBEDDINGS, config.vocabularySize(), hidden);
    take(POSITION_EMBEDDINGS, config.maxPositions(), hidden);
    take(TOKEN_TYPE_EMBEDDINGS, config.tokenTypes(), hidden);
    if (config.taskTypes() > 0) {
      take(TASK_TYPE_EMBEDDINGS, config.taskTypes(), hidden);
    }
    takePair(EMBEDDINGS_NORM, hidden);
  }

  private void takeLayer(int index, int hidden, int intermediate) throws OnnxException {
    for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
      takePair(layer(index, "self_attn." + projection), hidden, hidden);
    }
    takePair(layer(index, "linear1"), hidden, intermediate);
    takePair(layer(index, "linear2"), intermediate, hidden);
    takePair(layer(index, "norm1"), hidden);
    takePair(layer(index, "norm2"), hidden);
  }

  private void takeHeads(int hidden) throws OnnxException {
    for (String kind : List.of(".weight", ".bias")) {
      if (!sources.containsKey(POOLER + kind)) {
        missing.add(POOLER + kind);
      }
    }
    if (missing.isEmpty()) {
      takePair(POOLER, hidden, hidden);
    }
    if (sources.containsKey("classifier.weight")) {
      takePair("classifier", hidden, linearOutputs("classifier"));
    }
  }

  /** Takes a module's weight, of the given shape, and its bias, as long as the last dimension. */
  private void takePair(String module, int... weightShape) throws OnnxException {
    take(module + ".weight", weightShape);
    take(module + ".bias", weightShape[weightShape.length - 1]);
  }

  private void take(String name, int... shape) throws OnnxException {
    Source source = source(name);
    int[] stored = source.tensor.shape();
    int[] expected = source.transposed ? new int[] {shape[1], shape[0]} : shape;
    if (!Arrays.equals(stored, expected)) {
      throw graph.failure(
          "parameter '%s' from tensor %s: expected shape %s"
              .formatted(name, source.tensor, Arrays.toString(expected)));
    }
    float[] values = source.tensor.floats();
    used.add(source.tensor);
    parameters.put(
        name,
        Tensor.of(source.transposed ? transpose(values, stored[0], stored[1]) : values, shape));
  }

  private static float[] transpose(float[] values, int rows, int columns) {
    float[] result = new float[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        result[j * rows + i] = values[i * columns + j];
      }
    }
    return result;
  }

  private Source source(String name) throws OnnxException {
    Source source = sources.get(name);
    if (source == null) {
      throw graph.failure(
          "not the float32 export of a BERT-shaped encoder, or an optimized one: it has no parameter"
              + " '%s'; tensors without a role: %s"
                  .formatted(name, ignored().stream().limit(5).toList()));
    }
    return source;
  }

  private int[] matrixShape(String name) throws OnnxException {
    int[] shape = source(name).tensor.shape();
    if (shape.length != 2) {
      throw graph.failure(
          "parameter '%s': expected two dimensions, got %s"
              .formatted(name, Arrays.toString(shape)));
    }
    return shape;
  }

  private int linearOutputs(String module) throws OnnxException {
    int[] shape = matrixShape(module + ".weight");
    return shape[source(module + ".weight").transposed ? 0 : 1];
  }

  private List<String> ignored() {
    return graph.initializers().entrySet().stream()
        .filter(entry -> !used.contains(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }
}
