package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * A run on an emulated processor names the expected forms in {@code -Dernie4j.expectedForms},
 * separated by commas, or {@code none}. Otherwise undetected forms would silently not be tested.
 */
class ExpectedFormsTest {
  private static final String EXPECTED = System.getProperty("ernie4j.expectedForms", "");

  @Test
  void theProcessorHasTheExpectedForms() {
    Assumptions.assumeTrue(!EXPECTED.isEmpty(), "skipped: no -Dernie4j.expectedForms");
    String forms =
        Machine.processor().forms().stream().map(Enum::name).collect(Collectors.joining(","));
    assertThat(forms.isEmpty() ? "none" : forms).isEqualTo(EXPECTED);
  }
}
