package ernie4j.cli.ask;

import ernie4j.pipeline.LongText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands do with texts of more tokens than a model reads at once. */
final class LongTextFlags {
  @Option(
      names = "--long-text",
      paramLabel = "POLICY",
      defaultValue = "error",
      description =
          "What to do with a text of more tokens than are read at once: error, truncate, or, for 'tag' and 'answer', window (default: error).")
  LongText longText = LongText.ERROR;

  @Option(
      names = "--max-length",
      paramLabel = "TOKENS",
      description = "Read no more at once, for example as in training (default: all positions).")
  @Nullable Integer maxLength;
}
