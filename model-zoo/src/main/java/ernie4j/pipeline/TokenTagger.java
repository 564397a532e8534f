package ernie4j.pipeline;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.TagScheme;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.engine.kernels.Kernels;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds labelled spans in texts, for example names of persons and places: every token gets a label
 * in a {@link TagScheme}, such as BIO, and labels become spans. May be shared between threads.
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
  private final List<String> labels;
  private final TagScheme scheme;
  private final LengthPolicy lengths;
  private final Wanted wanted;

  private TokenTagger(
      TextEncoder texts, Head head, List<String> labels, LengthPolicy lengths, Wanted wanted) {
    super(texts);
    this.head = head;
    this.labels = labels;
    this.scheme = TagScheme.ofLabels(labels);
    this.lengths = lengths;
    this.wanted = wanted;
  }

  /** Which spans a caller wants; no types stand for all. */
  private record Wanted(Set<String> types, double threshold) {
    boolean includes(Span span) {
      return span.probability() >= threshold && (types.isEmpty() || types.contains(span.type()));
    }
  }

  /**
   * A pipeline over a model in memory.
   *
   * @throws WrongTaskException if the model is for another task or has no labels
   */
  public static TokenTagger of(Model model) {
    return of(model, Kernels.best());
  }

  /** A pipeline over a model on the given kernels. */
  public static TokenTagger of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, Task.TOKEN_CLASSIFICATION);
    TextEncoder texts = new TextEncoder(model, kernels);
    Head head = Pipelines.head(model, Task.TOKEN_CLASSIFICATION, texts);
    return new TokenTagger(
        texts,
        head,
        Pipelines.labels(model, head, 0),
        texts.lengths(LongText.ERROR),
        new Wanted(Set.of(), 0));
  }

  /** Loads a model file. */
  public static TokenTagger load(Path path) throws IOException {
    return ModelFile.load(path, TokenTagger::of);
  }

  /** Loads a model: a file, or else a pulled model by name. */
  public static TokenTagger load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public TokenTagger withExecution(ExecutionOptions options) {
    return new TokenTagger(texts.withExecution(options), head, labels, lengths, wanted);
  }

  /**
   * This pipeline with another policy for long texts; at first it is {@link LongText#ERROR}. With
   * {@link LongText#WINDOW} a token has the label of the window that shows most around it.
   */
  public TokenTagger withLongText(LongText longText) {
    return with(lengths.withLongText(longText), wanted);
  }

  /** This pipeline with inputs of at most so many tokens at once, for example as in training. */
  public TokenTagger withMaxLength(int tokens) {
    return with(lengths.withMaxLength(tokens), wanted);
  }

  /**
   * This pipeline with another step from the start of a window to that of the next, in tokens; at
   * first it is half a window.
   */
  public TokenTagger withStride(int tokens) {
    return with(lengths.withStride(tokens), wanted);
  }

  /**
   * This pipeline finding only spans of some types; at first it finds all.
   *
   * @throws IllegalArgumentException if there is none, or the model has not all of them
   */
  public TokenTagger withTypes(Collection<String> some) {
    if (some.isEmpty() || !types().containsAll(some)) {
      throw new IllegalArgumentException(
          String.format("types: expected some of %s, got %s", types(), some));
    }
    return with(lengths, new Wanted(Set.copyOf(some), wanted.threshold));
  }

  /**
   * This pipeline leaving out spans that are less probable.
   *
   * @param probability from 0 to 1; at first it is 0
   */
  public TokenTagger withThreshold(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "threshold: expected a probability from 0 to 1, got " + probability);
    }
    return with(lengths, new Wanted(wanted.types, probability));
  }

  private TokenTagger with(LengthPolicy newLengths, Wanted newWanted) {
    return new TokenTagger(texts, head, labels, newLengths, newWanted);
  }

  /** The labels of tokens, for example {@code O B-PER I-PER}. */
  public List<String> labels() {
    return labels;
  }

  /** The types of spans that the labels stand for, sorted. */
  public Set<String> types() {
    return scheme.types();
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
   * Finds the spans of a text; one without tokens has none.
   *
   * @throws IllegalArgumentException if the text has too many tokens
   */
  public Result tag(String text) {
    return tag(List.of(text)).get(0);
  }

  /** Tags several texts together; the results are those that each has alone. */
  public List<Result> tag(List<String> several) {
    return Attempt.results(tryTag(several));
  }

  /** Tags several texts; one that cannot be read does not lose the others. */
  public List<Attempt<Result>> tryTag(List<String> several) {
    return texts.attempt(
        several,
        text -> lengths.windows("tag", texts.tokenizer().encode(text), 1),
        states -> TextEncoder.perSequence(head, states),
        this::result);
  }

  private Result result(String text, List<Window> windows, List<List<float[]>> logits) {
    Window last = windows.get(windows.size() - 1);
    List<TokenLabels.LogitRow> rows = new ArrayList<>();
    int w = 0;
    for (int t = 1; t < last.to(); t++) {
      w = widest(windows, w, t);
      int row = t - windows.get(w).from() + windows.get(w).fixed();
      rows.add(TokenLabels.LogitRow.of(logits.get(w).get(0), row, labels.size()));
    }
    List<Span> spans = TokenLabels.of(last.encoding(), 1, rows, labels).spans(text, scheme);
    return new Result(
        text,
        List.copyOf(spans.stream().filter(wanted::includes).collect(Collectors.toList())),
        last.cut());
  }

  /**
   * The window in which a token is farthest from both ends; the first of several. It is that of the
   * token before or a later one, and the distance grows up to it.
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
