package ernie4j.cli.option;

import picocli.CommandLine.Option;

/** How texts that are longer than one input are read. */
public final class DocumentStride {
  @Option(
      names = "--stride",
      converter = Range.Count.class,
      defaultValue = "128",
      description =
          "Tokens from the start of one window of a long text to the next (default: ${DEFAULT-VALUE}).")
  private int tokens;

  public int tokens() {
    return tokens;
  }
}
