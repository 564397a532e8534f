package ernie4j.engine.platform;

/** {@link Thread#onSpinWait}, which Android has from 13 on; a hint that may be left out. */
public final class SpinWait {
  private static final boolean BUILT_IN = isBuiltIn();

  private SpinWait() {}

  /** Tells the processor that the caller waits in a loop. */
  public static void hint() {
    if (BUILT_IN) {
      Thread.onSpinWait();
    }
  }

  private static boolean isBuiltIn() {
    try {
      Thread.onSpinWait();
      return true;
    } catch (NoSuchMethodError e) {
      return false;
    }
  }
}
