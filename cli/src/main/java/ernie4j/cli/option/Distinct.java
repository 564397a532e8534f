package ernie4j.cli.option;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks of options whose values must differ. */
public final class Distinct {
  private Distinct() {}

  /**
   * Checks the values of an option.
   *
   * @throws UsageException if a value appears twice
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
