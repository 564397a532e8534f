package ernie4j.zoo.onnx;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.ElementType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads from the operations what the shapes of the parameters do not tell. */
final class BertConstants {
  /** Operations into which ONNX Runtime fuses several operations of a BERT. */
  private static final Set<String> FUSED =
      Set.of(
          "Attention",
          "BiasGelu",
          "EmbedLayerNormalization",
          "FastGelu",
          "FusedMatMul",
          "MultiHeadAttention",
          "QAttention",
          "QEmbedLayerNormalization",
          "SkipLayerNormalization",
          "DynamicQuantizeMatMul",
          "MatMulIntegerToFloat");

  private final OnnxGraph graph;

  BertConstants(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * The epsilon of the layer norms: what is added to a mean before a square root, or the attribute
   * of a LayerNormalization.
   *
   * @throws ModelFileException if there is none or the graph has several
   */
  float layerNormEpsilon() throws IOException {
    TreeSet<Float> found = new TreeSet<>();
    for (OnnxNode node : graph.nodes()) {
      if (node.is("LayerNormalization")) {
        OnnxNode.Attribute epsilon = node.attributes().get("epsilon");
        found.add(epsilon == null ? 1e-5f : epsilon.number());
      } else if (node.is("Sqrt")) {
        Optional<OnnxNode> sum = graph.producer(node.input(0), "Add");
        if (sum.isPresent()) {
          graph.scalar(sum.get().input(0)).ifPresent(found::add);
          graph.scalar(sum.get().input(1)).ifPresent(found::add);
        }
      }
    }
    if (found.size() != 1) {
      throw graph.failure("expected one epsilon for all layer norms, found " + found);
    }
    return found.first();
  }

  /** Whether numbers of the graph are half floats, which have no 1e-12. */
  boolean isHalf() {
    return graph.constants().values().stream().anyMatch(tensor -> tensor.is(ElementType.FLOAT16));
  }

  /**
   * Refuses a graph whose operations ONNX Runtime has fused.
   *
   * @throws ModelFileException naming some of them
   */
  void requireNotFused() throws ModelFileException {
    List<String> fused =
        graph.nodes().stream().map(OnnxNode::operation).filter(FUSED::contains).distinct().toList();
    if (!fused.isEmpty()) {
      throw graph.failure(
          "this is a graph after ONNX Runtime's optimization, with the operations %s, which are not read here; convert the file that was optimized, or the weights that it was exported from (safetensors, pytorch_model.bin)"
              .formatted(fused));
    }
  }

  /**
   * The number of attention heads: from the shape [batch, length, heads, head size] that queries
   * are cut into, or else from the score's divisor, the square root of the head size.
   *
   * @throws ModelFileException if neither is in the graph or they contradict each other
   */
  int attentionHeads(int hiddenSize) throws IOException {
    TreeSet<Long> found = new TreeSet<>();
    for (OnnxNode node : graph.nodes()) {
      if (node.is("Reshape")) {
        addHeads(shape(node.input(1)), hiddenSize, found);
      }
    }
    if (found.isEmpty()) {
      for (OnnxNode node : graph.nodes()) {
        if (node.is("Softmax")) {
          addHeads(scoreDivisor(node.input(0)), hiddenSize, found);
        }
      }
    }
    if (found.size() != 1) {
      throw graph.failure(
          "cannot tell the number of attention heads from the graph: found " + found);
    }
    return (int) (long) found.first();
  }

  /** Heads from a shape whose last two numbers are heads and head size, one of them maybe -1. */
  private static void addHeads(List<Long> shape, int hiddenSize, Set<Long> found) {
    if (shape.size() != 4) {
      return;
    }
    long heads = shape.get(2);
    long headSize = shape.get(3);
    if (heads > 0 && heads <= hiddenSize && headSize == -1 && hiddenSize % heads == 0) {
      found.add(heads);
    } else if (heads == -1 && headSize > 0 && hiddenSize % headSize == 0) {
      found.add(hiddenSize / headSize);
    } else if (heads > 0
        && headSize > 0
        && headSize <= hiddenSize
        && hiddenSize % headSize == 0
        && heads <= hiddenSize / headSize) {
      // Width pruning leaves fewer heads of the same size.
      found.add(hiddenSize / headSize);
    }
  }

  /** The numbers of a shape that is constant or joined from parts; -2 for an unknown part. */
  private List<Long> shape(String value) throws IOException {
    Optional<OnnxNode> concat = graph.producer(value, "Concat");
    List<String> parts = concat.isPresent() ? concat.get().inputs() : List.of(value);
    List<Long> numbers = new ArrayList<>();
    for (String part : parts) {
      OnnxTensor tensor = graph.constant(part);
      if (tensor == null
          || !tensor.is(ElementType.INT64)
          || tensor.elements() > 8
          || numbers.size() > 8) {
        numbers.add(-2L);
      } else {
        for (long number : tensor.longs()) {
          numbers.add(number);
        }
      }
    }
    return numbers;
  }

  /** The shape [?, ?, -1, head size] that follows from a division of the scores by a constant. */
  private List<Long> scoreDivisor(String scores) throws IOException {
    String value = scores;
    Optional<OnnxNode> masked = graph.producer(value, "Add");
    List<String> candidates = masked.isPresent() ? masked.get().inputs() : List.of(value);
    for (String candidate : candidates) {
      Optional<OnnxNode> division = graph.producer(candidate, "Div");
      Optional<Float> divisor =
          division.isPresent() ? graph.scalar(division.get().input(1)) : Optional.empty();
      if (divisor.isPresent()) {
        long headSize = Math.round((double) divisor.get() * divisor.get());
        return List.of(-2L, -2L, -1L, headSize);
      }
    }
    return List.of();
  }

  /**
   * Checks that every layer has the exact GELU, the only activation that the engine knows.
   *
   * @throws ModelFileException if fewer than {@code layers} are found
   */
  void requireErfGelu(int layers) throws ModelFileException {
    long found = graph.nodes().stream().filter(node -> node.is("Erf") || isExactGelu(node)).count();
    if (found < layers) {
      throw graph.failure(
          "expected the erf form of GELU in each of %d layers, found it %d times; other activations are not supported"
              .formatted(layers, found));
    }
  }

  private static boolean isExactGelu(OnnxNode node) {
    return node.is("Gelu") && !node.attribute("approximate").text().equals("tanh");
  }
}
