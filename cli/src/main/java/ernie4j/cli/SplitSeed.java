package ernie4j.cli;

import picocli.CommandLine.Option;

/** The option that says which examples a random split holds back. */
final class SplitSeed {
  @Option(
      names = "--split-seed",
      defaultValue = "42",
      description = "Seed of that split (default: ${DEFAULT-VALUE}).")
  long seed;
}
