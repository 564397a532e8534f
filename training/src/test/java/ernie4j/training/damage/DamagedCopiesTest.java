package ernie4j.training.damage;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.training.damage.SeedFormats.Format;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Some damaged copies of every format in each build; on demand many more, in a small heap:
 *
 * <pre>
 * mvn -pl training -am test -Dtest=DamagedCopiesTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dscalar.run.skip=true -Dernie4j.damaged-copies=10000 -Dtest.jvm.options=-Xmx400m
 * </pre>
 */
class DamagedCopiesTest {
  private static final int COPIES = Integer.getInteger("ernie4j.damaged-copies", 100);

  @TempDir Path folder;

  static List<Format> formats() {
    return SeedFormats.all();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyCopyIsReadOrRefused(Format format) throws IOException {
    DamagedCopies.Outcome outcome = DamagedCopies.of(format, folder, COPIES, 1);
    assertThat(outcome.faults()).isEmpty();
    assertThat(outcome.read() + outcome.refused()).isEqualTo(COPIES);
  }
}
