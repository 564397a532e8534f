package ernie4j.training.data;

import ernie4j.tokenizer.Encoding;
import java.util.function.ToIntFunction;

/** Turns a span of a text into tags of its tokens. */
public final class TokenTags {
  private TokenTags() {}

  /**
   * Tags every token that shares a char with a span, also the pieces of a word: the first {@code
   * B-type}, the others {@code I-type}.
   *
   * @param encoding of a single text
   * @param start index of the span's first char
   * @param end index behind its last char
   * @param index the number of a tag
   * @param tags receives the numbers, one per token
   */
  public static void tag(
      Encoding encoding, int start, int end, String type, ToIntFunction<String> index, int[] tags) {
    String prefix = "B-";
    for (int t = 1; t < encoding.length() - 1; t++) {
      if (encoding.start(t) < end && encoding.end(t) > start) {
        tags[t] = index.applyAsInt(prefix + type);
        prefix = "I-";
      }
    }
  }
}
