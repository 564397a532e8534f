package ernie4j.pipeline;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.ConstrainedTags;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.engine.kernels.Kernels;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Understands a spoken command: what is wanted (the intent) and the values in it (the slots). A
 * pipeline may be shared between threads.
 *
 * <pre>{@code
 * JointSlu slu = JointSlu.bundled();
 * JointSlu.Result result = slu.parse("来一首周华健的花心");
 * result.intent();                 // music.play
 * result.slots().get(0).text();    // 周华健
 * }</pre>
 */
public final class JointSlu extends Pipeline {
  private static final String BUNDLED = "slu-nlpcc2018.ernie";
  private static final String BUNDLED_NAME = "the bundled model " + BUNDLED;

  private final Head head;
  private final List<String> intents;
  private final List<String> slots;
  private final LengthPolicy lengths;
  private final Reading reading;

  /**
   * How texts and logits are read.
   *
   * @param constraint which sequences of tags are allowed; empty for all
   * @param withoutSlots the intents whose slots do not count for the confidence
   * @param minConfidence below which an answer is refused
   */
  private record Reading(
      Optional<ConstrainedTags> constraint,
      float intentTemperature,
      float slotTemperature,
      Set<String> withoutSlots,
      double minConfidence) {
    static Reading of(Model model) {
      return new Reading(
          ConstrainedTags.of(model.options(), model.labels().getOrDefault(Task.SLOT, List.of())),
          Confidence.temperature(model, HeadOptions.TEMPERATURE),
          Confidence.temperature(model, HeadOptions.SLOT_TEMPERATURE),
          withoutSlots(model),
          Confidence.least(model));
    }

    Reading withMinConfidence(double least) {
      return new Reading(constraint, intentTemperature, slotTemperature, withoutSlots, least);
    }

    private static Set<String> withoutSlots(Model model) {
      String names = model.options().get(HeadOptions.INTENTS_WITHOUT_SLOTS);
      return names == null ? Set.of() : new HashSet<>(List.of(names.split("\t")));
    }
  }

  private JointSlu(
      TextEncoder texts,
      Head head,
      List<String> intents,
      List<String> slots,
      LengthPolicy lengths,
      Reading reading) {
    super(texts);
    this.head = head;
    this.intents = intents;
    this.slots = slots;
    this.lengths = lengths;
    this.reading = reading;
  }

  /**
   * Returns a pipeline over a model in memory that computes with the fastest kernels of this
   * machine.
   *
   * @param model the model for intents and slots, with its vocabulary; not changed
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task or has no labels
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static JointSlu of(Model model) {
    return of(model, Kernels.best());
  }

  /**
   * Returns a pipeline over a model in memory that computes with the given kernels.
   *
   * @param model the model for intents and slots, with its vocabulary; not changed
   * @param kernels the kernels to compute with
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task or has no labels
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static JointSlu of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, Task.JOINT_INTENT_SLOTS);
    TextEncoder texts = new TextEncoder(model, kernels);
    Head head = Pipelines.head(model, Task.JOINT_INTENT_SLOTS, texts);
    return new JointSlu(
        texts,
        head,
        Pipelines.labels(model, head, 0),
        Pipelines.labels(model, head, 1),
        texts.lengths(LongText.TRUNCATE),
        Reading.of(model));
  }

  /**
   * Loads a model file.
   *
   * @param path the {@code .ernie} file
   * @return a pipeline over the model
   * @throws IOException if the file cannot be read, is damaged or no model file, or its model is
   *     for another task or has no labels
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static JointSlu load(Path path) throws IOException {
    return ModelFile.load(path, JointSlu::of);
  }

  /**
   * Loads a model by file or by name.
   *
   * @param fileOrName the path of a model file, or else the name of a model in the cache of this
   *     user ({@link ModelCache#standard})
   * @return a pipeline over the model
   * @throws IOException if there is neither such a file nor such a model, it cannot be read, or its
   *     model is for another task or has no labels
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static JointSlu load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  /**
   * Loads the model for commands in a car that comes with this library.
   *
   * @return a pipeline over the bundled model
   * @throws IOException if this build lacks the model
   */
  public static JointSlu bundled() throws IOException {
    try (InputStream in = bundledFile()) {
      return ModelFile.load(in, BUNDLED_NAME, JointSlu::of);
    }
  }

  /**
   * Reads the model that {@link #bundled} runs, to inspect it or to train on.
   *
   * @return the model, all of it in memory
   * @throws IOException if this build lacks the model
   */
  public static Model bundledModel() throws IOException {
    try (InputStream in = bundledFile()) {
      return ModelFile.read(in, BUNDLED_NAME);
    }
  }

  private static InputStream bundledFile() throws IOException {
    InputStream in = JointSlu.class.getResourceAsStream(BUNDLED);
    if (in == null) {
      throw new IOException(BUNDLED_NAME + " is missing from this build");
    }
    return in;
  }

