package ernie4j.pipeline;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.ConstrainedTags;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.TagScheme;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.engine.kernels.Kernels;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds labelled spans in texts, for example names of persons and places. Every token gets a label
 * of a {@link TagScheme}, such as BIO, and the labels become spans. The labels are the most likely
 * ones or, if the model's options say so, the most likely sequence that {@link ConstrainedTags}
 * allows. A tagger may be shared between threads.
 *
 * <pre>{@code
 * TokenTagger tagger = TokenTagger.load("names.ernie").withLongText(LongText.WINDOW);
 * for (Span entity : tagger.tag("李白生于碎叶城").entities()) {
 *   System.out.println(entity.type() + ": " + entity.text()); // PER: 李白 ...
 * }
 * }</pre>
 */
public final class TokenTagger extends Pipeline {
  private final Head head;
  private final Tags tags;
  private final LengthPolicy lengths;
  private final Wanted wanted;

  private TokenTagger(
      TextEncoder texts, Head head, Tags tags, LengthPolicy lengths, Wanted wanted) {
    super(texts);
    this.head = head;
    this.tags = tags;
    this.lengths = lengths;
    this.wanted = wanted;
  }

  /** How logits become spans. */
  private record Tags(List<String> labels, TagScheme scheme, Optional<ConstrainedTags> constraint) {
    static Tags of(Model model, List<String> labels) {
      return new Tags(
          labels, TagScheme.ofLabels(labels), ConstrainedTags.of(model.options(), labels));
    }
  }

  /** Which spans a caller wants; an empty set means all types. */
  private record Wanted(Set<String> types, double threshold) {
    boolean includes(Span span) {
      return span.probability() >= threshold && (types.isEmpty() || types.contains(span.type()));
    }
  }

  /**
   * Returns a pipeline over a model in memory that computes with the fastest kernels of this
   * machine.
   *
   * @param model the token classification model, with its vocabulary; not changed
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task or has no labels
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static TokenTagger of(Model model) {
    return of(model, Kernels.best());
  }

  /**
   * Returns a pipeline over a model in memory that computes with the given kernels.
   *
   * @param model the token classification model, with its vocabulary; not changed
   * @param kernels the kernels to compute with
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task or has no labels
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static TokenTagger of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, Task.TOKEN_CLASSIFICATION);
    TextEncoder texts = new TextEncoder(model, kernels);
    Head head = Pipelines.head(model, Task.TOKEN_CLASSIFICATION, texts);
    return new TokenTagger(
        texts,
        head,
        Tags.of(model, Pipelines.labels(model, head, 0)),
        texts.lengths(LongText.ERROR),
        new Wanted(Set.of(), 0));
  }

  /**
   * Loads a model file.
   *
   * @param path the {@code .ernie} file
   * @return a pipeline over the model
   * @throws IOException if the file cannot be read, or is damaged or no model file
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static TokenTagger load(Path path) throws IOException {
    return ModelFile.load(path, TokenTagger::of);
  }

  /**
   * Loads a model by file or by name.
   *
   * @param fileOrName the path of a model file, or else the name of a model in the cache of this
   *     user ({@link ModelCache#standard})
   * @return a pipeline over the model
   * @throws IOException if there is neither such a file nor such a model, or it cannot be read
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static TokenTagger load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public TokenTagger withExecution(ExecutionOptions options) {
    return new TokenTagger(texts.withExecution(options), head, tags, lengths, wanted);
  }

  /**
   * Returns this pipeline with another policy for long texts. With {@link LongText#WINDOW} a token
   * takes its label from the window that shows most around it.
   *
   * @param longText what to do with a text that is too long; the default is {@link LongText#ERROR}
   * @return the new pipeline
   */
  public TokenTagger withLongText(LongText longText) {
    return with(lengths.withLongText(longText), wanted);
  }

  /**
   * Returns this pipeline with another limit on the tokens of an input.
   *
   * @param tokens the most tokens of a text, or of each window of it, [CLS] and [SEP] included,
   *     from 4 to the current limit, which is at first the model's number of positions; the length
   *     used in training is a good choice
   * @return the new pipeline
   * @throws IllegalArgumentException if it is out of this range
   */
  public TokenTagger withMaxLength(int tokens) {
    return with(lengths.withMaxLength(tokens), wanted);
  }

  /**
   * Returns this pipeline with another stride between windows.
   *
   * @param tokens the tokens from the start of one window to that of the next, at least 1; the
   *     default is half of what a window shows
   * @return the new pipeline
   * @throws IllegalArgumentException if it is less than 1
   */
  public TokenTagger withStride(int tokens) {
    return with(lengths.withStride(tokens), wanted);
  }

