package ernie4j.pipeline;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Task;
import ernie4j.tokenizer.TokenizerOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Models of every task with random weights and a small vocabulary. */
public final class TinyModels {
  /** Each of these is one token; a Latin letter or the Hangul syllable gives at least one. */
  public static final String CHARACTERS = "天地玄黄宇宙洪荒日月盈昃辰宿列张";

  static final int POSITIONS = 40;
  static final int HIDDEN = 24;

  private TinyModels() {}

  public static List<String> vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"));
    (CHARACTERS + "，。ｘ😀").codePoints().forEach(c -> tokens.add(Character.toString(c)));
    for (String letter : List.of("a", "b", "e", "\u1100", "\u1161", "\u11a8")) {
      tokens.add(letter);
      tokens.add("##" + letter);
    }
    return tokens;
  }

  public static Model encoder(long seed) {
    return encoder(seed, HIDDEN, 2);
  }

  public static Model encoder(long seed, int hidden, int layers) {
    List<String> vocabulary = vocabulary();
    // Two more rows than tokens, as in ERNIE.
    EncoderConfig config =
        EncoderConfig.ernie(vocabulary.size() + 2, hidden, layers, 3, 40, POSITIONS);
    Random random = new Random(seed);
    ParameterStore store = new ParameterStore();
    ParameterNames.shapes(config).forEach((name, shape) -> put(store, name, random, shape));
    return new Model(
        config,
        Task.ENCODER.id(),
        store,
        vocabulary,
        Map.of(),
        TokenizerOptions.ernie().toMap(),
        Map.of());
  }

  private static void put(ParameterStore store, String name, Random random, int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.data()[i] = (float) (0.5 * random.nextGaussian());
    }
    store.put(name, tensor);
  }

  private static Model withLinear(
      Model model, String head, int outputs, String task, Map<String, List<String>> labels) {
    ParameterStore store = ParameterStore.copyOf(model.parameters());
    Random random = new Random(outputs);
    put(store, head + ".weight", random, HIDDEN, outputs);
    put(store, head + ".bias", random, outputs);
    return model.withParameters(model.config(), store).withTask(task, labels);
  }

  public static Model classifier(String... labels) {
    return withLinear(
        encoder(1),
        HeadNames.CLASSIFIER,
        labels.length,
        Task.SEQUENCE_CLASSIFICATION.id(),
        Map.of(Task.LABEL, List.of(labels)));
  }

  public static Model multiLabel(String... labels) {
    return withLinear(
        encoder(1),
        HeadNames.CLASSIFIER,
        labels.length,
        Task.MULTI_LABEL_CLASSIFICATION.id(),
        Map.of(Task.LABEL, List.of(labels)));
  }

  public static Model scorer() {
    return withLinear(encoder(7), HeadNames.CLASSIFIER, 1, Task.SCORING.id(), Map.of());
  }

  public static Model choices() {
    return withLinear(encoder(8), HeadNames.CLASSIFIER, 1, Task.MULTIPLE_CHOICE.id(), Map.of());
  }

  public static Model tagger(String... labels) {
    return withLinear(
        encoder(2),
        HeadNames.CLASSIFIER,
        labels.length,
        Task.TOKEN_CLASSIFICATION.id(),
        Map.of(Task.LABEL, List.of(labels)));
  }

  public static Model answerer() {
    return withLinear(encoder(3), HeadNames.CLASSIFIER, 2, Task.QUESTION_ANSWERING.id(), Map.of());
  }

  /** An extractor that finds many spans, because its norms keep tokens apart. */
  public static Model extractor() {
    Model model = encoder(9);
    ParameterStore store = ParameterStore.copyOf(model.parameters());
    for (String name : model.parameters().names()) {
      if (name.matches(".*norm\\d?\\.weight")) {
        Arrays.fill(store.get(name).data(), 1);
      }
    }
    Random random = new Random(10);
    for (String head : List.of(HeadNames.SPAN_START, HeadNames.SPAN_END)) {
      put(store, head + ".weight", random, HIDDEN, 1);
      put(store, head + ".bias", random, 1);
    }
    return model
        .withParameters(model.config(), store)
        .withTask(Task.INFORMATION_EXTRACTION.id(), Map.of());
  }

  public static Model joint() {
    List<String> slots = List.of("O", "B-x", "I-x", "B-y", "I-y");
    Model half =
        withLinear(encoder(4), HeadNames.INTENT_CLASSIFIER, 3, Task.ENCODER.id(), Map.of());
    return withLinear(
        half,
        HeadNames.SLOT_CLASSIFIER,
        5,
        Task.JOINT_INTENT_SLOTS.id(),
        Map.of(Task.INTENT, List.of("i0", "i1", "i2"), Task.SLOT, slots));
  }

  public static Model maskedLanguageModel() {
    Model model =
        withLinear(encoder(5), HeadNames.MLM_TRANSFORM, HIDDEN, Task.MASKED_LM.id(), Map.of());
    ParameterStore store = ParameterStore.copyOf(model.parameters());
    Random random = new Random(6);
    put(store, HeadNames.MLM_NORM + ".weight", random, HIDDEN);
    put(store, HeadNames.MLM_NORM + ".bias", random, HIDDEN);
    put(store, HeadNames.MLM_DECODER_BIAS, random, model.config().vocabularySize());
    return model.withParameters(model.config(), store);
  }

  /**
   * Texts of at most {@code pieces} pieces: tokens, unknown characters, emoji, line ends,
   * full-width letters, combining marks, Hangul (several tokens from one character), lone
   * surrogates, control characters, special tokens as text.
   */
  static Arbitrary<String> texts(int pieces) {
    Arbitrary<String> known = Arbitraries.of(CHARACTERS.split("", -1)).filter(s -> !s.isEmpty());
    Arbitrary<String> odd =
        Arbitraries.of(
            "，",
            "。",
            " ",
            "\r\n",
            "\t",
            "abe",
            "Éa",
            "e\u0301\u0323",
            "ｘ",
            "Ｙ",
            "😀",
            "😀😀",
            "👩‍🚀",
            "각",
            "각각",
            "\u0130",
            "\ud83d",
            "\udc00",
            "\u0000",
            "\u200b",
            "\u3000",
            "𠀀",
            "龘",
            "[MASK]",
            "[SEP]",
            "￥5");
    return Arbitraries.frequencyOf(Tuple.of(3, known), Tuple.of(1, odd))
        .list()
        .ofMaxSize(pieces)
        .map(list -> String.join("", list));
  }
}