  @Override
  public JointSlu withExecution(ExecutionOptions options) {
    return new JointSlu(texts.withExecution(options), head, intents, slots, lengths, reading);
  }

  /**
   * Returns this pipeline with another policy for long texts. Other pipelines begin with {@link
   * LongText#ERROR}, this one with {@link LongText#TRUNCATE}: the beginning of a command says most,
   * and these models read short texts.
   *
   * @param longText {@link LongText#ERROR} or {@link LongText#TRUNCATE}
   * @return the new pipeline
   * @throws IllegalArgumentException if it is {@link LongText#WINDOW}
   */
  public JointSlu withLongText(LongText longText) {
    return new JointSlu(
        texts, head, intents, slots, lengths.withLongTextButNoWindows(longText), reading);
  }

  /**
   * Returns this pipeline with another minimum confidence. It refuses answers below it. By default,
   * the model's own minimum applies; without one, no answer is refused.
   *
   * @param confidence the lowest confidence of an answer that is given, from 0 to 1
   * @return the new pipeline
   * @throws IllegalArgumentException if it is out of this range
   */
  public JointSlu withMinConfidence(double confidence) {
    Reading stricter = reading.withMinConfidence(Confidence.requireProbability(confidence));
    return new JointSlu(texts, head, intents, slots, lengths, stricter);
  }

  /** {@return the intents in the order of the outputs of the head, unmodifiable} */
  public List<String> intents() {
    return intents;
  }

  /**
   * {@return the slot labels of tokens, for example {@code O B-song I-song}, in the order of the
   * outputs of the head, unmodifiable}
   */
  public List<String> slotLabels() {
    return slots;
  }

  /**
   * What was understood.
   *
   * @param text the text as given
   * @param intent the most likely intent
   * @param probability its probability
   * @param intents all intents in the order of {@link JointSlu#intents}; the probabilities sum to 1
   * @param slots the values found, in order of appearance; they do not overlap
   * @param labels the slot label of every token that was read, starting after [CLS]
   * @param truncated whether the text had more tokens than the model reads, so that its end was
   *     ignored
   * @param confidence the probability that the intent and the labels of all tokens are right, as if
   *     they did not depend on each other; if the model answers only allowed sequences of tags,
   *     among these. For an intent that, according to the model's options, never has slots, the
   *     probability that the intent is right
   * @param refused whether the confidence is below {@link JointSlu#withMinConfidence}: the answer
   *     should not be acted on
   */
  public record Result(
      String text,
      String intent,
      double probability,
      List<Score> intents,
      List<Span> slots,
      List<String> labels,
      boolean truncated,
      double confidence,
      boolean refused) {
    /** Keeps unmodifiable copies. */
    public Result {
      intents = List.copyOf(intents);
      slots = List.copyOf(slots);
      labels = List.copyOf(labels);
    }

    /**
     * Returns the most probable intents.
     *
     * @param count the most intents to return
     * @return the intents, the most probable first; unmodifiable
     */
    public List<Score> bestIntents(int count) {
      return Score.best(intents, count);
    }
  }

  /**
   * Understands a text.
   *
   * @param text the command
   * @return its intent and slots
   * @throws IllegalArgumentException if the text has no tokens: it is empty or blank
   */
  public Result parse(String text) {
    return parse(List.of(text)).get(0);
  }

  /**
   * Understands several texts together. Each result is the one that its text has alone.
   *
   * @param several the texts, any number of them
   * @return the results, in the order of the texts; unmodifiable
   * @throws IllegalArgumentException if a text has no tokens
   */
  public List<Result> parse(List<String> several) {
    return Attempt.results(tryParse(several));
  }

  /**
   * Understands several texts, where one that cannot be read does not affect the others.
   *
   * @param several the texts, any number of them
   * @return for each text, in the same order, its result or why there is none
   */
  public List<Attempt<Result>> tryParse(List<String> several) {
    return texts.attempt(
        several,
        text -> List.of(texts.window("parse", text, lengths)),
        states -> TextEncoder.perSequence(head, states),
        (text, windows, logits) -> result(text, windows.get(0), logits.get(0)));
  }

  private Result result(String text, Window window, List<float[]> logits) {
    float[] ofIntents = Confidence.at(reading.intentTemperature, logits.get(0));
    float[] ofSlots = Confidence.at(reading.slotTemperature, logits.get(1));
    List<Score> scores = Score.of(intents, Logits.probabilities(ofIntents, 0, intents.size()));
    Score best = scores.get(Logits.argmax(ofIntents, 0, intents.size()));
    TokenLabels labels =
        TokenLabels.of(
            window.encoding(), slots, reading.constraint, ofSlots, window.from(), window.to());
    double ofLabels = reading.withoutSlots.contains(best.label()) ? 1 : labels.probability();
    double confidence = best.probability() * ofLabels;
    return new Result(
        text,
        best.label(),
        best.probability(),
        scores,
        labels.spans(text),
        labels.names(),
        window.cut(),
        confidence,
        confidence < reading.minConfidence);
  }
}
