package ernie4j.zoo.paddle;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.FileBytes;
import ernie4j.zoo.conversion.SourceTensor;
import ernie4j.zoo.pickle.NumpyArray;
import ernie4j.zoo.pickle.NumpyGlobals;
import ernie4j.zoo.pickle.PickleFunction;
import ernie4j.zoo.pickle.Tuple;
import ernie4j.zoo.pickle.Unpickler;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code .pdparams} file: the pickled dict of arrays that {@code paddle.save} writes, in any of
 * its forms since Paddle 2.0. The arrays stay in the file, which is open until this is closed.
 */
public final class PaddleParameters implements Closeable {
  private static final String PARAMETER_NAMES = "StructuredToParameterName@@";
  private static final String BIG_PARAMETERS = "UnpackBigParamInfor@@";

  private final FileBytes file;
  private final Map<String, SourceTensor> tensors = new LinkedHashMap<>();
  private final List<String> others = new ArrayList<>();

  private PaddleParameters(FileBytes file) {
    this.file = file;
  }

  /**
   * Opens a file and reads everything but the arrays' numbers.
   *
   * @throws ModelFileException if it is damaged, not a pickled dict, or asks to execute something
   */
  public static PaddleParameters open(Path path) throws IOException {
    FileBytes file = FileBytes.open(path);
    try {
      return read(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  static PaddleParameters read(FileBytes file) throws IOException {
    PaddleParameters parameters = new PaddleParameters(file);
    Object root = Unpickler.read(file, globals());
    if (!(root instanceof Map<?, ?> dict)) {
      throw parameters.failure("expected a dict of parameters, got something else");
    }
    parameters.addAll(dict);
    return parameters;
  }

  /** The tensors by name, in file order. */
  public Map<String, SourceTensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /** The names of entries that are not tensors, for example of an optimizer's state. */
  public List<String> others() {
    return Collections.unmodifiableList(others);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static Map<String, PickleFunction> globals() {
    Map<String, PickleFunction> table = new HashMap<>(NumpyGlobals.table());
    table.put("builtins.eval", PaddleParameters::lodTensor);
    table.put("__builtin__.eval", PaddleParameters::lodTensor);
    return table;
  }

  /** An old LoDTensor is pickled as eval('data', {'data': array}): the array, nothing else. */
  private static Object lodTensor(List<Object> arguments) {
    if (arguments.size() == 2
        && arguments.get(0).equals("data")
        && arguments.get(1) instanceof Map<?, ?> scope
        && scope.size() == 1
        && scope.get("data") instanceof NumpyArray array) {
      return array;
    }
    throw new IllegalArgumentException(
        "eval of anything but the array of a tensor; nothing was executed, do not trust this file");
  }

  private void addAll(Map<?, ?> dict) throws ModelFileException {
    Map<?, ?> big = dict.get(BIG_PARAMETERS) instanceof Map<?, ?> info ? info : Map.of();
    Set<Object> slices = new HashSet<>();
    for (Object entry : big.values()) {
      if (entry instanceof Map<?, ?> m && m.get("slices") instanceof List<?> names) {
        names.stream().filter(String.class::isInstance).forEach(slices::add);
      }
    }
    Set<SourceTensor> counted = Collections.newSetFromMap(new IdentityHashMap<>());
    long bytes = 0;
    long numbers = 0;
    for (Map.Entry<?, ?> entry : dict.entrySet()) {
      NumpyArray array = array(entry.getValue());
      if (array != null) {
        long elements = SourceTensor.elements(array.shape());
        numbers += slices.contains(entry.getKey()) ? 0 : elements;
        bytes += counted.add(array) ? elements * array.type().bytes() : 0;
      }
      if (slices.contains(entry.getKey())
          || entry.getKey().equals(PARAMETER_NAMES)
          || entry.getKey().equals(BIG_PARAMETERS)) {
        continue;
      }
      if (array == null) {
        others.add(entry.getKey().toString());
      } else {
        tensors.put(entry.getKey().toString(), array);
      }
    }
    if (bytes > file.size()) {
      throw failure(
          "the arrays have %d bytes, more than the file's %d".formatted(bytes, file.size()));
    }
    for (Map.Entry<?, ?> entry : big.entrySet()) {
      numbers += join(dict, entry.getKey().toString(), entry.getValue());
    }
    // Names may share an array, but not so many that a small file makes a large model.
    if (numbers > file.size()) {
      throw failure(
          "%d bytes hold arrays of %d numbers, shared too often for a model"
              .formatted(file.size(), numbers));
    }
  }

  /** The array of a value: itself, or that of a pair of name and array. */
  private @Nullable NumpyArray array(@Nullable Object value) throws ModelFileException {
    Object content =
        value instanceof Tuple pair && pair.items().size() == 2 ? pair.items().get(1) : value;
    if (!(content instanceof NumpyArray array)) {
      return null;
    }
    if (!array.isComplete()) {
      throw failure("an array never gets its content; the file is damaged");
    }
    return array;
  }

  /**
   * Joins a parameter that was sliced because protocol 2 has no large objects.
   *
   * @return how many numbers it has
   */
  private long join(Map<?, ?> dict, String name, Object description) throws ModelFileException {
    if (!(description instanceof Map<?, ?> info)
        || !(info.get("OriginShape") instanceof Tuple dimensions)
        || !(info.get("slices") instanceof List<?> sliceNames)) {
      throw failure("parameter '%s' should say its shape and slices".formatted(name));
    }
    int[] shape = new int[dimensions.items().size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = dimensions.items().get(i) instanceof Long size ? (int) (long) size : -1;
    }
    List<NumpyArray> slices = new ArrayList<>();
    long elements = 0;
    for (Object slice : sliceNames) {
      NumpyArray array = array(dict.get(slice));
      if (array == null || slices.contains(array)) {
        throw failure("parameter '%s' lacks a slice or has one twice".formatted(name));
      }
      slices.add(array);
      elements += SourceTensor.elements(array.shape());
    }
    if (slices.isEmpty() || elements != elements(name, shape)) {
      throw failure(
          "parameter '%s': the slices have %d elements, its shape %s others"
              .formatted(name, elements, Arrays.toString(shape)));
    }
    tensors.put(name, SourceTensor.of(slices.get(0).type(), shape, () -> joined(slices, shape)));
    return elements;
  }

  private static float[] joined(List<NumpyArray> slices, int[] shape) throws IOException {
    float[] all = new float[SourceTensor.elements(shape)];
    int next = 0;
    for (NumpyArray slice : slices) {
      float[] part = slice.floats();
      System.arraycopy(part, 0, all, next, part.length);
      next += part.length;
    }
    return all;
  }

  private int elements(String name, int[] shape) throws ModelFileException {
    try {
      return SourceTensor.elements(shape);
    } catch (IllegalArgumentException e) {
      throw failure("parameter '%s': %s".formatted(name, e.getMessage()));
    }
  }

  private ModelFileException failure(String problem) {
    return new ModelFileException(file.name(), problem);
  }
}
