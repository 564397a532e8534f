package ernie4j.cli.option;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Options with several values that must not be the same. */
public final class Distinct {
  private Distinct() {}

  /**
   * Checks the values of an option.
   *
   * @throws UsageException if one is there twice
   */
  public static void require(String option, List<?> values) {
    Set<Object> seen = new HashSet<>();
    for (Object value : values) {
      if (!seen.add(value)) {
        throw new UsageException(
            "%s: expected every value once, got %s twice".formatted(option, value));
      }
    }
  }
}
