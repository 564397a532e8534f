package ernie4j.cli.ask;

import ernie4j.cli.option.Range;
import ernie4j.cli.option.UsageException;
import ernie4j.pipeline.LongText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How commands treat texts with more tokens than a model reads at once. */
final class LongTextFlags {
  /** A number of tokens for a pair: at least one of each text, [CLS] and two [SEP]. */
  static final class Tokens extends Range<Integer> {
    Tokens() {
      super("a whole number of at least 4", Integer::valueOf, n -> n >= 4);
    }
  }

  @Option(
      names = "--long-text",
      paramLabel = "POLICY",
      defaultValue = "error",
      description =
          "What to do with a text that is longer than the model reads at once: error, truncate, or,"
              + " for 'tag', 'answer' and 'embed', window (default: error).")
  LongText longText = LongText.ERROR;

  @Option(
      names = "--max-length",
      converter = Tokens.class,
      paramLabel = "TOKENS",
      description =
          "The most tokens to read at once, for example as in training (default: all positions).")
  @Nullable Integer maxLength;

  /** Rejects windows for models that answer about a text as a whole. */
  void requireNoWindows() {
    if (longText == LongText.WINDOW) {
      throw new UsageException(
          "--long-text: expected error or truncate, got window; windows are for 'tag', 'answer' and"
              + " 'embed'");
    }
  }
}
