package ernie4j.zoo.paddle;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.MaskedLanguageModelHead;
import ernie4j.engine.head.Pooler;
import ernie4j.engine.head.Task;
import ernie4j.zoo.Architectures;
import ernie4j.zoo.ModelImport;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported models run in the real Paddle Inference and give our encoder's numbers. */
class PaddleInferenceRunTest {
  private static final int LENGTH = 13;

  @TempDir Path folder;

  @BeforeAll
  static void needsPaddle() {
    Assumptions.assumeTrue(
        PaddleInferenceRunTest.class.getResource("/native/lib/paddlepaddle.properties") != null,
        "skipped: Paddle Inference is not on the test class path (Linux on x86-64 only)");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  /** Ids of a row of full length and of a shorter one with padding, and their types. */
  private static List<int[]> rows(EncoderConfig config, Random random) {
    List<int[]> rows = new ArrayList<>();
    for (int length : new int[] {LENGTH, LENGTH - 5}) {
      int[] row = new int[LENGTH];
      for (int i = 0; i < length; i++) {
        row[i] = 1 + random.nextInt(config.vocabularySize() - 1);
      }
      rows.add(row);
    }
    return rows;
  }

  private static List<float[]> run(Path program, List<int[]> ids, List<int[]> types)
      throws Exception {
    try (ai.djl.Model model = ai.djl.Model.newInstance("ernie", "PaddlePaddle")) {
      load(model, program);
      try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator());
          NDManager manager = model.getNDManager().newSubManager()) {
        NDList inputs =
            new NDList(array(manager, "input_ids", ids), array(manager, "token_type_ids", types));
        List<float[]> outputs = new ArrayList<>();
        for (NDArray output : predictor.predict(inputs)) {
          outputs.add(output.toFloatArray());
        }
        return outputs;
      }
    }
  }

  private static void load(ai.djl.Model model, Path program) throws Exception {
    Path parent = program.getParent();
    assertThat(parent).isNotNull();
    try {
      model.load(parent, "inference", Map.of("DisableGlog", "true"));
    } catch (MalformedModelException e) {
      throw new AssertionError(e);
    }
  }

  private static NDArray array(NDManager manager, String name, List<int[]> rows) {
    long[] values = rows.stream().flatMapToInt(Arrays::stream).asLongStream().toArray();
    NDArray array = manager.create(values, new Shape(rows.size(), LENGTH));
    array.setName(name);
    return array;
  }

  private static void assertClose(String what, float[] actual, float[] expected, float limit) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    float worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
      assertThat(Float.isFinite(actual[i])).as(what).isTrue();
    }
    assertThat(worst).as("largest difference of " + what).isLessThan(limit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "medium", "mini", "micro", "nano", "pico"})
  void paddleGivesOurNumbers(String name) throws Exception {
    EncoderConfig config = Architectures.of(name).withVocabularySize(200).withMaxPositions(32);
    Model model = RandomModels.joint(config, 11, 32);
    Path program = folder.resolve("inference.pdmodel");
    PaddleInference.write(model, program);
    Random random = new Random(7);
    List<int[]> ids = rows(config, random);
    List<int[]> types = rows(config, random);
    types.forEach(row -> Arrays.setAll(row, i -> row[i] % config.tokenTypes()));

    List<float[]> paddle = run(program, ids, types);

    Encoder encoder = Encoder.of(config, model.parameters());
    encoder.forward(
        RaggedBatch.of(ids).withTypeIds(types),
        states -> {
          List<float[]> logits =
              Head.of(encoder, Task.JOINT_INTENT_SLOTS, model.parameters()).logits(states);
          assertThat(paddle).hasSize(4);
          assertClose(name + " intents", paddle.get(0), logits.get(0), 2e-5f);
          assertClose(name + " slots", paddle.get(1), logits.get(1), 2e-5f);
          float[] hidden = Arrays.copyOf(states.hidden(), 2 * LENGTH * config.hiddenSize());
          assertClose(name + " states", paddle.get(2), hidden, 2e-5f);
          float[] pooled = Pooler.of(encoder, model.parameters()).pooled(states);
          assertClose(name + " pooled", paddle.get(3), pooled, 2e-5f);
          return null;
        });
  }

  @ParameterizedTest
  @EnumSource
  void paddleGivesTheLogitsOfEveryTask(Task task) throws Exception {
    EncoderConfig config = EncoderConfig.ernie(50, 24, 2, 3, 40, 20);
    Model model = RandomModels.of(config, task);
    Path program = folder.resolve("inference.pdmodel");
    PaddleInference.write(model, program);
    Random random = new Random(7);
    List<int[]> ids = rows(config, random);
    List<int[]> types = rows(config, random);
    types.forEach(row -> Arrays.setAll(row, i -> row[i] % config.tokenTypes()));

    List<float[]> paddle = run(program, ids, types);

    Encoder encoder = Encoder.of(config, model.parameters());
    List<float[]> expected =
        encoder.forward(
            RaggedBatch.of(ids).withTypeIds(types),
            states -> logits(encoder, task, model.parameters(), states));
    assertThat(paddle).hasSize(expected.size() + 2);
    for (int i = 0; i < expected.size(); i++) {
      assertClose("output %d of %s".formatted(i, task), paddle.get(i), expected.get(i), 2e-5f);
    }
  }

  private static List<float[]> logits(
      Encoder encoder, Task task, ParameterSource parameters, EncoderWorkspace states) {
    if (!task.outputs().isEmpty()) {
      List<float[]> logits = Head.of(encoder, task, parameters).logits(states);
      return task == Task.INFORMATION_EXTRACTION
          ? logits.stream().map(PaddleInferenceRunTest::sigmoid).toList()
          : logits;
    }
    int[] all = IntStream.range(0, 2 * LENGTH).toArray();
    return task.layers().isEmpty()
        ? List.of()
        : List.of(MaskedLanguageModelHead.of(encoder, parameters).logits(states, all));
  }

  private static float[] sigmoid(float[] logits) {
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) Logits.sigmoid(logits[i]);
    }
    return probabilities;
  }

  /** Task types, another padding and epsilon, no zero vector for padding, no pooler. */
  @Test
  void paddleGivesOurNumbersForOtherConfigurations() throws Exception {
    EncoderConfig config =
        EncoderConfig.ernie(50, 24, 2, 3, 40, 20).toBuilder()
            .tokenTypes(2)
            .taskTypes(3)
            .layerNormEpsilon(1e-5f)
            .zeroPaddingEmbedding(false)
            .build();
    var parameters = RandomModels.parameters(config, 9);
    parameters.remove("ernie.pooler.dense.weight");
    parameters.remove("ernie.pooler.dense.bias");
    assertEncoder(Model.encoder(config, parameters), 2e-5f);
  }

  /** Real weights. */
  @Test
  void paddleGivesOurNumbersForBgeSmallZh() throws Exception {
    URL onnx = PaddleInferenceRunTest.class.getResource("/bge-small-zh.onnx");
    Assumptions.assumeTrue(onnx != null, "skipped: bge-small-zh is not on the test class path");
    String spec = onnx.toURI().getSchemeSpecificPart();
    Path jar = Path.of(new URI(spec.substring(0, spec.indexOf('!'))));
    assertEncoder(ModelImport.read(jar).model().withTask(Task.ENCODER.id(), Map.of()), 2e-5f);
  }

  private void assertEncoder(Model model, float limit) throws Exception {
    EncoderConfig config = model.config();
    Path program = folder.resolve("inference.pdmodel");
    PaddleInference.write(model, program);
    Random random = new Random(8);
    List<int[]> ids = rows(config, random);
    List<int[]> types = rows(config, random);
    types.forEach(row -> Arrays.setAll(row, i -> row[i] % config.tokenTypes()));
    List<float[]> paddle = run(program, ids, types);
    float[] expected =
        Encoder.of(config, model.parameters())
            .forward(
                RaggedBatch.of(ids).withTypeIds(types),
                states -> Arrays.copyOf(states.hidden(), 2 * LENGTH * config.hiddenSize()));
    assertClose("states", paddle.get(0), expected, limit);
  }
}
