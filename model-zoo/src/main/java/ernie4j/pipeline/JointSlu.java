package ernie4j.pipeline;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.JointIntentSlotHead;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.TaskNames;
import ernie4j.engine.kernels.Kernels;
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
 * result.slots().get(0).value();   // 周华健
 * }</pre>
 */
public final class JointSlu {
  private static final String BUNDLED = "slu-nlpcc2018.ernie";
  private static final String BUNDLED_NAME = "the bundled model " + BUNDLED;

  private final TextEncoder texts;
  private final JointIntentSlotHead head;
  private final List<String> intents;
  private final List<String> slots;
  private final Reading reading;

  private JointSlu(
      TextEncoder texts,
      JointIntentSlotHead head,
      List<String> intents,
      List<String> slots,
      Reading reading) {
    this.texts = texts;
    this.head = head;
    this.intents = intents;
    this.slots = slots;
    this.reading = reading;
  }

  /**
   * A pipeline over a model in memory.
   *
   * @throws IllegalArgumentException if the model is for another task or has no labels
   */
  public static JointSlu of(Model model) {
    return of(model, Kernels.best());
  }

  /** A pipeline over a model on the given kernels. */
  public static JointSlu of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, TaskNames.JOINT_INTENT_SLOTS);
    TextEncoder texts = new TextEncoder(model, kernels);
    JointIntentSlotHead head = JointIntentSlotHead.of(texts.encoder(), model.parameters());
    return new JointSlu(
        texts,
        head,
        Pipelines.labels(model, TaskNames.INTENT, head.intents()),
        Pipelines.labels(model, TaskNames.SLOT, head.slots()),
        texts.reading(LongText.TRUNCATE));
  }

  /** Loads a model file. */
  public static JointSlu load(Path path) throws IOException {
    return ModelFile.load(path, JointSlu::of);
  }

  /** Loads a model of the local cache, see {@link ModelCache#standard}. */
  public static JointSlu load(String name) throws IOException {
    return load(ModelCache.standard().require(name));
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

  /**
   * This pipeline with another policy for long texts. Other pipelines begin with {@link
   * LongText#ERROR}, this one with {@link LongText#TRUNCATE}: a command is said at the beginning,
   * and the models are short.
   */
  public JointSlu withLongText(LongText longText) {
    return new JointSlu(texts, head, intents, slots, reading.withLongTextButNoWindows(longText));
  }

  /**
   * What was understood.
   *
   * @param text the text as given
   * @param intent the most likely intent
   * @param confidence its probability
   * @param slots the values found, in order of appearance
   * @param truncated whether the text had more tokens than the model reads, so that its end was
   *     ignored
   */
  public record Result(
      String text, String intent, double confidence, List<Slot> slots, boolean truncated) {
    /** Keeps an unmodifiable copy of the slots. */
    public Result {
      slots = List.copyOf(slots);
    }
  }

  /**
   * A value in the text.
   *
   * @param name the slot's name
   * @param value the part of the text
   * @param start index of its first char (UTF-16)
   * @param end index behind its last char
   */
  public record Slot(String name, String value, int start, int end) {}

  /**
   * Understands a text.
   *
   * @throws IllegalArgumentException if the text has no tokens: it is empty or only blanks
   */
  public Result parse(String text) {
    return parse(List.of(text)).get(0);
  }

  /**
   * Understands several texts together; the results are those that each has alone.
   *
   * @throws IllegalArgumentException if one has no tokens
   */
  public List<Result> parse(List<String> several) {
    List<Window> windows = new ArrayList<>();
    for (String text : several) {
      windows.addAll(reading.windows("parse", texts.encode("parse", text), 1));
    }
    List<Scores> scores = texts.forward(windows, this::scores);
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < several.size(); i++) {
      results.add(result(several.get(i), windows.get(i), scores.get(i)));
    }
    return results;
  }

  /** The logits of a text: {@code [intents]} and {@code [tokens, slots]}. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Scores(float[] intents, float[] slots) {}

  private List<Scores> scores(EncoderWorkspace states) {
    RaggedBatch batch = states.batch();
    List<float[]> ofIntents = TextEncoder.perSequence(batch, head.intentLogits(states));
    List<float[]> ofSlots = TextEncoder.perToken(batch, head.slotLogits(states));
    List<Scores> scores = new ArrayList<>();
    for (int s = 0; s < batch.sequences(); s++) {
      scores.add(new Scores(ofIntents.get(s), ofSlots.get(s)));
    }
    return scores;
  }

  private Result result(String text, Window window, Scores scores) {
    int intent = Logits.argmax(scores.intents, 0, intents.size());
    List<String> labels = new ArrayList<>();
    for (int t = window.from(); t < window.to(); t++) {
      labels.add(slots.get(Logits.argmax(scores.slots, t * slots.size(), slots.size())));
    }
    List<Slot> found = new ArrayList<>();
    for (LabelledSpans.Span span : LabelledSpans.of(window.encoding(), labels)) {
      String value = text.substring(span.start(), span.end());
      found.add(new Slot(span.type(), value, span.start(), span.end()));
    }
    return new Result(
        text,
        intents.get(intent),
        Logits.probability(scores.intents, 0, intents.size(), intent),
        found,
        window.isCut());
  }
}
