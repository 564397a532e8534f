package ernie4j.cli.option;

import picocli.CommandLine.Option;

/** The number of threads to compute on. */
public final class Threads {
  @Option(
      names = "--threads",
      converter = Range.Count.class,
      description = "Default: all processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  public int count() {
    return threads;
  }
}
