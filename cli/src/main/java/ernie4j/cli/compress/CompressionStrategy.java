package ernie4j.cli.compress;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.TypeConversionException;

/**
 * The stages of a compression, named as in the reference: {@code dynabert} (width pruning), {@code
 * qat} or {@code ptq} (int8 products, with or without training) and {@code embeddings} (int8
 * tables), joined by plus signs.
 */
record CompressionStrategy(Set<String> stages) {
  static final String PRUNE = "dynabert";
  static final String TRAIN_QUANTIZED = "qat";
  static final String CALIBRATE = "ptq";
  static final String EMBEDDINGS = "embeddings";

  private static final List<String> KNOWN = List.of(PRUNE, TRAIN_QUANTIZED, CALIBRATE, EMBEDDINGS);

  static CompressionStrategy parse(String text) {
    Set<String> stages =
        new LinkedHashSet<>(Arrays.asList(text.toLowerCase(Locale.ROOT).split("\\+", -1)));
    if (!KNOWN.containsAll(stages)) {
      throw new TypeConversionException(
          "expected some of %s joined by +, got '%s'".formatted(KNOWN, text));
    }
    if (stages.contains(TRAIN_QUANTIZED) && stages.contains(CALIBRATE)) {
      throw new TypeConversionException("qat and ptq both quantize the products; choose one");
    }
    return new CompressionStrategy(stages);
  }

  boolean has(String stage) {
    return stages.contains(stage);
  }
}
