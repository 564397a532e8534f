package ernie4j.pipeline;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What all pipelines share: a model's tokenizer and encoder, and passes over many inputs. */
final class TextEncoder {
  private static final int SHOWN = 40;

  private final Tokenizer tokenizer;
  private final Encoder encoder;

  TextEncoder(Model model, Kernels kernels) {
    this(Tokenizers.of(model), Encoder.of(model.config(), model.parameters(), kernels));
  }

  private TextEncoder(Tokenizer tokenizer, Encoder encoder) {
    this.tokenizer = tokenizer;
    this.encoder = encoder;
  }

  /** The same weights with other threads and limits. */
  TextEncoder withExecution(ExecutionOptions options) {
    return new TextEncoder(tokenizer, encoder.withExecution(options));
  }

  Encoder encoder() {
    return encoder;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The most tokens at once are the model's positions. */
  LengthPolicy lengths(LongText longText) {
    return new LengthPolicy(longText, encoder.config().maxPositions(), 0);
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

  /** As {@link #encode(String, String)}, with something before the text, which must have tokens. */
  Encoding encodeAfter(String prefix, String operation, String text) {
    Encoding own = encode(operation, text);
    return prefix.isEmpty() ? own : tokenizer.encode(prefix + text);
  }

  /**
   * {@code [CLS] first [SEP] second [SEP]}, however long.
   *
   * @throws IllegalArgumentException if one of the texts has no tokens
   */
  Encoding encode(String operation, String first, String second) {
    return encode(tokenizer, operation, first, second);
  }

  static Encoding encode(Tokenizer tokenizer, String operation, String first, String second) {
    Encoding encoding = tokenizer.encode(first, second);
    int fixed = firstOfSecond(encoding);
    if (fixed == 2 || fixed == encoding.length() - 1) {
      throw noTokens(operation, fixed == 2 ? first : second);
    }
    return encoding;
  }

  /** The window over a text; {@link LongText#TRUNCATE} cuts its end. */
  Window window(String operation, String text, LengthPolicy lengths) {
    return lengths.windows(operation, encode(operation, text), 1).get(0);
  }

  /** The window over a pair, of which {@link LongText#TRUNCATE} cuts the longer text first. */
  Window window(String operation, TextPair pair, LengthPolicy lengths) {
    Encoding whole = encode(operation, pair.first(), pair.second());
    int maxLength = lengths.maxLength();
    if (whole.length() <= maxLength) {
      return Window.whole(whole, 1);
    }
    lengths.requireCutting(operation, whole.length());
    Encoding cut =
        tokenizer.encode(pair.first(), pair.second(), Truncation.LONGEST_FIRST, maxLength);
    return new Window(cut, 1, 1, cut.length() - 1, true);
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
        String.format(
            "%s: the text '%s' has no tokens; expected at least one letter, digit or sign",
            operation, shown(text)));
  }

  /** The beginning of a text, for messages. */
  static String shown(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }

  /** Makes a result from an input, its windows and the values computed for each. */
  interface Answer<I, T, R> {
    R of(I input, List<Window> windows, List<T> values);
  }

  /**
   * Reads inputs, runs their windows through the encoder, many at once, and makes a result of each.
   * Intermediate values are kept only for the inputs of one pass.
   *
   * @param windows reads an input; an {@link IllegalArgumentException} is the result of this input
   *     and of no other
   * @param values computes the value of every sequence of a batch, in order
   */
  <I, T, R> List<Attempt<R>> attempt(
      List<I> inputs,
      Function<? super I, List<Window>> windows,
      Function<? super EncoderWorkspace, ? extends List<T>> values,
      Answer<? super I, T, R> answer) {
    int most = encoder.execution().passTokens();
    List<Attempt<R>> results = new ArrayList<>(inputs.size());
    List<Attempt<List<Window>>> read = new ArrayList<>();
    int tokens = 0;
    for (I input : inputs) {
      Attempt<List<Window>> next = read(input, windows);
      int more = next.isSuccess() ? tokens(next.result()) : 0;
      if (tokens > 0 && tokens + more > most) {
        results.addAll(answer(inputs, results.size(), read, values, answer));
        read.clear();
        tokens = 0;
      }
      read.add(next);
      tokens += more;
    }
    results.addAll(answer(inputs, results.size(), read, values, answer));
    return results;
  }

  private static <I> Attempt<List<Window>> read(
      I input, Function<? super I, List<Window>> windows) {
    try {
      return Attempt.success(windows.apply(input));
    } catch (IllegalArgumentException e) {
      return Attempt.failure(e);
    }
  }

  private static int tokens(List<Window> windows) {
    return windows.stream().mapToInt(Window::length).sum();
  }

  /** Makes the results of the inputs from {@code first} on, which these windows come from. */
  private <I, T, R> List<Attempt<R>> answer(
      List<I> inputs,
      int first,
      List<Attempt<List<Window>>> read,
      Function<? super EncoderWorkspace, ? extends List<T>> values,
      Answer<? super I, T, R> answer) {
    List<Window> all = new ArrayList<>();
    read.stream().filter(Attempt::isSuccess).forEach(own -> all.addAll(own.result()));
    List<T> computed = forward(all, values);
    List<Attempt<R>> results = new ArrayList<>(read.size());
    int next = 0;
    for (int i = 0; i < read.size(); i++) {
      I input = inputs.get(first + i);
      int from = next;
      Attempt<List<Window>> own = read.get(i);
      next += own.isSuccess() ? own.result().size() : 0;
      results.add(own.map(w -> answer.of(input, w, computed.subList(from, from + w.size()))));
    }
    return results;
  }

  /** Makes a result of each text from the first output of a head, which has a row per text. */
  <R> List<Attempt<R>> attemptTexts(
      String operation,
      List<String> inputs,
      LengthPolicy lengths,
      Head head,
      BiFunction<Window, float[], R> result) {
    return attemptOne(inputs, text -> window(operation, text, lengths), head, result);
  }

  /** Makes a result of each pair, as {@link #attemptTexts}. */
  <R> List<Attempt<R>> attemptPairs(
      String operation,
      List<TextPair> inputs,
      LengthPolicy lengths,
      Head head,
      BiFunction<Window, float[], R> result) {
    return attemptOne(inputs, pair -> window(operation, pair, lengths), head, result);
  }

  private <I, R> List<Attempt<R>> attemptOne(
      List<I> inputs,
      Function<I, Window> window,
      Head head,
      BiFunction<Window, float[], R> result) {
    return attempt(
        inputs,
        input -> List.of(window.apply(input)),
        states -> perSequence(head, states),
        (input, windows, logits) -> result.apply(windows.get(0), logits.get(0).get(0)));
  }

  /** Runs windows through the encoder; those of one long text may need several passes. */
  private <T> List<T> forward(
      List<Window> windows, Function<? super EncoderWorkspace, ? extends List<T>> values) {
    int most = encoder.execution().passTokens();
    List<T> all = new ArrayList<>(windows.size());
    for (int from = 0, to = 0; from < windows.size(); from = to) {
      int tokens = 0;
      do {
        tokens += windows.get(to++).length();
      } while (to < windows.size() && tokens + windows.get(to).length() <= most);
      all.addAll(encoder.<List<T>>forward(batch(windows.subList(from, to)), values));
    }
    return all;
  }

  private static RaggedBatch batch(List<Window> windows) {
    return RaggedBatch.of(windows.stream().map(Window::ids).collect(Collectors.toList()))
        .withTypeIds(windows.stream().map(Window::typeIds).collect(Collectors.toList()));
  }

  /** For every sequence of a batch the logits of every output of a head. */
  static List<List<float[]>> perSequence(Head head, EncoderWorkspace states) {
    RaggedBatch batch = states.batch();
    List<float[]> logits = head.logits(states);
    List<List<float[]>> all = new ArrayList<>(batch.sequences());
    for (int s = 0; s < batch.sequences(); s++) {
      List<float[]> own = new ArrayList<>(logits.size());
      for (int i = 0; i < logits.size(); i++) {
        boolean pooled = head.task().outputs().get(i).row().isPooled();
        int columns = head.columns(i);
        int from = pooled ? s : batch.start(s);
        int to = pooled ? s + 1 : batch.start(s + 1);
        own.add(Arrays.copyOfRange(logits.get(i), from * columns, to * columns));
      }
      all.add(own);
    }
    return all;
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
}
