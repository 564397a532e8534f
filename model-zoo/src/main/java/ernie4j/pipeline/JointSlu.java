package ernie4j.pipeline;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Encoding;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Understands a spoken command: what is wanted (intent) and the values in it (slots). May be shared
 * between threads.
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
   * @param contextTurns how many turns before the present one
   * @param minConfidence below which an answer is refused
   */
  private record Reading(
      int contextTurns, float intentTemperature, float slotTemperature, double minConfidence) {
    static Reading of(Model model) {
      return new Reading(
          DialogueContext.turns(model),
          Confidence.temperature(model, HeadOptions.TEMPERATURE),
          Confidence.temperature(model, HeadOptions.SLOT_TEMPERATURE),
          Confidence.least(model));
    }

    Reading withMinConfidence(double least) {
      return new Reading(contextTurns, intentTemperature, slotTemperature, least);
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
   * A pipeline over a model in memory.
   *
   * @throws WrongTaskException if the model is for another task or has no labels
   */
  public static JointSlu of(Model model) {
    return of(model, Kernels.best());
  }

  /** A pipeline over a model on the given kernels. */
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

  /** Loads a model file. */
  public static JointSlu load(Path path) throws IOException {
    return ModelFile.load(path, JointSlu::of);
  }

  /** Loads a model: a file, or else a pulled model by name. */
  public static JointSlu load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  /** The model for commands in a car that comes with this library. */
  public static JointSlu bundled() throws IOException {
    try (InputStream in = bundledFile()) {
      return ModelFile.load(in, BUNDLED_NAME, JointSlu::of);
    }
  }

  /** What {@link #bundled} is made of, to inspect or to train on. */
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
   * This pipeline with another policy for long texts. Other pipelines begin with {@link
   * LongText#ERROR}, this one with {@link LongText#TRUNCATE}: a command is said at the beginning,
   * and the models are short.
   */
  public JointSlu withLongText(LongText longText) {
    return new JointSlu(
        texts, head, intents, slots, lengths.withLongTextButNoWindows(longText), reading);
  }

  /**
   * This pipeline refusing answers of which it is less sure; at first as the model says, or none.
   *
   * @param confidence from 0 to 1
   */
  public JointSlu withMinConfidence(double confidence) {
    Reading stricter = reading.withMinConfidence(Confidence.requireProbability(confidence));
    return new JointSlu(texts, head, intents, slots, lengths, stricter);
  }

  /** The intents in the order of the head's outputs. */
  public List<String> intents() {
    return intents;
  }

  /** How many turns before the present one the model reads; 0 if it reads no context. */
  public int contextTurns() {
    return reading.contextTurns;
  }

  /** The slot labels of tokens, for example {@code O B-song I-song}. */
  public List<String> slotLabels() {
    return slots;
  }

  /**
   * What is said in a dialogue.
   *
   * @param text what is said now
   * @param history what was said before, the oldest first; a model that reads no context, or fewer
   *     turns, does not look at the rest
   */
  public record Turn(String text, List<String> history) {
    /** Keeps an unmodifiable copy. */
    public Turn {
      history = List.copyOf(history);
    }
  }

  /**
   * What was understood.
   *
   * @param text the text as given
   * @param intent the most likely intent
   * @param probability its probability
   * @param intents all intents in the order of {@link JointSlu#intents}; the probabilities sum to 1
   * @param slots the values found, in order of appearance; they do not overlap
   * @param labels the slot label of every token that was read, from the one behind [CLS] on
   * @param truncated whether the text had more tokens than the model reads, so that its end was
   *     ignored
   * @param confidence the probability that the intent and the labels of all tokens are right, as if
   *     they did not depend on each other
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

    /** The most probable intents, the best first. */
    public List<Score> bestIntents(int count) {
      return Score.best(intents, count);
    }
  }

  /**
   * Understands a text.
   *
   * @throws IllegalArgumentException if the text has no tokens: it is empty or only blanks
   */
  public Result parse(String text) {
    return parse(List.of(text)).get(0);
  }

  /**
   * Understands what is said in a dialogue.
   *
   * @param history what was said before, the oldest first
   * @throws IllegalArgumentException if the text has no tokens
   */
  public Result parse(String text, List<String> history) {
    return tryParseTurns(List.of(new Turn(text, history))).get(0).result();
  }

  /**
   * Understands several texts together; the results are those that each has alone.
   *
   * @throws IllegalArgumentException if one has no tokens
   */
  public List<Result> parse(List<String> several) {
    return Attempt.results(tryParse(several));
  }

  /** Understands several texts; one that cannot be read does not lose the others. */
  public List<Attempt<Result>> tryParse(List<String> several) {
    return tryParseTurns(several.stream().map(text -> new Turn(text, List.of())).toList());
  }

  /** Understands several turns of the same or of other dialogues, as {@link #tryParse}. */
  public List<Attempt<Result>> tryParseTurns(List<Turn> turns) {
    return texts.attempt(
        turns,
        turn -> List.of(window(turn)),
        states -> TextEncoder.perSequence(head, states),
        (turn, windows, logits) -> result(turn.text(), windows.get(0), logits.get(0)));
  }

  private Window window(Turn turn) {
    Window alone = texts.window("parse", turn.text(), lengths);
    if (alone.cut()) {
      return alone; // no room for context
    }
    Encoding present = alone.encoding();
    Encoding all =
        DialogueContext.encode(
            texts.tokenizer(), turn.history(), reading.contextTurns, present, lengths.maxLength());
    return Window.whole(all, all.length() - present.length() + 1);
  }

  private Result result(String text, Window window, List<float[]> logits) {
    float[] ofIntents = Confidence.at(reading.intentTemperature, logits.get(0));
    float[] ofSlots = Confidence.at(reading.slotTemperature, logits.get(1));
    List<Score> scores = Score.of(intents, Logits.probabilities(ofIntents, 0, intents.size()));
    Score best = scores.get(Logits.argmax(ofIntents, 0, intents.size()));
    List<TokenLabels.LogitRow> rows = new ArrayList<>();
    for (int t = window.from(); t < window.to(); t++) {
      rows.add(TokenLabels.LogitRow.of(ofSlots, t, slots.size()));
    }
    TokenLabels labels = TokenLabels.of(window.encoding(), window.from(), rows, slots);
    double confidence = best.probability() * labels.probability();
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
