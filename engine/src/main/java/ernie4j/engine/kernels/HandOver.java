package ernie4j.engine.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How far a {@link VectorWarmUp} has come. May be shared between threads. */
final class HandOver {
  /** Those that are not handed over; null as long as nobody knows them. */
  private @Nullable List<VectorWarmUp.Unit> open;

  private final List<VectorWarmUp.Unit> late = new ArrayList<>();
  private boolean over;

  /** These are to be handed over. */
  synchronized void begin(List<VectorWarmUp.Unit> units) {
    open = new ArrayList<>(units);
    notifyAll();
  }

  /** This one is handed over. */
  synchronized void done(VectorWarmUp.Unit unit) {
    if (open != null) {
      open.remove(unit);
    }
    late.remove(unit);
    notifyAll();
  }

  /** This one is tried again later; nobody should wait for it. */
  synchronized void late(VectorWarmUp.Unit unit) {
    late.add(unit);
    notifyAll();
  }

  /** Nothing changes any more. */
  synchronized void end() {
    over = true;
    notifyAll();
  }

  /**
   * Waits until all units that somebody needs are handed over.
   *
   * @return false if the time is over, or if such a unit is late or will never be handed over
   */
  synchronized boolean await(long nanoseconds) throws InterruptedException {
    long start = System.nanoTime();
    while (true) {
      if (open != null && open.stream().noneMatch(VectorWarmUp.Unit::needed)) {
        return true;
      }
      long left = nanoseconds - (System.nanoTime() - start);
      if (over || left <= 0 || late.stream().anyMatch(VectorWarmUp.Unit::needed)) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
