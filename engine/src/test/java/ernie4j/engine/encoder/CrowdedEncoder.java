package ernie4j.engine.encoder;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.SmallModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** 64 threads that run 504 tokens each through one encoder at the same time. */
final class CrowdedEncoder {
  private static final int CALLERS = 64;

  private CrowdedEncoder() {}

  public static void main(String[] args) throws Exception {
    EncoderConfig config = EncoderConfig.ernie(100, 128, 2, 2, 512, 512);
    Encoder encoder = Encoder.of(config, SmallModel.parameters(config, 2));
    RaggedBatch batch = RaggedBatch.of(new Random(1).ints(504, 1, 100).toArray());
    float[] expected = encoder.forward(batch, CrowdedEncoder::first);
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    CountDownLatch all = new CountDownLatch(CALLERS);
    List<Future<?>> tasks = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      tasks.add(
          callers.submit(
              () -> {
                all.countDown();
                all.await();
                if (!Arrays.equals(encoder.forward(batch, CrowdedEncoder::first), expected)) {
                  throw new AssertionError("the result differs from that of a single caller");
                }
                return null;
              }));
    }
    for (Future<?> task : tasks) {
      task.get();
    }
    callers.shutdown();
  }

  private static float[] first(EncoderWorkspace states) {
    return Arrays.copyOf(states.hidden(), states.hiddenSize());
  }
}
