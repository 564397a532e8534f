package ernie4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ernie4j.pipeline.TextScorer;
import ernie4j.pipeline.TinyModels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ModelsInMemoryTest {
  @Test
  void manyTasksLoadAModelOnce() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    ModelsInMemory.Key key = new ModelsInMemory.Key(TextScorer.class, "once", 1, 2);
    ExecutorService tasks = Executors.newFixedThreadPool(8);
    List<Future<TextScorer>> found = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      found.add(
          tasks.submit(
              () ->
                  ModelsInMemory.get(
                      key,
                      () -> {
                        loads.incrementAndGet();
                        LockSupport.parkNanos(100_000_000);
                        return TextScorer.of(TinyModels.scorer());
                      })));
    }
    for (Future<TextScorer> one : found) {
      assertThat(one.get()).isSameAs(found.get(0).get());
    }
    assertThat(loads).hasValue(1);
    tasks.shutdown();
  }

  @Test
  void triesAgainAfterAFailure() throws IOException {
    ModelsInMemory.Key key = new ModelsInMemory.Key(TextScorer.class, "again", 1, 2);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                ModelsInMemory.get(
                    key,
                    () -> {
                      throw new IOException("disk");
                    }));
    TextScorer scorer = TextScorer.of(TinyModels.scorer());
    assertThat(ModelsInMemory.<TextScorer>get(key, () -> scorer)).isSameAs(scorer);
  }
}
