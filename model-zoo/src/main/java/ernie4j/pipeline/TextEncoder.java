package ernie4j.pipeline;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What all pipelines share: a model's tokenizer and encoder, and passes over many texts. */
final class TextEncoder {
  /** Bounds the memory of a pass; a sequence gives the same bits in any block. */
  private static final int BLOCK_TOKENS = 2048;

  private static final int SHOWN = 40;

  private final Tokenizer tokenizer;
  private final Encoder encoder;

  TextEncoder(Model model, Kernels kernels) {
    tokenizer = Tokenizers.of(model);
    encoder = Encoder.of(model.config(), model.parameters(), kernels);
  }

  Encoder encoder() {
    return encoder;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  /** Reads as much at once as the model has positions. */
  Reading reading(LongText longText) {
    return new Reading(longText, encoder.config().maxPositions(), 0);
  }

  /**
   * {@code [CLS] text [SEP]}, however long.
   *
   * @throws IllegalArgumentException if the text has no tokens
   */
  Encoding encode(String operation, String text) {
    Encoding encoding = tokenizer.encode(text);
    if (encoding.length() == 2) {
      throw noTokens(operation, text);
    }
    return encoding;
  }

  /**
   * {@code [CLS] first [SEP] second [SEP]}, however long.
   *
   * @throws IllegalArgumentException if one of the texts has no tokens
   */
  Encoding encode(String operation, String first, String second) {
    Encoding encoding = tokenizer.encode(first, second);
    int fixed = firstOfSecond(encoding);
    if (fixed == 2 || fixed == encoding.length() - 1) {
      throw noTokens(operation, fixed == 2 ? first : second);
    }
    return encoding;
  }

  /** A pair as it is read. */
  record Pair(Encoding encoding, boolean truncated) {}

  /** A pair, of which {@link LongText#TRUNCATE} cuts the longer text first. */
  Pair encode(String operation, TextPair pair, Reading reading) {
    Encoding whole = encode(operation, pair.first(), pair.second());
    int maxLength = reading.maxLength();
    if (whole.length() <= maxLength) {
      return new Pair(whole, false);
    }
    reading.requireCutting(operation, whole.length());
    return new Pair(
        tokenizer.encode(pair.first(), pair.second(), Truncation.LONGEST_FIRST, maxLength), true);
  }

  /** The index of the first token of a pair's second text. */
  static int firstOfSecond(Encoding pair) {
    int token = 0;
    while (pair.sequence(token) == 0) {
      token++;
    }
    return token;
  }

  private static IllegalArgumentException noTokens(String operation, String text) {
    return new IllegalArgumentException(
        "%s: the text '%s' has no tokens; expected at least one letter, digit or sign"
            .formatted(operation, shown(text)));
  }

  /** The beginning of a text, for messages. */
  static String shown(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }

  /**
   * Runs windows through the encoder, many at once, and returns what {@code read} makes of each.
   *
   * @param read one result for every sequence of the workspace's batch, in order
   */
  <T> List<T> forward(
      List<Window> windows, Function<? super EncoderWorkspace, ? extends List<T>> read) {
    List<T> results = new ArrayList<>(windows.size());
    for (int from = 0, to = 0; from < windows.size(); from = to) {
      int tokens = 0;
      do {
        tokens += windows.get(to++).length();
      } while (to < windows.size() && tokens + windows.get(to).length() <= BLOCK_TOKENS);
      results.addAll(encoder.<List<T>>forward(batch(windows.subList(from, to)), read));
    }
    return results;
  }

  private static RaggedBatch batch(List<Window> windows) {
    return RaggedBatch.of(windows.stream().map(Window::ids).toList())
        .withTypeIds(windows.stream().map(Window::typeIds).toList());
  }

  /** The part of every sequence in the values {@code [sequences, width]}. */
  static List<float[]> perSequence(RaggedBatch batch, float[] values) {
    int width = values.length / batch.sequences();
    List<float[]> rows = new ArrayList<>(batch.sequences());
    for (int s = 0; s < batch.sequences(); s++) {
      rows.add(Arrays.copyOfRange(values, s * width, (s + 1) * width));
    }
    return rows;
  }

  /** The part of every sequence in the values {@code [tokens, width]}. */
  static List<float[]> perToken(RaggedBatch batch, float[] values) {
    int width = values.length / batch.tokens();
    List<float[]> rows = new ArrayList<>(batch.sequences());
    for (int s = 0; s < batch.sequences(); s++) {
      rows.add(Arrays.copyOfRange(values, batch.start(s) * width, batch.start(s + 1) * width));
    }
    return rows;
  }
}
