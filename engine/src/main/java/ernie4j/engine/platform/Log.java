package ernie4j.engine.platform;

import java.util.logging.Logger;

/**
 * The log of this library: {@link System.Logger} where there is one, so that a program can redirect
 * it, and {@code java.util.logging} on Android, which has no other.
 */
public final class Log {
  private static final String NAME = "ernie4j";

  private Log() {}

  /** Logs a sentence at the level INFO. */
  public static void info(String sentence) {
    try {
      OfTheSystem.info(sentence);
    } catch (LinkageError e) {
      OfTheUtilities.info(sentence);
    }
  }

  /** Loaded only when it is called, so never where its types are missing. */
  private static final class OfTheSystem {
    static void info(String sentence) {
      System.getLogger(NAME).log(System.Logger.Level.INFO, sentence);
    }
  }

  private static final class OfTheUtilities {
    static void info(String sentence) {
      Logger.getLogger(NAME).info(sentence);
    }
  }
}
