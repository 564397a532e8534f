package ernie4j.zoo.conversion;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.Int8Weight.Coding;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.ModelFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes parameters of known shapes from the tensors of a file and keeps track of them. */
final class ParameterCollector {
  /** A tensor and its name in the file. */
  record NamedTensor(String name, SourceTensor tensor) {}

  private final String file;
  private final Map<String, NamedTensor> tensors;
  private final ParameterStore parameters = new ParameterStore();
  private final List<String> missing = new ArrayList<>();
  private final Set<String> used = new HashSet<>();

  ParameterCollector(String file, Map<String, NamedTensor> tensors) {
    this.file = file;
    this.tensors = tensors;
  }

  Set<String> names() {
    return tensors.keySet();
  }

  boolean contains(String name) {
    return tensors.containsKey(name);
  }

  ParameterStore parameters() {
    return parameters;
  }

  List<String> missing() {
    return missing;
  }

  /** The names, as in the file, of tensors that were not taken. */
  List<String> ignored() {
    return tensors.entrySet().stream()
        .filter(entry -> !used.contains(entry.getKey()))
        .map(entry -> entry.getValue().name())
        .toList();
  }

  /** Some names that do not belong to the encoder, to show how the file names what is missing. */
  private List<String> strangers() {
    return names().stream().filter(name -> !name.startsWith("ernie.")).limit(5).toList();
  }

  /** The shape of a matrix that must be there. */
  int[] matrix(String name) throws ModelFileException {
    int[] shape = tensor(name).tensor().shape();
    if (shape.length != 2 || shape[0] == 0 || shape[1] == 0) {
      throw wrongShape(name, "a matrix");
    }
    return shape;
  }

  /**
   * Whether all of these parameters are present. Absent ones are noted as missing if some are
   * present, or in any case.
   */
  boolean completeOrMissing(List<String> names, boolean inAnyCase) {
    List<String> absent = names.stream().filter(name -> !contains(name)).toList();
    if (inAnyCase || absent.size() < names.size()) {
      missing.addAll(absent);
    }
    return absent.isEmpty();
  }

  /** Takes an embedding, floats or codes. */
  void table(String name, int rows, int hidden) throws IOException {
    put(name, rows, hidden);
  }

  /** Takes weight, floats or codes, and bias of a linear layer. */
  void linear(String module, int in, int out) throws IOException {
    put(module + ".weight", in, out);
    vector(module + ".bias", out);
  }

  void norm(String module, int size) throws IOException {
    vector(module + ".weight", size);
    vector(module + ".bias", size);
  }

  void vector(String name, int size) throws IOException {
    parameters.put(name, floats(name, size));
  }

  private void put(String name, int... shape) throws IOException {
    SourceTensor source = tensor(name).tensor();
    if (source.type() != ElementType.INT8) {
      parameters.put(name, floats(name, shape));
      return;
    }
    requireShape(name, shape);
    used.add(name);
    Coding coding = Coding.of(name, this::contains);
    String beside = coding.companion(name);
    int[] count =
        switch (coding) {
          case COLUMN_SCALES -> new int[] {shape[1]};
          case ROW_SCALES -> new int[] {shape[0]};
          case DICTIONARY -> new int[] {SourceTensor.elements(tensor(beside).tensor().shape())};
        };
    float[] worth = floats(beside, count).data();
    try {
      parameters.put(name, new Int8Weight(source.codes(), coding, worth, shape));
    } catch (IllegalArgumentException e) {
      throw failure("tensor '%s': %s".formatted(tensor(name).name(), e.getMessage()));
    }
    String input = ParameterNames.inputScale(ParameterNames.module(name));
    if (contains(input)) {
      vector(input, 1);
      float scale = parameters.get(input).get(0);
      if (!(scale > 0 && scale <= Float.MAX_VALUE)) {
        throw failure(
            "tensor '%s': expected a number above 0, got %s"
                .formatted(tensor(input).name(), scale));
      }
    }
  }

  /** Whether a tensor, if it is there, holds the same numbers as a parameter already taken. */
  boolean isCopyIfThere(String name, String taken) throws IOException {
    if (!contains(name)) {
      return true;
    }
    SourceTensor source = tensor(name).tensor();
    boolean equal =
        source.equals(tensor(taken).tensor())
            || (!parameters.isInt8(taken)
                && Arrays.equals(source.shape(), parameters.shape(taken))
                && Arrays.equals(source.floats(), parameters.get(taken).data()));
    if (equal) {
      used.add(name);
    }
    return equal;
  }

  private Tensor floats(String name, int... shape) throws IOException {
    requireShape(name, shape);
    SourceTensor source = tensor(name).tensor();
    if (!source.type().isFloating()) {
      throw failure(
          "tensor '%s': expected floating-point numbers, got %s"
              .formatted(tensor(name).name(), source.type()));
    }
    used.add(name);
    return Tensor.of(source.floats(), shape);
  }

  private void requireShape(String name, int... shape) throws ModelFileException {
    if (!Arrays.equals(tensor(name).tensor().shape(), shape)) {
      throw wrongShape(name, "shape " + Arrays.toString(shape));
    }
  }

  private ModelFileException wrongShape(String name, String expected) throws ModelFileException {
    NamedTensor named = tensor(name);
    return failure(
        "tensor '%s': expected %s, got %s"
            .formatted(named.name(), expected, Arrays.toString(named.tensor().shape())));
  }

  private NamedTensor tensor(String name) throws ModelFileException {
    NamedTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw failure(
          "not a complete encoder of the BERT shape: it has no parameter '%s'; tensors with other names: %s"
              .formatted(name, strangers()));
    }
    return tensor;
  }

  ModelFileException failure(String problem) {
    return new ModelFileException(file, problem);
  }
}
