package ernie4j.engine.encoder;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.Tensor;
import ernie4j.engine.Weight;
import ernie4j.engine.WeightType;
import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Takes the weights of linear layers from a model and packs them, floats block by block. */
final class LinearReader {
  /** Values that are read before they are packed: few enough to stay in the second-level cache. */
  private static final int BLOCK = 1 << 14;

  private final Kernels kernels;
  private final ParameterSource parameters;
  private final int in;

  LinearReader(Kernels kernels, ParameterSource parameters, int in) {
    this.kernels = kernels;
    this.parameters = parameters;
    this.in = in;
  }

  /** Makes one product of all adjacent layers that can share one. */
  List<LinearProduct> products(List<String> names) {
    List<LinearProduct> products = new ArrayList<>();
    for (int first = 0; first < names.size(); ) {
      int end = first + 1;
      while (end < names.size() && together(names.get(first), names.get(end))) {
        end++;
      }
      List<String> group = names.subList(first, end);
      WeightType type = type(group.get(0));
      products.add(type == WeightType.INT8 ? int8(group) : floats(group, type));
      first = end;
    }
    return products;
  }

  private boolean together(String a, String b) {
    return type(a) == type(b) && (type(a) != WeightType.INT8 || inputScale(a) == inputScale(b));
  }

  private WeightType type(String name) {
    return parameters.weight(weight(name)).type();
  }

  private static String weight(String name) {
    return name + ".weight";
  }

  private int columns(List<String> names) {
    return names.stream().mapToInt(this::columns).sum();
  }

  private int columns(String name) {
    int[] shape = parameters.shape(weight(name));
    if (shape.length != 2 || shape[0] != in || shape[1] < 1) {
      throw new IllegalArgumentException(
          String.format(
              "Parameter '%s.weight': expected shape [%d, out], got %s",
              name, in, Arrays.toString(shape)));
    }
    return shape[1];
  }

  private FloatProduct floats(List<String> names, WeightType type) {
    int out = columns(names);
    PackedMatrix packed =
        type == WeightType.BFLOAT16
            ? kernels.newBfloat16Matrix(in, out)
            : kernels.newPackedMatrix(in, out);
    float[] block = new float[Math.max(out, Math.min(BLOCK, Math.multiplyExact(in, out)))];
    int column = 0;
    for (String name : names) {
      Weight weight = parameters.weight(weight(name));
      int count = columns(name);
      int height = block.length / count;
      for (int row = 0; row < in; row += height) {
        int rows = Math.min(height, in - row);
        weight.read(row * count, rows * count, block, 0);
        kernels.packBlock(rows, count, block, 0, count, packed, row, column);
      }
      column += count;
    }
    return new FloatProduct(kernels, packed, biases(names, out));
  }

  private Int8Product int8(List<String> names) {
    int out = columns(names);
    List<Int8Weight> weights = names.stream().map(this::codes).collect(Collectors.toList());
    float[] scales = new float[out];
    int column = 0;
    for (Int8Weight weight : weights) {
      System.arraycopy(weight.scales(), 0, scales, column, weight.scales().length);
      column += weight.scales().length;
    }
    Int8Matrix packed = kernels.newInt8Matrix(in, out, scales);
    column = 0;
    for (Int8Weight weight : weights) {
      int count = weight.scales().length;
      kernels.packCodes(in, count, weight.codes(), 0, count, packed, 0, column);
      column += count;
    }
    return new Int8Product(kernels, packed, inputScale(names.get(0)), biases(names, out));
  }

  private Int8Weight codes(String name) {
    if (parameters.weight(weight(name)).inMemory() instanceof Int8Weight codes
        && codes.coding() == Int8Weight.Coding.COLUMN_SCALES) {
      return codes;
    }
    throw new IllegalArgumentException(
        String.format(
            "Parameter '%s': expected int8 codes with %s, as a linear layer has",
            weight(name), Int8Weight.Coding.COLUMN_SCALES));
  }

  private float inputScale(String name) {
    String scale = ParameterNames.inputScale(name);
    if (!parameters.contains(scale)) {
      return 0;
    }
    float value = parameters.get(scale, 1).get(0);
    if (!(value > 0 && value <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          String.format("Parameter '%s': expected a number above 0, got %s", scale, value));
    }
    return value;
  }

  /** The biases of all layers, one after the other. */
  private float[] biases(List<String> names, int out) {
    float[] joined = new float[out];
    int column = 0;
    for (String name : names) {
      Tensor bias = parameters.get(name + ".bias", columns(name));
      bias.read(0, bias.size(), joined, column);
      column += bias.size();
    }
    return joined;
  }
}
