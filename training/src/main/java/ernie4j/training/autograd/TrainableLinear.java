package ernie4j.training.autograd;

import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One or more linear layers with the same input, computed as one product with their columns side by
 * side. The weights are packed again only after they have changed: {@link #invalidate}.
 *
 * <p>After {@link #quantize}, the product uses a quantized input and quantized weights, forward and
 * backward.
 */
public final class TrainableLinear {
  private final Kernels kernels;
  private final List<Variable> weights;
  private final List<Variable> biases;

  /** The factors of the product: the values of the weights, or the quantized ones. */
  private List<float[]> factors;

  private LinearQuantization quantization = LinearQuantization.NONE;

  /** One product per layer if their quantizations differ; otherwise empty. */
  private List<TrainableLinear> parts = List.of();

  private final int in;
  private final int out;
  private final PackedMatrix forward;
  private final PackedMatrix backward;
  private final float[] bias;
  private boolean forwardPacked;
  private boolean backwardPacked;

  /**
   * A product of the given layers.
   *
   * @param kernels the arithmetic to compute with
   * @param weights one per layer, each {@code [in, out]} with the same {@code in}
   * @param biases one per layer, each {@code [1, out]}
   * @throws IllegalArgumentException if the shapes do not match
   */
  public TrainableLinear(Kernels kernels, List<Variable> weights, List<Variable> biases) {
    this.kernels = kernels;
    this.weights = List.copyOf(weights);
    this.factors = this.weights.stream().map(Variable::value).toList();
    this.biases = List.copyOf(biases);
    this.in = weights.get(0).rows();
    int columns = 0;
    for (int i = 0; i < weights.size(); i++) {
      Variable weight = weights.get(i);
      if (weight.rows() != in || biases.get(i).size() != weight.columns()) {
        throw new IllegalArgumentException(
            "TrainableLinear: layer %d: expected a weight [%d, out] and a bias [out], got [%d, %d] and [%d]"
                .formatted(i, in, weight.rows(), weight.columns(), biases.get(i).size()));
      }
      columns += weight.columns();
    }
    this.out = columns;
    this.forward = kernels.newPackedMatrix(in, out);
    this.backward = kernels.newPackedMatrix(out, in);
    this.bias = new float[out];
  }

  /** Must be called when the weights have changed. */
  public void invalidate() {
    forwardPacked = false;
    backwardPacked = false;
    parts.forEach(TrainableLinear::invalidate);
  }

  /**
   * Quantizes input and weights from the next pass on. Layers with the same quantization share one
   * quantized input. If all layers have the same one, they remain one product; otherwise each
   * becomes a product of its own.
   *
   * @param quantizations one per layer
   * @throws IllegalArgumentException if there is not one per layer
   */
  public void quantize(List<LinearQuantization> quantizations) {
    if (quantizations.size() != weights.size()) {
      throw new IllegalArgumentException(
          "TrainableLinear.quantize: expected %d quantizations, one per layer, got %d"
              .formatted(weights.size(), quantizations.size()));
    }
    quantization = quantizations.get(0);
    boolean one = quantizations.stream().distinct().count() == 1;
    parts = one ? List.of() : separate(quantizations);
    factors =
        weights.stream()
            .map(w -> quantization == LinearQuantization.NONE ? w.value() : new float[w.size()])
            .toList();
    invalidate();
  }

  private List<TrainableLinear> separate(List<LinearQuantization> quantizations) {
    List<TrainableLinear> layers = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      TrainableLinear layer =
          new TrainableLinear(kernels, List.of(weights.get(i)), List.of(biases.get(i)));
      layer.quantize(List.of(quantizations.get(i)));
      layers.add(layer);
    }
    return layers;
  }

  /** {@return the number of output columns of all layers together} */
  public int out() {
    return out;
  }

  private void packForward(Tape tape) {
    int column = 0;
    for (int i = 0; i < weights.size(); i++) {
      Variable weight = weights.get(i);
      if (quantization != LinearQuantization.NONE) {
        quantization.weight(tape, weight, factors.get(i));
      }
      int n = weight.columns();
      Products.pack(tape, factors.get(i), 0, n, false, forward, column, n);
      System.arraycopy(biases.get(i).value(), 0, bias, column, n);
      column += n;
    }
    forwardPacked = true;
  }

  /** W^T. Its rows are the layers' columns, so each layer fills a block of rows. */
  private void packBackward(Tape tape) {
    if (weights.size() == 1) {
      Products.pack(tape, factors.get(0), 0, out, true, backward, 0, in);
    } else {
      float[] joined = tape.productWorkspace().transposed(in * out);
      int column = 0;
      for (int i = 0; i < weights.size(); i++) {
        int n = weights.get(i).columns();
        for (int k = 0; k < in; k++) {
          System.arraycopy(factors.get(i), k * n, joined, k * out + column, n);
        }
        column += n;
      }
      Products.pack(tape, joined, 0, out, true, backward, 0, in);
    }
    backwardPacked = true;
  }

  Variable apply(Tape tape, Variable x) {
    if (x.columns() != in) {
      throw new IllegalArgumentException(
          "linear: expected an input [rows, %d], got [%d, %d]"
              .formatted(in, x.rows(), x.columns()));
    }
    if (parts.isEmpty()) {
      return multiply(tape, quantization.input(tape, x));
    }
    Map<LinearQuantization, Variable> inputs = new HashMap<>();
    List<Variable> results = new ArrayList<>();
    for (TrainableLinear part : parts) {
      Variable input = inputs.computeIfAbsent(part.quantization, q -> q.input(tape, x));
      results.add(part.multiply(tape, input));
    }
    return ColumnJoin.apply(tape, results);
  }

  private Variable multiply(Tape tape, Variable x) {
    if (!forwardPacked) {
      packForward(tape);
    }
    Variable y = tape.result(x.rows(), out, true);
    Products.multiply(tape, x.rows(), x.value(), in, forward, bias, false, y.value(), out);
    tape.record(() -> differentiate(tape, x, y));
    return y;
  }

  private void differentiate(Tape tape, Variable x, Variable y) {
    if (!y.hasGradient()) {
      return;
    }
    float[] dy = y.gradient();
    if (x.needsGradient()) {
      if (!backwardPacked) {
        packBackward(tape);
      }
      Products.backpropagate(tape, x, dy, out, backward);
    }
    int rows = x.rows();
    float[] transposed = Products.transpose(tape, x.value(), rows, in);
    int column = 0;
    for (int i = 0; i < weights.size(); i++) {
      int n = weights.get(i).columns();
      PackedMatrix packed = tape.productWorkspace().packed(rows, n);
      Products.pack(tape, dy, column, out, false, packed, 0, n);
      float[] dw = weights.get(i).gradient();
      Products.multiply(
          tape, in, transposed, Products.leadingDimension(rows), packed, null, true, dw, n);
      addColumnSums(tape, rows, dy, column, out, biases.get(i).gradient(), n);
      column += n;
    }
  }

  private static void addColumnSums(
      Tape tape, int rows, float[] x, int offset, int ldx, float[] sums, int n) {
    tape.parallel()
        .run(
            n,
            16,
            (part, from, to) ->
                tape.kernels().columnSums(rows, to - from, x, offset + from, ldx, sums, from));
  }
}
