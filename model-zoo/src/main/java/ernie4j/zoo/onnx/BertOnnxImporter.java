package ernie4j.zoo.onnx;

import ernie4j.engine.ParameterNames;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.foreign.ElementType;
import ernie4j.zoo.foreign.EncoderAssembly;
import ernie4j.zoo.foreign.GivenConfig;
import ernie4j.zoo.foreign.ImportedEncoder;
import ernie4j.zoo.foreign.SourceTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
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

  private final OnnxGraph graph;
  private final Map<String, SourceTensor> sources = new LinkedHashMap<>();

  private BertOnnxImporter(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * Reads a file.
   *
   * @throws ModelFileException if it is damaged or not the export of a BERT-shaped encoder
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
   * @throws ModelFileException if it is damaged or not the export of a BERT-shaped encoder
   */
  public static ImportedEncoder read(String name, InputStream in) throws IOException {
    byte[] content = in.readNBytes(MAX_BYTES);
    if (content.length == MAX_BYTES) {
      throw new ModelFileException(name, "files of 2 GiB and more are not supported");
    }
    return read(name, content);
  }

  static ImportedEncoder read(String name, byte[] content) throws IOException {
    return new BertOnnxImporter(new OnnxGraph(OnnxFile.read(name, content))).importEncoder();
  }

  private ImportedEncoder importEncoder() throws IOException {
    collectSources();
    BertConstants constants = new BertConstants(graph);
    int hidden = hiddenSize();
    GivenConfig given =
        new GivenConfig(
            "the graph",
            Map.of("num_attention_heads", constants.attentionHeads(hidden)),
            Optional.empty(),
            "gelu",
            constants.layerNormEpsilon(),
            false);
    ImportedEncoder imported = EncoderAssembly.assemble(graph.name(), sources, given);
    constants.requireErfGelu(imported.config().layers());
    return imported;
  }

  private int hiddenSize() throws ModelFileException {
    SourceTensor words = sources.get(ParameterNames.WORD_EMBEDDINGS);
    if (words == null || words.shape().length != 2) {
      throw graph.failure(
          "not the float32 export of a BERT-shaped encoder, or an optimized one: it has no matrix of word embeddings, only tensors such as "
              + sources.keySet().stream().limit(5).toList());
    }
    return words.shape()[1];
  }

  /**
   * Embeddings and norms by their names, linear layers by the products they take part in, and the
   * other initializers under their own names, to be reported.
   */
  private void collectSources() throws ModelFileException {
    Set<OnnxTensor> found = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Map.Entry<String, OnnxTensor> constant : graph.constants().entrySet()) {
      Optional<String> name = HuggingFaceNames.parameter(constant.getKey());
      if (name.isPresent() && !isLinear(name.get())) {
        addSource(found, name.get(), constant.getValue(), false);
      }
    }
    for (Map.Entry<String, LinearLayers.Linear> entry : LinearLayers.find(graph).entrySet()) {
      LinearLayers.Linear linear = entry.getValue();
      addSource(found, entry.getKey() + ".weight", linear.weight(), linear.transposed());
      if (linear.bias() != null) {
        addSource(found, entry.getKey() + ".bias", linear.bias(), false);
      }
    }
    for (Map.Entry<String, OnnxTensor> other : graph.initializers().entrySet()) {
      if (!found.contains(other.getValue())) {
        addSource(found, other.getKey(), other.getValue(), false);
      }
    }
  }

  private static boolean isLinear(String parameter) {
    return HuggingFaceNames.isLinear(parameter.substring(0, parameter.lastIndexOf('.')));
  }

  private void addSource(Set<OnnxTensor> found, String name, OnnxTensor tensor, boolean transposed)
      throws ModelFileException {
    found.add(tensor);
    ElementType type = tensor.isFloat() ? ElementType.FLOAT32 : ElementType.INT64;
    SourceTensor source = SourceTensor.of(type, tensor.shape(), tensor::floats);
    if (sources.put(name, transposed ? source.transposed() : source) != null) {
      throw graph.failure("two tensors claim to be the parameter '" + name + "'");
    }
  }
}
