package ernie4j.pipeline;

/** What a pipeline does with a text of more tokens than its model reads at once. */
public enum LongText {
  /** Refuses it with an {@link IllegalArgumentException}. */
  ERROR,
  /** Reads its beginning; of a pair, the longer text is cut first. The result says so. */
  TRUNCATE,
  /**
   * Reads all of it in windows; offered where the answers of windows can be put together: they
   * overlap in {@link TokenTagger} and {@link QuestionAnswerer} and are adjacent in {@link
   * SentenceEmbedder}.
   */
  WINDOW
}
