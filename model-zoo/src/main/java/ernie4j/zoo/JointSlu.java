package ernie4j.zoo;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.JointIntentSlotHead;
import ernie4j.engine.head.LabelSpans;
import ernie4j.engine.head.Logits;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
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

  private final Tokenizer tokenizer;
  private final Encoder encoder;
  private final JointIntentSlotHead head;
  private final List<String> intents;
  private final List<String> slots;
  private final int maxLength;

  private JointSlu(Model model, Kernels kernels) {
    if (!model.labels().containsKey("intent") || !model.labels().containsKey("slot")) {
      throw new IllegalArgumentException(
          "expected a model with intent and slot labels, got one for the task '%s'; train one with 'ernie4j train slu'"
              .formatted(model.task()));
    }
    tokenizer = Tokenizers.of(model);
    encoder = Encoder.of(model.config(), model.parameters(), kernels);
    head = JointIntentSlotHead.of(encoder, model.parameters());
    intents = model.labels().getOrDefault("intent", List.of());
    slots = model.labels().getOrDefault("slot", List.of());
    if (intents.size() != head.intents() || slots.size() != head.slots()) {
      throw new IllegalArgumentException(
          "the model has %d intents and %d slot labels, but its head has %d and %d outputs"
              .formatted(intents.size(), slots.size(), head.intents(), head.slots()));
    }
    maxLength = model.config().maxPositions();
  }

  /** A pipeline over a model in memory. */
  public static JointSlu of(Model model) {
    return new JointSlu(model, Kernels.best());
  }

  /** A pipeline over a model on the given kernels. */
  public static JointSlu of(Model model, Kernels kernels) {
    return new JointSlu(model, kernels);
  }

  /** Loads a model file. */
  public static JointSlu load(Path path) throws IOException {
    return ModelFile.load(path, JointSlu::of);
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
   * Understands several texts in one pass.
   *
   * @throws IllegalArgumentException if there is none, or one has no tokens
   */
  public List<Result> parse(List<String> texts) {
    List<Encoding> encodings = new ArrayList<>();
    List<Boolean> truncated = new ArrayList<>();
    for (String text : texts) {
      Encoding whole = tokenizer.encode(text);
      if (whole.length() == 2) {
        throw new IllegalArgumentException(
            "parse: the text '%s' has no tokens; expected at least one letter, digit or sign"
                .formatted(text));
      }
      boolean tooLong = whole.length() > maxLength;
      truncated.add(tooLong);
      encodings.add(tooLong ? tokenizer.encode(text, Truncation.LONGEST_FIRST, maxLength) : whole);
    }
    RaggedBatch batch = RaggedBatch.of(encodings.stream().map(Encoding::ids).toList());
    return encoder.forward(
        batch, workspace -> results(texts, encodings, truncated, batch, workspace));
  }

  private List<Result> results(
      List<String> texts,
      List<Encoding> encodings,
      List<Boolean> truncated,
      RaggedBatch batch,
      EncoderWorkspace workspace) {
    float[] intentLogits = head.intentLogits(workspace);
    float[] slotLogits = head.slotLogits(workspace);
    List<Result> results = new ArrayList<>();
    for (int s = 0; s < texts.size(); s++) {
      int row = s * intents.size();
      int best = Logits.argmax(intentLogits, row, intents.size());
      results.add(
          new Result(
              texts.get(s),
              intents.get(best),
              Logits.probability(intentLogits, row, intents.size(), best),
              slots(texts.get(s), encodings.get(s), slotLogits, batch.start(s)),
              truncated.get(s)));
    }
    return results;
  }

  private List<Slot> slots(String text, Encoding encoding, float[] logits, int firstToken) {
    List<String> labels = new ArrayList<>();
    for (int t = 1; t < encoding.length() - 1; t++) {
      labels.add(slots.get(Logits.argmax(logits, (firstToken + t) * slots.size(), slots.size())));
    }
    List<Slot> found = new ArrayList<>();
    for (LabelSpans.Span span : LabelSpans.of(labels)) {
      int start = encoding.start(span.first() + 1);
      int end = encoding.end(span.last() + 1);
      found.add(new Slot(span.type(), text.substring(start, end), start, end));
    }
    return found;
  }
}
