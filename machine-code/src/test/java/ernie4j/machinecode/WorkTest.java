package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WorkTest {
  @Test
  void rowsAreDividedEvenlyAndCompletely() {
    Random random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      int m = 1 + random.nextInt(300);
      int most = 1 + random.nextInt(12);
      long perRow = 1L + random.nextInt(1_000_000);
      int[] next = {0};
      int tiles = (m + most - 1) / most;
      Work.rows(
          Work.FLOAT32,
          m,
          most,
          perRow,
          (row, rows, count) -> {
            assertThat(row).isEqualTo(next[0]);
            assertThat(rows).isBetween(m / tiles, Math.min(most, m / tiles + 1));
            assertThat(count == 1 || perRow * rows * count <= Work.FLOAT32).isTrue();
            next[0] += rows * count;
          });
      assertThat(next[0]).isEqualTo(m);
    }
  }

  /** Even the largest products are divided so that no call exceeds its limit. */
  @Test
  void callsAreBounded() {
    for (Blocking blocking :
        new Blocking[] {Blocking.of(512), Blocking.of(256), Blocking.of(128)}) {
      int width = blocking.width();
      long most = blocking.work(Work.FLOAT32);
      long mostCodes = blocking.work(Work.INT8);
      for (int m : new int[] {1, 16, 1000, 100_000}) {
        for (int k : new int[] {1, 312, 3072, 65_536}) {
          long panelBytes = (long) k * width * Float.BYTES;
          int depth = Work.depth(most, k, (long) blocking.rows() * width);
          int panels = depth < k ? 1 : Work.panels(most, m, k, width, panelBytes);
          long perRow = (long) depth * width * panels;
          assertThat(blocking.rows() * (long) depth * width).isLessThanOrEqualTo(most);
          Work.rows(
              most,
              m,
              blocking.rows(),
              perRow,
              (row, rows, tiles) -> assertThat(perRow * rows * tiles).isLessThanOrEqualTo(most));
          int codePanels = Work.panels(mostCodes, m, k, width, (long) k * width);
          long perCodeRow = (long) k * width * codePanels;
          Work.rows(
              mostCodes,
              m,
              blocking.rows(),
              perCodeRow,
              (row, rows, tiles) ->
                  assertThat(perCodeRow * rows * tiles)
                      .isLessThanOrEqualTo(Math.max(mostCodes, 65_536L * width * rows)));
        }
      }
    }
  }
}
