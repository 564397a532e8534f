package ernie4j.pipeline;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.MaskedLanguageModelHead;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Encoding;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which tokens a pre-trained model expects at every {@code [MASK]} of a text. A pipeline may
 * be shared between threads.
 *
 * <pre>{@code
 * FillMask fill = FillMask.load(Path.of("nano.ernie"));
 * fill.fill("生活的真谛是[MASK]。").masks().get(0).candidates(); // 爱 0.21, 我 0.05, ...
 * }</pre>
 */
public final class FillMask extends Pipeline {
  private final MaskedLanguageModelHead head;
  private final LengthPolicy lengths;
  private final int top;

  private FillMask(TextEncoder texts, MaskedLanguageModelHead head, LengthPolicy lengths, int top) {
    super(texts);
    this.head = head;
    this.lengths = lengths;
    this.top = top;
  }

  /**
   * Returns a pipeline over a model in memory that computes with the fastest kernels of this
   * machine.
   *
   * @param model the masked language model, with its vocabulary; not changed
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static FillMask of(Model model) {
    return of(model, Kernels.best());
  }

  /**
   * Returns a pipeline over a model in memory that computes with the given kernels.
   *
   * @param model the masked language model, with its vocabulary; not changed
   * @param kernels the kernels to compute with
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static FillMask of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, Task.MASKED_LM);
    TextEncoder texts = new TextEncoder(model, kernels);
    MaskedLanguageModelHead head = MaskedLanguageModelHead.of(texts.encoder(), model.parameters());
    return new FillMask(texts, head, texts.lengths(LongText.ERROR), 5);
  }

  /**
   * Loads a model file.
   *
   * @param path the {@code .ernie} file
   * @return a pipeline over the model
   * @throws IOException if the file cannot be read, or is damaged or no model file
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static FillMask load(Path path) throws IOException {
    return ModelFile.load(path, FillMask::of);
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
  public static FillMask load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public FillMask withExecution(ExecutionOptions options) {
    return new FillMask(texts.withExecution(options), head, lengths, top);
  }

  /**
   * Returns this pipeline with another policy for long texts.
   *
   * @param longText {@link LongText#ERROR}, which is the default, or {@link LongText#TRUNCATE}
   * @return the new pipeline
   * @throws IllegalArgumentException if it is {@link LongText#WINDOW}
   */
  public FillMask withLongText(LongText longText) {
    return new FillMask(texts, head, lengths.withLongTextButNoWindows(longText), top);
  }

  /**
   * Returns this pipeline with another limit on the tokens of an input.
   *
   * @param tokens the most tokens of a text, [CLS] and [SEP] included, from 4 to the current limit,
   *     which is at first the model's number of positions; the length used in training is a good
   *     choice
   * @return the new pipeline
   * @throws IllegalArgumentException if it is out of this range
   */
  public FillMask withMaxLength(int tokens) {
    return new FillMask(texts, head, lengths.withMaxLength(tokens), top);
  }

  /**
   * Returns this pipeline with another number of candidates for each mask.
   *
   * @param candidates the number of candidates, at least 1; the default is 5
   * @return the new pipeline
   * @throws IllegalArgumentException if it is less than 1
   */
  public FillMask withTop(int candidates) {
    if (candidates < 1) {
      throw new IllegalArgumentException("top: expected at least 1, got " + candidates);
    }
    return new FillMask(texts, head, lengths, candidates);
  }

  /**
   * A token that may fill a mask.
   *
   * @param token the token as the vocabulary has it, for example {@code ##ing}
   * @param probability its probability among the whole vocabulary, from 0 to 1
   */
  public record Candidate(String token, double probability) {}

