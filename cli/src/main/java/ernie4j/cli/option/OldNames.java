package ernie4j.cli.option;

import java.util.Arrays;
import java.util.Map;

/**
 * The names that options had before all commands used the same words. They still work, but no help
 * shows them. Every argument before {@code --} that is an old name, alone or with {@code =value},
 * is replaced, also where it was meant as the value of the option before it; such a value needs
 * {@code --option=value}. What stands in argument files (@FILE) is not replaced.
 */
public final class OldNames {
  /** From the old name to the one of today. */
  static final Map<String, String> TODAY =
      Map.ofEntries(
          Map.entry("--train-path", "--data"),
          Map.entry("--test-path", "--data"),
          Map.entry("--dev-path", "--dev-data"),
          Map.entry("--intent-label-path", "--intent-labels"),
          Map.entry("--slot-label-path", "--slot-labels"),
          Map.entry("--per-device-train-batch-size", "--batch-size"),
          Map.entry("--num-train-epochs", "--epochs"),
          Map.entry("--max-seq-length", "--max-length"),
          Map.entry("--max-vocab-size", "--vocabulary-size"),
          Map.entry("--vocabulary", "--vocabulary-size"),
          Map.entry("--width-mult-list", "--widths"),
          Map.entry("--doc-stride", "--stride"),
          Map.entry("--algo", "--calibration"),
          Map.entry("--max-accuracy-loss", "--max-metric-loss"));

  private OldNames() {}

  /** A command line with the names of today. */
  public static String[] replaced(String... words) {
    String[] today = words.clone();
    int end = Arrays.asList(words).indexOf("--");
    for (int i = 0; i < (end < 0 ? words.length : end); i++) {
      int equals = words[i].indexOf('=');
      String name = equals < 0 ? words[i] : words[i].substring(0, equals);
      today[i] = TODAY.getOrDefault(name, name) + words[i].substring(name.length());
    }
    return today;
  }
}
