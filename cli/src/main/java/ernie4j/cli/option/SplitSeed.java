package ernie4j.cli.option;

import picocli.CommandLine.Option;

/** The option for the seed of random splits. */
public final class SplitSeed {
  @Option(
      names = "--split-seed",
      defaultValue = "42",
      description = "Seed of the split by --dev-share (default: ${DEFAULT-VALUE}).")
  private long seed;

  public long seed() {
    return seed;
  }
}
