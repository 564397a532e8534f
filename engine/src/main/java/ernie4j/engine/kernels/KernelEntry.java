package ernie4j.engine.kernels;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A place in a {@link KernelTable}: the function that computes now. If that function only stands in
 * for another one which the JVM has yet to compile, a warm-up puts the other one in its place; both
 * give the same bits, so no caller sees when. May be shared between threads.
 *
 * @param <F> the type of the function
 */
public final class KernelEntry<F> {
  /** How far an entry has come. */
  public enum State {
    /** The function computes. */
    READY,
    /** Another one stands in for it. */
    WARMING,
    /** Another one stands in for it, and nobody should wait for that to change. */
    LATE,
    /** The function gave wrong results: the other one computes for good. */
    REFUSED
  }

  private final String name;
  private final F standIn;
  private final F function;
  private final AtomicLong waiting = new AtomicLong();
  private volatile F current;
  private volatile State state;

  private KernelEntry(String name, F standIn, F function, State state) {
    this.name = name;
    this.standIn = standIn;
    this.function = function;
    this.current = standIn;
    this.state = state;
  }

  /**
   * An entry that is ready.
   *
   * @param name for messages
   */
  public static <F> KernelEntry<F> of(String name, F function) {
    return new KernelEntry<>(name, function, function, State.READY);
  }

  /** An entry whose function another one stands in for until {@link #handOver}. */
  public static <F> KernelEntry<F> warming(String name, F standIn, F function) {
    return new KernelEntry<>(name, standIn, function, State.WARMING);
  }

  /** What this is, for messages. */
  public String name() {
    return name;
  }

  public State state() {
    return state;
  }

  /** The function that computes at first. */
  public F standIn() {
    return standIn;
  }

  /** The function that computes in the end. */
  public F function() {
    return function;
  }

  /**
   * The function that computes now.
   *
   * @param work roughly how many multiply-adds it is asked for; a warm-up begins with the entry
   *     whose stand-in has the most work
   */
  public F use(long work) {
    F now = current;
    if (now != function) {
      waiting.addAndGet(work);
    }
    return now;
  }

  /** The work that the stand-in was asked for. */
  public long waiting() {
    return waiting.get();
  }

  /** From now on the function itself computes. */
  public void handOver() {
    current = function;
    state = State.READY;
  }

  /** Says that the hand-over takes unusually long. */
  public void late() {
    state = State.LATE;
  }

  /** Says that there will be no hand-over. */
  public void refuse() {
    state = State.REFUSED;
  }

  @Override
  public String toString() {
    return name + " (" + state + ")";
  }
}
