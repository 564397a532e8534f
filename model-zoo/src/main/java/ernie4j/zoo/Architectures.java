package ernie4j.zoo;

import ernie4j.engine.EncoderConfig;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The shapes of the ERNIE 3.0 Tiny v2 encoders, by name ({@code base medium mini micro nano pico}),
 * and any other shape written as {@code 3L128H2A}: layers, hidden size, attention heads; the
 * intermediate size is four times the hidden size.
 */
public final class Architectures {
  private Architectures() {}

  private static final int VOCABULARY = 40000;
  private static final int POSITIONS = 2048;
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,3})L(\\d{1,5})H(\\d{1,3})A");
  private static final Map<String, EncoderConfig> NAMED = named();

  private static Map<String, EncoderConfig> named() {
    Map<String, EncoderConfig> map = new LinkedHashMap<>();
    map.put("base", shape(12, 768, 12));
    map.put("medium", shape(6, 768, 12));
    map.put("mini", shape(6, 384, 12));
    map.put("micro", shape(4, 384, 12));
    map.put("nano", shape(4, 312, 12));
    map.put("pico", shape(3, 128, 2));
    return Collections.unmodifiableMap(map);
  }

  private static EncoderConfig shape(int layers, int hidden, int heads) {
    return EncoderConfig.ernie(VOCABULARY, hidden, layers, heads, 4 * hidden, POSITIONS);
  }

  /** The named shapes. */
  public static Map<String, EncoderConfig> all() {
    return NAMED;
  }

  /**
   * A shape with ERNIE's 40,000 words and 2,048 positions.
   *
   * @throws IllegalArgumentException if the name is neither known nor of the form 3L128H2A
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
}