  /**
   * Returns this pipeline finding only spans of some types.
   *
   * @param some at least one of {@link #types}; the default is all of them
   * @return the new pipeline
   * @throws IllegalArgumentException if there is none, or the model lacks one of them
   */
  public TokenTagger withTypes(Collection<String> some) {
    if (some.isEmpty() || !types().containsAll(some)) {
      throw new IllegalArgumentException(
          String.format("types: expected some of %s, got %s", types(), some));
    }
    return with(lengths, new Wanted(Set.copyOf(some), wanted.threshold));
  }

  /**
   * Returns this pipeline leaving out spans below a probability.
   *
   * @param probability the least probability of a span, from 0 to 1; the default is 0
   * @return the new pipeline
   * @throws IllegalArgumentException if it is out of this range
   */
  public TokenTagger withThreshold(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "threshold: expected a probability from 0 to 1, got " + probability);
    }
    return with(lengths, new Wanted(wanted.types, probability));
  }

  private TokenTagger with(LengthPolicy newLengths, Wanted newWanted) {
    return new TokenTagger(texts, head, tags, newLengths, newWanted);
  }

  /**
   * {@return the labels of tokens, for example {@code O B-PER I-PER}, in the order of the outputs
   * of the head, unmodifiable}
   */
  public List<String> labels() {
    return tags.labels;
  }

  /** {@return the types of spans that the labels stand for, sorted} */
  public Set<String> types() {
    return tags.scheme.types();
  }

  /**
   * What was found in a text.
   *
   * @param text the text as given
   * @param entities the spans in order of appearance; they do not overlap
   * @param truncated whether the end of the text was ignored
   */
  public record Result(String text, List<Span> entities, boolean truncated) {
    /** Keeps an unmodifiable copy of the entities. */
    public Result {
      entities = List.copyOf(entities);
    }
  }

  /**
   * Finds the spans of a text. A text without tokens has none.
   *
   * @param text the text
   * @return the spans found
   * @throws IllegalArgumentException if the text has too many tokens
   */
  public Result tag(String text) {
    return tag(List.of(text)).get(0);
  }

  /**
   * Tags several texts together. Each result is the one that its text has alone.
   *
   * @param several the texts, any number of them
   * @return the results, in the order of the texts; unmodifiable
   * @throws IllegalArgumentException if a text has too many tokens
   */
  public List<Result> tag(List<String> several) {
    return Attempt.results(tryTag(several));
  }

  /**
   * Tags several texts, where one that cannot be read does not affect the others.
   *
   * @param several the texts, any number of them
   * @return for each text, in the same order, its result or why there is none
   */
  public List<Attempt<Result>> tryTag(List<String> several) {
    return texts.attempt(
        several,
        text -> lengths.windows("tag", texts.tokenizer().encode(text), 1),
        states -> TextEncoder.perSequence(head, states),
        this::result);
  }

  private Result result(String text, List<Window> windows, List<List<float[]>> logits) {
    Window last = windows.get(windows.size() - 1);
    float[] joined = joined(windows, logits);
    List<Span> spans =
        TokenLabels.of(last.encoding(), tags.labels, tags.constraint, joined, 0, last.to() - 1)
            .spans(text, tags.scheme);
    return new Result(
        text,
        List.copyOf(spans.stream().filter(wanted::includes).collect(Collectors.toList())),
        last.cut());
  }

  /** The logits of all tokens after [CLS], each from the window that shows most around it. */
  private float[] joined(List<Window> windows, List<List<float[]>> logits) {
    int tokens = windows.get(windows.size() - 1).to() - 1;
    int width = tags.labels.size();
    float[] joined = new float[tokens * width];
    int w = 0;
    for (int t = 1; t <= tokens; t++) {
      w = widest(windows, w, t);
      int row = t - windows.get(w).from() + windows.get(w).fixed();
      System.arraycopy(logits.get(w).get(0), row * width, joined, (t - 1) * width, width);
    }
    return joined;
  }

  /**
   * The window in which a token is farthest from both ends; the first of equal ones. It is the
   * window of the previous token or a later one, and the distance increases up to it.
   */
  private static int widest(List<Window> windows, int before, int token) {
    int best = before;
    while (best + 1 < windows.size()
        && around(windows.get(best + 1), token) > around(windows.get(best), token)) {
      best++;
    }
    return best;
  }

  private static int around(Window window, int token) {
    return Math.min(token - window.from(), window.to() - 1 - token);
  }
}
