package ernie4j.engine.kernels;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a {@link KernelTable}: the function that computes at the moment. If it is only a
 * stand-in for another function, which the JVM has yet to compile, a warm-up replaces it by that
 * one. Both give the same bits, so no caller notices. May be shared between threads.
 *
 * @param <F> the type of the function
 */
public final class KernelEntry<F> {
  /** The progress of an entry. */
  public enum State {
    /** The function itself computes. */
    READY,
    /** A stand-in computes, because too little work was asked for to have the function compiled. */
    IDLE,
    /** A stand-in computes until the function is compiled. */
    WARMING,
    /** A stand-in computes, and callers should not wait for that to change. */
    LATE,
    /** The function gave wrong results: the stand-in computes for good. */
    REFUSED
  }

  /** The work of a stand-in, about ten milliseconds of it, that pays for compiling the function. */
  static final long ENOUGH_WORK = 10_000_000;

  private final String name;
  private final F standIn;
  private final F function;
  private final AtomicLong waiting = new AtomicLong();
  private volatile F current;
  private volatile State state;
  private volatile @Nullable Runnable begin;

  private KernelEntry(String name, F standIn, F function, State state) {
    this.name = name;
    this.standIn = standIn;
    this.function = function;
    this.current = standIn;
    this.state = state;
  }

  /**
   * Makes an entry that is ready.
   *
   * @param <F> the type of the function
   * @param name for messages
   * @param function the function that computes
   * @return the entry
   */
  public static <F> KernelEntry<F> of(String name, F function) {
    return new KernelEntry<>(name, function, function, State.READY);
  }

  /**
   * Makes an entry whose stand-in computes until {@link #handOver}.
   *
   * @param <F> the type of the functions
   * @param name for messages
   * @param standIn the function that computes at first
   * @param function the function that computes in the end; gives the same bits
   * @return the entry
   */
  public static <F> KernelEntry<F> warming(String name, F standIn, F function) {
    return new KernelEntry<>(name, standIn, function, State.WARMING);
  }

  /** {@return the name of this entry, for messages} */
  public String name() {
    return name;
  }

  /** {@return the progress of this entry} */
  public State state() {
    return state;
  }

  /**
   * {@return the function that computes at first; that of {@link #function} if there is no
   * stand-in}
   */
  public F standIn() {
    return standIn;
  }

  /** {@return the function that computes in the end} */
  public F function() {
    return function;
  }

  /**
   * Returns the function that computes at the moment, and records the work that a stand-in is asked
   * for.
   *
   * @param work roughly how many multiply-adds are asked for; a warm-up begins with the entry whose
   *     stand-in has the most work
   * @return the function to call
   */
  public F use(long work) {
    F now = current;
    if (now != function && waiting.addAndGet(work) >= ENOUGH_WORK) {
      Runnable first = begin;
      if (first != null) {
        first.run();
      }
    }
    return now;
  }

  /**
   * Leaves an entry that is warming idle until its stand-in has done enough work.
   *
   * @param warmUp called then, perhaps several times; calls {@link #begin} on this entry
   */
  public void idle(Runnable warmUp) {
    if (state == State.WARMING) {
      begin = warmUp;
      state = State.IDLE;
    }
  }

  /** Ends {@link #idle}: the function is about to be compiled. */
  public void begin() {
    if (state == State.IDLE) {
      state = State.WARMING;
      begin = null;
    }
  }

  /** {@return the work that the stand-in was asked for so far, in multiply-adds} */
  public long waiting() {
    return waiting.get();
  }

  /** Lets the function itself compute from now on. */
  public void handOver() {
    current = function;
    state = State.READY;
  }

  /** Records that the hand-over takes unusually long. */
  public void late() {
    state = State.LATE;
  }

  /** Records that there will be no hand-over. */
  public void refuse() {
    state = State.REFUSED;
  }

  @Override
  public String toString() {
    return name + " (" + state + ")";
  }
}
