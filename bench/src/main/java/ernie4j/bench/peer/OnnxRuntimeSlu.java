package ernie4j.bench.peer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ernie4j.bench.onnx.BertOnnxGraph;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.LabelSpans;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What JointSlu does, built from Hugging Face's tokenizer and ONNX Runtime: text to intent and
 * slots.
 */
public final class OnnxRuntimeSlu implements AutoCloseable {
  private static final String ONNX = "model.onnx";
  private static final String TOKENIZER = "tokenizer.json";
  private static final String INTENTS = "intents.txt";
  private static final String SLOTS = "slots.txt";

  private final HuggingFaceTokenizer tokenizer;
  private final OnnxRuntimeSession session;
  private final List<String> intents;
  private final List<String> slots;

  private OnnxRuntimeSlu(
      HuggingFaceTokenizer tokenizer,
      OnnxRuntimeSession session,
      List<String> intents,
      List<String> slots) {
    this.tokenizer = tokenizer;
    this.session = session;
    this.intents = intents;
    this.slots = slots;
  }

  /** Writes the files that {@link #load} reads. */
  public static void write(Path folder, Model model) throws IOException {
    BertOnnxGraph.joint(model.config(), model.parameters()).write(folder.resolve(ONNX));
    HuggingFaceTokenizerFile.write(folder.resolve(TOKENIZER), model);
    Files.write(folder.resolve(INTENTS), model.labels().getOrDefault(Task.INTENT, List.of()));
    Files.write(folder.resolve(SLOTS), model.labels().getOrDefault(Task.SLOT, List.of()));
  }

  /** Loads tokenizer, model and labels. */
  public static OnnxRuntimeSlu load(Path folder) throws IOException {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    return new OnnxRuntimeSlu(
        HuggingFaceTokenizer.newInstance(folder.resolve(TOKENIZER)),
        OnnxRuntimeSession.load(folder.resolve(ONNX), 1),
        Files.readAllLines(folder.resolve(INTENTS)),
        Files.readAllLines(folder.resolve(SLOTS)));
  }

  /**
   * An answer.
   *
   * @param intent the most likely intent
   * @param confidence its probability
   * @param slots each as {@code name:value}
   */
  public record Answer(String intent, double confidence, List<String> slots) {}

  /** Understands a text. */
  public Answer parse(String text) {
    Encoding encoding = tokenizer.encode(text);
    long[] ids = encoding.getIds();
    OnnxRuntimeSession.Integers input = session.integers(1, ids.length);
    OnnxRuntimeSession.Floats intentLogits = session.floats(1, 1, intents.size());
    OnnxRuntimeSession.Floats slotLogits = session.floats(1, ids.length, slots.size());
    try (OnnxTensor a = input.tensor();
        OnnxTensor b = intentLogits.tensor();
        OnnxTensor c = slotLogits.tensor()) {
      input.values().put(0, ids);
      session.run(Map.of("input_ids", a), Map.of("intent_logits", b, "slot_logits", c));
      float[] intent = new float[intents.size()];
      intentLogits.values().get(0, intent);
      float[] slot = new float[ids.length * slots.size()];
      slotLogits.values().get(0, slot);
      int best = Logits.argmax(intent, 0, intent.length);
      return new Answer(
          intents.get(best),
          Logits.probability(intent, 0, intent.length, best),
          slots(text, encoding, slot));
    }
  }

  private List<String> slots(String text, Encoding encoding, float[] logits) {
    int last = encoding.getIds().length - 1;
    List<String> labels =
        Arrays.stream(Logits.argmaxOfRows(logits, 1, last, slots.size()))
            .mapToObj(slots::get)
            .toList();
    List<String> found = new ArrayList<>();
    for (LabelSpans.Span span : LabelSpans.of(labels)) {
      int start = encoding.getCharTokenSpans()[span.first() + 1].getStart();
      int end = encoding.getCharTokenSpans()[span.last() + 1].getEnd();
      found.add(span.type() + ":" + text.substring(start, end));
    }
    return found;
  }

  @Override
  public void close() {
    tokenizer.close();
    session.close();
  }
}
