package ernie4j.zoo;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shapes of the ERNIE 3.0 encoders by name, as PaddleNLP has them: {@code
 * ernie-3.0-tiny-SIZE-v2-zh} without task types, {@code ernie-3.0-tiny-SIZE-v1-zh} and the same
 * under its older name {@code ernie-3.0-SIZE-zh} with them. The sizes are {@code base medium mini
 * micro nano}, in v2 also {@code pico} and under the older names also {@code xbase}.
 *
 * <p>A size alone is the shape of v2, and any other shape can be written as {@code 3L128H2A}:
 * layers, hidden size, attention heads; the intermediate size is four times the hidden size.
 */
public final class Architectures {
  private Architectures() {}

  private static final int VOCABULARY = 40000;
  private static final int POSITIONS = 2048;
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,3})L(\\d{1,5})H(\\d{1,3})A");
  private static final Map<String, EncoderConfig> NAMED = named();

  private static Map<String, EncoderConfig> named() {
    Map<String, EncoderConfig> map = new LinkedHashMap<>();
    size(map, "base", shape(12, 768, 12), 3);
    size(map, "medium", shape(6, 768, 12), 16);
    size(map, "mini", shape(6, 384, 12), 16);
    size(map, "micro", shape(4, 384, 12), 16);
    size(map, "nano", shape(4, 312, 12), 16);
    EncoderConfig pico = shape(3, 128, 2);
    map.put("pico", pico);
    map.put("ernie-3.0-tiny-pico-v2-zh", pico);
    map.put("ernie-3.0-xbase-zh", shape(20, 1024, 16).withTaskTypes(16));
    return Collections.unmodifiableMap(map);
  }

  private static void size(
      Map<String, EncoderConfig> map, String size, EncoderConfig v2, int taskTypes) {
    EncoderConfig v1 = v2.withTaskTypes(taskTypes);
    map.put(size, v2);
    map.put("ernie-3.0-tiny-" + size + "-v2-zh", v2);
    map.put("ernie-3.0-tiny-" + size + "-v1-zh", v1);
    map.put("ernie-3.0-" + size + "-zh", v1);
  }

  private static EncoderConfig shape(int layers, int hidden, int heads) {
    return EncoderConfig.ernie(VOCABULARY, hidden, layers, heads, 4 * hidden, POSITIONS);
  }

  /** {@return the named shapes by name, unmodifiable} */
  public static Map<String, EncoderConfig> all() {
    return NAMED;
  }

  /**
   * Returns a shape with ERNIE's 40,000 words and 2,048 positions.
   *
   * @param name one of {@link #all}, or layers, hidden size and attention heads such as {@code
   *     3L128H2A}
   * @return the shape
   * @throws IllegalArgumentException if the name is neither known nor of this form
   */
  public static EncoderConfig of(String name) {
    EncoderConfig known = NAMED.get(name);
    if (known != null) {
      return known;
    }
    Matcher shape = SHAPE.matcher(name);
    if (!shape.matches()) {
      throw new IllegalArgumentException(
          "architecture '%s': expected one of %s, or layers, hidden size and heads such as 3L128H2A"
              .formatted(name, NAMED.keySet()));
    }
    return shape(
        Integer.parseInt(shape.group(1)),
        Integer.parseInt(shape.group(2)),
        Integer.parseInt(shape.group(3)));
  }

  /**
   * Counts the parameters of an encoder with its pooler and without a head.
   *
   * @param config the shape of the encoder
   * @return the number of values in all its weights
   */
  public static long parameterCount(EncoderConfig config) {
    return ParameterNames.shapes(config).values().stream()
        .mapToLong(shape -> Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b))
        .sum();
  }
}