  /**
   * A {@code [MASK]} of the text.
   *
   * @param start index of its first char (UTF-16)
   * @param end index after its last char
   * @param candidates the most likely tokens, the best first
   */
  public record Mask(int start, int end, List<Candidate> candidates) {
    /** Keeps an unmodifiable copy of the candidates. */
    public Mask {
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * What the model expects.
   *
   * @param text the text as given
   * @param masks the masks in order of appearance
   * @param truncated whether the end of the text was ignored, with any masks in it
   */
  public record Result(String text, List<Mask> masks, boolean truncated) {
    /** Keeps an unmodifiable copy of the masks. */
    public Result {
      masks = List.copyOf(masks);
    }
  }

  /**
   * Fills the masks of a text, each as if the others stayed masked.
   *
   * @param text the text, with at least one {@code [MASK]}
   * @return the candidates for every mask
   * @throws IllegalArgumentException if the part of the text that is read has no {@code [MASK]}, or
   *     the text has too many tokens
   */
  public Result fill(String text) {
    return fill(List.of(text)).get(0);
  }

  /**
   * Fills the masks of several texts together. Each result is the one that its text has alone.
   *
   * @param several the texts, any number of them
   * @return the results, in the order of the texts; unmodifiable
   * @throws IllegalArgumentException if a text has no {@code [MASK]}, or too many tokens
   */
  public List<Result> fill(List<String> several) {
    return Attempt.results(tryFill(several));
  }

  /**
   * Fills the masks of several texts, where one that cannot be read does not affect the others.
   *
   * @param several the texts, any number of them
   * @return for each text, in the same order, its result or why there is none
   */
  public List<Attempt<Result>> tryFill(List<String> several) {
    return texts.attempt(
        several,
        this::windows,
        this::candidates,
        (text, windows, values) -> result(text, windows.get(0), values.get(0)));
  }

  private List<Window> windows(String text) {
    Window window = texts.window("fill", text, lengths);
    if (masks(window).isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              "fill: expected at least one [MASK] in the text, got '%s'%s",
              TextEncoder.shown(text), window.cut() ? ", whose end is not read" : ""));
    }
    return List.of(window);
  }

  private Result result(String text, Window window, List<List<Candidate>> candidates) {
    Encoding encoding = window.encoding();
    List<Integer> tokens = masks(window);
    List<Mask> masks = new ArrayList<>();
    for (int m = 0; m < tokens.size(); m++) {
      int token = tokens.get(m);
      masks.add(new Mask(encoding.start(token), encoding.end(token), candidates.get(m)));
    }
    return new Result(text, masks, window.cut());
  }

  private List<Integer> masks(Window window) {
    List<Integer> masks = new ArrayList<>();
    for (int t = window.from(); t < window.to(); t++) {
      if (window.encoding().id(t) == texts.tokenizer().maskId()) {
        masks.add(t);
      }
    }
    return masks;
  }

  /** The candidates of every mask of every sequence. */
  private List<List<List<Candidate>>> candidates(EncoderWorkspace states) {
    RaggedBatch batch = states.batch();
    List<List<List<Candidate>>> all = new ArrayList<>();
    for (int s = 0; s < batch.sequences(); s++) {
      List<List<Candidate>> own = new ArrayList<>();
      for (int t = batch.start(s); t < batch.start(s + 1); t++) {
        if (batch.id(t) == texts.tokenizer().maskId()) {
          // One by one: a row is as long as the vocabulary.
          own.add(best(head.logits(states, t)));
        }
      }
      all.add(own);
    }
    return all;
  }

  private List<Candidate> best(float[] logits) {
    // Rows without a token never occur in training, but the softmax includes them.
    int named = Math.min(logits.length, texts.tokenizer().size());
    int[] ids = new int[Math.min(top, named)];
    int found = 0;
    for (int id = 0; id < named; id++) {
      int at = found;
      while (at > 0 && logits[id] > logits[ids[at - 1]]) {
        at--;
      }
      if (at < ids.length) {
        int kept = Math.min(found, ids.length - 1);
        System.arraycopy(ids, at, ids, at + 1, kept - at);
        ids[at] = id;
        found = kept + 1;
      }
    }
    double[] probabilities = Logits.probabilities(logits, 0, logits.length);
    List<Candidate> candidates = new ArrayList<>();
    for (int id : ids) {
      candidates.add(new Candidate(texts.tokenizer().tokenOf(id), probabilities[id]));
    }
    return candidates;
  }
}
