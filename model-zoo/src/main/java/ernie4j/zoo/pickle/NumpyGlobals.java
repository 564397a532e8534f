package ernie4j.zoo.pickle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The globals that NumPy arrays and dicts of them need, for {@link Unpickler}. */
public final class NumpyGlobals {
  private NumpyGlobals() {}

  /**
   * The table for one pickle: arrays become {@link NumpyArray}s, an {@code OrderedDict} a {@link
   * Map}, {@code tuple(x)} the {@link Tuple} x.
   */
  public static Map<String, PickleFunction> table() {
    ShortTexts texts = new ShortTexts();
    PickleFunction array = arguments -> new NumpyArray(texts);
    PickleFunction tuple = arguments -> only(arguments, Tuple.class);
    PickleFunction dict = NumpyGlobals::emptyDict;
    return Map.of(
        "numpy.core.multiarray._reconstruct", array,
        "numpy._core.multiarray._reconstruct", array,
        "numpy.ndarray", array,
        "numpy.dtype", arguments -> NumpyType.of(arguments.isEmpty() ? "" : arguments.get(0)),
        "_codecs.encode", arguments -> encode(arguments, texts),
        "collections.OrderedDict", dict,
        "builtins.tuple", tuple,
        "__builtin__.tuple", tuple);
  }

  private static Object emptyDict(List<Object> arguments) {
    if (!arguments.isEmpty()) {
      throw new IllegalArgumentException("expected an OrderedDict without arguments");
    }
    return new LinkedHashMap<>();
  }

  /** The bytes of a text, which is how protocol 2 stores byte strings. */
  private static Object encode(List<Object> arguments, ShortTexts texts) {
    if (arguments.size() == 2
        && (arguments.get(1).equals("latin1") || arguments.get(1).equals("latin-1"))) {
      if (arguments.get(0) instanceof PickleBytes bytes) {
        return bytes;
      }
      if (arguments.get(0) instanceof String text) {
        return texts.bytes(text);
      }
    }
    throw new IllegalArgumentException("expected encode(text, 'latin1')");
  }

  private static <T> T only(List<Object> arguments, Class<T> type) {
    if (arguments.size() == 1 && type.isInstance(arguments.get(0))) {
      return type.cast(arguments.get(0));
    }
    throw new IllegalArgumentException("expected one argument, a " + type.getSimpleName());
  }
}
