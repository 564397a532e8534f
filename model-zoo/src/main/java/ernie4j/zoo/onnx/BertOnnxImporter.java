package ernie4j.zoo.onnx;

import ernie4j.engine.ParameterNames;
import ernie4j.engine.file.FileFailure;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.EncoderAssembly;
import ernie4j.zoo.conversion.GivenConfig;
import ernie4j.zoo.conversion.ImportedEncoder;
import ernie4j.zoo.conversion.ImportedHead;
import ernie4j.zoo.conversion.SourceTensor;
import ernie4j.zoo.conversion.TensorInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Turns ONNX files of BERT and ERNIE encoders into parameters with Paddle's names and {@code [in,
 * out]} layout and the configuration that fits them. It reads
 *
 * <ul>
 *   <li>exports of Hugging Face's models by torch,
 *   <li>exports of PaddleNLP's models by Paddle2ONNX ({@code linear_0.w_0} ...),
 *   <li>both after ONNX Runtime's quantize_dynamic: symmetric int8 weights stay as they are, with a
 *       scale of the input for every token instead of one for the whole input; others become
 *       floats, and a note says so,
 *   <li>what {@link OnnxExport} writes, bit for bit.
 * </ul>
 *
 * <p>The graph must not be an optimized one. What it computes is not executed or compared: sizes
 * come from the parameters' shapes; the number of heads and the layer norms' epsilon from constants
 * of the graph.
 */
public final class BertOnnxImporter {
  /** Converters to half floats replace 1e-12 with their smallest normal number or 0. */
  private static final float SMALLEST_HALF = 1e-6f;

  private static final float USUAL_EPSILON = 1e-12f;

  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private final OnnxGraph graph;

  private BertOnnxImporter(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * An encoder and the head that our own exports describe.
   *
   * @param encoder the encoder
   * @param head no head for files of other tools
   */
  public record Imported(ImportedEncoder encoder, ImportedHead head) {}

  /**
   * Reads a file and those in its folder that it refers to.
   *
   * @throws ModelFileException if it is damaged or not the export of a BERT-shaped encoder
   */
  public static Imported read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), content(file.toString(), in), ExternalFiles.beside(file));
    } catch (IOException e) {
      throw FileFailure.at(file, e);
    }
  }

  /**
   * Reads a stream to its end, for models that are resources on the class path.
   *
   * @param name what messages call the model
   * @throws ModelFileException if it is damaged or not the export of a BERT-shaped encoder
   */
  public static Imported read(String name, InputStream in) throws IOException {
    return read(name, content(name, in));
  }

  /** The initializers of a file of any model. */
  public static List<TensorInfo> list(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return list(
          OnnxFile.read(file.toString(), content(file.toString(), in), ExternalFiles.beside(file)));
    } catch (IOException e) {
      throw FileFailure.at(file, e);
    }
  }

  /** The initializers of a stream, which is read to its end. */
  public static List<TensorInfo> list(String name, InputStream in) throws IOException {
    return list(OnnxFile.read(name, content(name, in)));
  }

  private static List<TensorInfo> list(OnnxFile file) {
    List<TensorInfo> all = new ArrayList<>();
    for (OnnxTensor tensor : file.initializers().values()) {
      all.add(
          new TensorInfo(
              tensor.name(),
              tensor.isReadable() ? tensor.type().name().toLowerCase(Locale.ROOT) : "another type",
              Arrays.stream(tensor.shape()).mapToObj(Long::valueOf).toList()));
    }
    return all;
  }

  private static byte[] content(String name, InputStream in) throws IOException {
    byte[] content = in.readNBytes(MAX_BYTES);
    if (content.length == MAX_BYTES) {
      throw new ModelFileException(name, "files of 2 GiB and more are not supported");
    }
    return content;
  }

  static Imported read(String name, byte[] content) throws IOException {
    return read(name, content, ExternalFiles.none(name));
  }

  private static Imported read(String name, byte[] content, ExternalFiles files)
      throws IOException {
    return new BertOnnxImporter(new OnnxGraph(OnnxFile.read(name, content, files))).read();
  }

  private Imported read() throws IOException {
    BertConstants constants = new BertConstants(graph);
    constants.requireNotFused();
    OnnxParameters found = OnnxParameters.find(graph);
    requireFewSharedNumbers(found.sources());
    Optional<OnnxMetadata> metadata = OnnxMetadata.read(graph);
    Map<String, Integer> sizes = new HashMap<>();
    sizes.put("num_attention_heads", constants.attentionHeads(hiddenSize(found.sources())));
    metadata.ifPresent(
        own -> {
          sizes.put("intermediate_size", own.intermediateSize());
          sizes.put("pad_token_id", own.paddingId());
        });
    List<String> notes = new ArrayList<>();
    float epsilon = constants.layerNormEpsilon();
    if (constants.isHalf() && epsilon < SMALLEST_HALF && epsilon != USUAL_EPSILON) {
      notes.add(
          "The graph is one of half floats, in which epsilon has become %s; 1e-12, which BERT has, is used."
              .formatted(epsilon));
      epsilon = USUAL_EPSILON;
    }
    GivenConfig given =
        new GivenConfig(
            "the graph",
            sizes,
            Optional.empty(),
            "gelu",
            epsilon,
            metadata.map(OnnxMetadata::zeroPaddingEmbedding).orElse(found.zeroPadding()));
    ImportedEncoder encoder = EncoderAssembly.assemble(graph.name(), found.sources(), given);
    constants.requireErfGelu(encoder.config().layers());
    notes.addAll(encoder.notes());
    notes.addAll(found.notes());
    return new Imported(
        new ImportedEncoder(
            encoder.config(), encoder.parameters(), encoder.missing(), encoder.ignored(), notes),
        metadata.map(OnnxMetadata::head).orElse(ImportedHead.NONE));
  }

  /** Several parameters may share a tensor, but not so many that a small file fills memory. */
  private void requireFewSharedNumbers(Map<String, SourceTensor> sources)
      throws ModelFileException {
    long numbers = 0;
    for (SourceTensor tensor : sources.values()) {
      numbers += SourceTensor.elements(tensor.shape());
    }
    if (numbers > graph.bytes()) {
      throw graph.failure(
          "%d bytes hold parameters of %d numbers, shared too often for a model"
              .formatted(graph.bytes(), numbers));
    }
  }

  private int hiddenSize(Map<String, SourceTensor> sources) throws ModelFileException {
    SourceTensor words = sources.get(ParameterNames.WORD_EMBEDDINGS);
    if (words == null || words.shape().length != 2) {
      throw graph.failure(
          "not the export of a BERT-shaped encoder, or an optimized one: it has no matrix of word"
              + " embeddings, only tensors such as "
              + sources.keySet().stream().limit(5).toList());
    }
    return words.shape()[1];
  }
}
