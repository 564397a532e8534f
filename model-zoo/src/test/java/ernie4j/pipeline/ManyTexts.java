package ernie4j.pipeline;

import ernie4j.engine.head.SentenceEmbedding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures how much heap one call with 10,000 texts retains after 100 threads with short texts. */
final class ManyTexts {
  private static final int THREADS = 100;

  /** A workspace of 2,048 tokens takes 4 MB with this model. */
  private static final long MOST_BYTES = 16 << 20;

  private ManyTexts() {}

  public static void main(String[] args) throws Exception {
    SentenceEmbedder embedder =
        SentenceEmbedder.of(TinyModels.encoder(1, 96, 1), SentenceEmbedding.CLS);
    embedder.embed("天地玄黄");
    ExecutorService callers = Executors.newFixedThreadPool(THREADS);
    CountDownLatch all = new CountDownLatch(THREADS);
    List<Future<?>> tasks = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      tasks.add(
          callers.submit(
              () -> {
                all.countDown();
                all.await();
                for (int text = 0; text < 20; text++) {
                  embedder.embed("天地玄黄");
                }
                return null;
              }));
    }
    for (Future<?> task : tasks) {
      task.get();
    }
    callers.shutdown();
    long before = used();
    List<String> texts = Collections.nCopies(10_000, "天地玄黄宇宙洪荒日月盈昃辰宿列张");
    System.out.println(embedder.embed(texts).size() + " vectors");
    long more = used() - before;
    System.out.println((more >> 10) + " KB more than before");
    if (more > MOST_BYTES) {
      throw new AssertionError(more + " bytes more than before");
    }
  }

  private static long used() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
