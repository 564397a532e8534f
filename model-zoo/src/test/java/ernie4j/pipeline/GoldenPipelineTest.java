package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * From a text to the golden logits. Row 1 of the golden batch is [CLS], one token with id 103,
 * [SEP]; the other rows have token types that no text gives.
 */
class GoldenPipelineTest {
  private static final String HEADS = "heads.safetensors";
  private static final String TEXT = Character.toString(0x4E00 + 103);

  static List<Kernels> kernels() {
    return KernelsUnderTest.all();
  }

  private static Model model(String prefix, String task, String... labels) throws IOException {
    ParameterStore parameters = GoldenModel.parameters("a.safetensors");
    GoldenModel.addWithoutPrefix(parameters, HEADS, prefix);
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"));
    for (int id = 5; id < 120; id++) {
      tokens.add(Character.toString(0x4E00 + id));
    }
    return new Model(
        GoldenModel.config("a.json"),
        task,
        parameters,
        tokens,
        Map.of(Task.LABEL, List.of(labels)),
        TokenizerOptions.ernie().toMap(),
        Map.of());
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
  void classes(Kernels kernels) throws IOException {
    Model model = model("seqcls.", Task.SEQUENCE_CLASSIFICATION.id(), "x", "y", "z");
    double[] expected = expected("seqcls.logits", 3, 3);
    TextClassifier.Result result = TextClassifier.of(model, kernels).classify(TEXT);
    for (int j = 0; j < 3; j++) {
      assertThat(result.scores().get(j).probability()).isCloseTo(expected[j], within(5e-5));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void labelsOfTokens(Kernels kernels) throws IOException {
    String[] labels = {"S-0", "S-1", "S-2", "S-3", "S-4", "S-5"};
    Model model = model("tokcls.", Task.TOKEN_CLASSIFICATION.id(), labels);
    double[] expected = expected("tokcls.logits", (12 + 1) * 6, 6);
    double most = Arrays.stream(expected).max().orElseThrow();
    Span entity = TokenTagger.of(model, kernels).tag(TEXT).entities().get(0);
    assertThat(entity.probability()).isCloseTo(most, within(5e-5));
    assertThat(expected[Integer.parseInt(entity.type())]).isEqualTo(most);
  }
}
