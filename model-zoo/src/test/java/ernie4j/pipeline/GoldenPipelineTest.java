package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.TokenizerOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * From a text to the golden logits. Only those rows of the golden batch are used that a text can
 * produce: one segment, with special tokens only at both ends. Every other id stands for a
 * character.
 */
class GoldenPipelineTest {
  private static final String HEADS = "heads.safetensors";
  private static final List<String> SPECIAL = List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]");

  /**
   * A row of the golden batch.
   *
   * @param index its place there
   * @param columns of the batch, pads included
   * @param text the text that produces the row
   */
  private record Row(int index, int columns, String text) {}

  static List<Kernels> kernels() {
    return KernelsUnderTest.all();
  }

  private static Model model(String prefix, String task, String... labels) throws IOException {
    ParameterStore parameters = GoldenModel.parameters("a.safetensors");
    GoldenModel.addWithoutPrefix(parameters, HEADS, prefix);
    EncoderConfig config = GoldenModel.config("a.json");
    List<String> tokens = new ArrayList<>(SPECIAL);
    for (int id = SPECIAL.size(); id < config.vocabularySize(); id++) {
      tokens.add(character(id));
    }
    return new Model(
        config,
        task,
        parameters,
        tokens,
        Map.of(Task.LABEL, List.of(labels)),
        TokenizerOptions.ernie().toMap(),
        Map.of());
  }

  private static String character(int id) {
    return Character.toString(0x4E00 + id);
  }

  private static List<Row> rows() throws IOException {
    int padding = GoldenModel.config("a.json").paddingId();
    List<int[]> ids = GoldenModel.rows(Golden.file(HEADS), "input_ids");
    List<int[]> types = GoldenModel.rows(Golden.file(HEADS), "token_type_ids");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      int[] row = ids.get(i);
      int end = row.length;
      while (end > 0 && row[end - 1] == padding) {
        end--;
      }
      boolean framed = end > 2 && row[0] == id("[CLS]") && row[end - 1] == id("[SEP]");
      boolean oneSegment = Arrays.stream(types.get(i), 0, end).allMatch(type -> type == 0);
      if (framed
          && oneSegment
          && Arrays.stream(row, 1, end - 1).allMatch(id -> id >= SPECIAL.size())) {
        String text =
            Arrays.stream(row, 1, end - 1)
                .mapToObj(GoldenPipelineTest::character)
                .collect(Collectors.joining());
        rows.add(new Row(i, row.length, text));
      }
    }
    assumeTrue(!rows.isEmpty(), "skipped: no text can produce any row of the golden batch");
    return rows;
  }

  private static int id(String special) {
    return SPECIAL.indexOf(special);
  }

  private static int classes(String name) throws IOException {
    List<Long> shape = Golden.file(HEADS).entry(name).shape();
    return Math.toIntExact(shape.get(shape.size() - 1));
  }

  private static String[] labels(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
  }

  /** The probabilities of {@code n} classes whose golden logits begin at an index. */
  private static double[] expected(String name, int from, int n) throws IOException {
    double[] logits = Golden.file(HEADS).doubles(name);
    float[] row = new float[n];
    for (int j = 0; j < n; j++) {
      row[j] = (float) logits[from + j];
    }
    return Logits.probabilities(row, 0, n);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void classesMatchTheGoldenLogits(Kernels kernels) throws IOException {
    int n = classes("seqcls.logits");
    Model model = model("seqcls.", Task.SEQUENCE_CLASSIFICATION.id(), labels("class", n));
    TextClassifier classifier = TextClassifier.of(model, kernels);
    for (Row row : rows()) {
      double[] expected = expected("seqcls.logits", row.index * n, n);
      TextClassifier.Result result = classifier.classify(row.text);
      for (int j = 0; j < n; j++) {
        assertThat(result.scores().get(j).probability()).isCloseTo(expected[j], within(5e-5));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void tokenLabelsMatchTheGoldenLogits(Kernels kernels) throws IOException {
    int n = classes("tokcls.logits");
    Model model = model("tokcls.", Task.TOKEN_CLASSIFICATION.id(), labels("S-", n));
    TokenTagger tagger = TokenTagger.of(model, kernels);
    for (Row row : rows()) {
      List<Span> entities = tagger.tag(row.text).entities();
      assertThat(entities).as("every token is an entity").hasSize(row.text.length());
      for (int token = 0; token < entities.size(); token++) {
        int place = row.index * row.columns + 1 + token; // after [CLS]
        double[] expected = expected("tokcls.logits", place * n, n);
        double most = Arrays.stream(expected).max().orElseThrow();
        Span entity = entities.get(token);
        assertThat(entity.probability()).isCloseTo(most, within(5e-5));
        assertThat(expected[Integer.parseInt(entity.type())]).isEqualTo(most);
      }
    }
  }
}
