package ernie4j.engine.encoder;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.platform.Nanoseconds;
import java.time.Duration;
import java.util.Arrays;

/** Runs an encoder on sequences of many lengths until it gets no faster. */
final class WarmUp {
  /** The lengths cover every height of a tile and usual texts. */
  private static final int[] LENGTHS = {1, 2, 3, 4, 5, 6, 7, 8, 11, 16, 24, 32, 48};

  /** The number of consecutive rounds that are no faster than the best one before. */
  private static final int STEADY_ROUNDS = 10;

  private static final double FASTER = 0.97;

  private final Encoder encoder;
  private final EncoderWorkspace workspace;
  private final long start = System.nanoTime();
  private final long limit;
  private final int visibleId;

  WarmUp(Encoder encoder, Duration limit) {
    this.encoder = encoder;
    this.limit = Nanoseconds.of(limit);
    workspace = encoder.newWorkspace();
    EncoderConfig config = encoder.config();
    visibleId = config.paddingId() == 0 ? config.vocabularySize() - 1 : 0;
  }

  boolean run() {
    // Once, so that the kernels that this encoder needs are compiled first.
    round();
    if (!encoder.kernels().awaitHandOver(Duration.ofNanos(Math.max(0, left())))) {
      return false;
    }
    long best = Long.MAX_VALUE;
    for (int steady = 0; steady < STEADY_ROUNDS; ) {
      long before = System.nanoTime();
      if (!round()) {
        return false;
      }
      long time = System.nanoTime() - before;
      steady = time < FASTER * best ? 0 : steady + 1;
      best = Math.min(best, time);
    }
    return true;
  }

  /** Returns false if the time is over. */
  private boolean round() {
    for (int length : LENGTHS) {
      if (left() <= 0) {
        return false;
      }
      if (length <= encoder.config().maxPositions()) {
        int[] ids = new int[length];
        Arrays.fill(ids, visibleId);
        encoder.forward(RaggedBatch.of(ids), workspace);
      }
    }
    return true;
  }

  private long left() {
    return limit - (System.nanoTime() - start);
  }
}
