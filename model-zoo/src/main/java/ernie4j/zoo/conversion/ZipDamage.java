package ernie4j.zoo.conversion;

/** Describes the JDK's exceptions about damaged zip files in words. */
public final class ZipDamage {
  private ZipDamage() {}

  /** Why a zip file cannot be read; the JDK's end-of-file exceptions have no message. */
  public static String reason(Exception failure) {
    String message = failure.getMessage();
    return message == null ? "something in it would lie past its end" : message;
  }
}
