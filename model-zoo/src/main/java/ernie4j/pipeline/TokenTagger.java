package ernie4j.pipeline;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.TaskNames;
import ernie4j.engine.head.TokenClassificationHead;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Encoding;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds labelled spans in texts, for example names of persons and places: every token gets a label
 * in the BIO or BIOES scheme, and labels become spans. May be shared between threads.
 *
 * <pre>{@code
 * TokenTagger tagger = TokenTagger.load(Path.of("names.ernie")).withLongText(LongText.WINDOW);
 * for (TokenTagger.Entity entity : tagger.tag("李白生于碎叶城").entities()) {
 *   System.out.println(entity.type() + ": " + entity.text()); // PER: 李白 ...
 * }
 * }</pre>
 */
public final class TokenTagger {
  private final TextEncoder texts;
  private final TokenClassificationHead head;
  private final List<String> labels;
  private final Reading reading;

  private TokenTagger(
      TextEncoder texts, TokenClassificationHead head, List<String> labels, Reading reading) {
    this.texts = texts;
    this.head = head;
    this.labels = labels;
    this.reading = reading;
  }

  /**
   * A pipeline over a model in memory.
   *
   * @throws IllegalArgumentException if the model is for another task or has no labels
   */
  public static TokenTagger of(Model model) {
    return of(model, Kernels.best());
  }

  /** A pipeline over a model on the given kernels. */
  public static TokenTagger of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, TaskNames.TOKEN_CLASSIFICATION);
    TextEncoder texts = new TextEncoder(model, kernels);
    TokenClassificationHead head = TokenClassificationHead.of(texts.encoder(), model.parameters());
    List<String> labels = Pipelines.labels(model, TaskNames.LABEL, head.labels());
    return new TokenTagger(texts, head, labels, texts.reading(LongText.ERROR));
  }

  /** Loads a model file. */
  public static TokenTagger load(Path path) throws IOException {
    return ModelFile.load(path, TokenTagger::of);
  }

  /** Loads a model of the local cache, see {@link ModelCache#standard}. */
  public static TokenTagger load(String name) throws IOException {
    return load(ModelCache.standard().require(name));
  }

  /**
   * This pipeline with another policy for long texts; at first it is {@link LongText#ERROR}. With
   * {@link LongText#WINDOW} a token has the label of the window that shows most around it.
   */
  public TokenTagger withLongText(LongText longText) {
    return new TokenTagger(texts, head, labels, reading.withLongText(longText));
  }

  /** This pipeline reading no more than so many tokens at once, for example as in training. */
  public TokenTagger withMaxLength(int tokens) {
    return new TokenTagger(texts, head, labels, reading.withMaxLength(tokens));
  }

  /**
   * This pipeline with another step from the start of a window to that of the next, in tokens; at
   * first it is half a window.
   */
  public TokenTagger withStride(int tokens) {
    return new TokenTagger(texts, head, labels, reading.withStride(tokens));
  }

  /** The labels of tokens, for example {@code O B-PER I-PER}. */
  public List<String> labels() {
    return labels;
  }

  /**
   * A labelled span.
   *
   * @param type its label without B- or S-
   * @param text the part of the text
   * @param start index of its first char (UTF-16)
   * @param end index behind its last char
   * @param probability that all its tokens have the labels that make it, as the model gives every
   *     token its label on its own
   */
  public record Entity(String type, String text, int start, int end, double probability) {}

  /**
   * What was found in a text.
   *
   * @param text the text as given
   * @param entities the spans in order of appearance; they do not overlap
   * @param truncated whether the end of the text was ignored
   */
  public record Result(String text, List<Entity> entities, boolean truncated) {
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
    List<List<Window>> perText = new ArrayList<>();
    for (String text : several) {
      perText.add(reading.windows("tag", texts.tokenizer().encode(text), 1));
    }
    List<float[]> logits =
        texts.forward(
            perText.stream().flatMap(List::stream).toList(),
            states -> TextEncoder.perToken(states.batch(), head.logits(states)));
    List<Result> results = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < several.size(); i++) {
      List<Window> windows = perText.get(i);
      List<float[]> own = logits.subList(first, first + windows.size());
      results.add(result(several.get(i), windows, own));
      first += windows.size();
    }
    return results;
  }

  private Result result(String text, List<Window> windows, List<float[]> logits) {
    Encoding encoding = windows.get(0).encoding();
    Window last = windows.get(windows.size() - 1);
    List<String> names = new ArrayList<>();
    double[] probabilities = new double[last.to()];
    for (int t = 1; t < last.to(); t++) {
      int w = widest(windows, t);
      int row = (t - windows.get(w).from() + windows.get(w).fixed()) * labels.size();
      int best = Logits.argmax(logits.get(w), row, labels.size());
      names.add(labels.get(best));
      probabilities[t] = Logits.probability(logits.get(w), row, labels.size(), best);
    }
    List<Entity> entities = new ArrayList<>();
    for (LabelledSpans.Span span : LabelledSpans.of(encoding, names)) {
      entities.add(
          new Entity(
              span.type(),
              text.substring(span.start(), span.end()),
              span.start(),
              span.end(),
              Arrays.stream(probabilities, span.firstToken(), span.lastToken() + 1)
                  .reduce(1, (a, b) -> a * b)));
    }
    return new Result(text, entities, last.isCut());
  }

  /** The window in which a token is farthest from both ends; the first of several. */
  private static int widest(List<Window> windows, int token) {
    int best = 0;
    int most = -1;
    for (int w = 0; w < windows.size(); w++) {
      int around = Math.min(token - windows.get(w).from(), windows.get(w).to() - 1 - token);
      if (around > most) {
        best = w;
        most = around;
      }
    }
    return best;
  }
}
