package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.Golden;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.SentenceEmbedding;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the hidden states of real weights with stored ones and with those of ONNX Runtime. */
class BgeSmallZhTest {
  private static final double LIMIT = 2e-5;

  private static Model model;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void importModel() throws IOException {
    model = BgeSmallZh.model();
    tokenizer = Tokenizers.of(model);
  }

  static List<Kernels> kernels() {
    return KernelsUnderTest.all();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Line(int[] ids, String text, float[] hidden) {}

  private static List<Line> golden() throws IOException {
    Path folder = Golden.path("bge-small-zh");
    List<Line> lines = new ArrayList<>();
    for (String row : Files.readAllLines(folder.resolve("inputs.tsv"))) {
      String[] columns = row.split("\t", -1);
      lines.add(
          new Line(
              new ObjectMapper().readValue(columns[2], int[].class),
              columns[1],
              npy(folder.resolve("last_hidden_" + columns[0] + ".npy"))));
    }
    return lines;
  }

  /** The values of a float32 .npy file: a text header whose length is at byte 8, then the data. */
  private static float[] npy(Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    int start = 10 + bytes.getShort(8);
    String header = new String(bytes.array(), 10, start - 10, StandardCharsets.US_ASCII);
    assertThat(header).contains("'<f4'").contains("'fortran_order': False");
    float[] values = new float[(bytes.capacity() - start) / 4];
    bytes.position(start).asFloatBuffer().get(values);
    return values;
  }

  private static double distance(float[] actual, float[] expected) {
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(actual[i] - expected[i]);
      worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    return worst;
  }

  @Test
  void tokenIdsAreExact() throws IOException {
    for (Line line : golden()) {
      assertThat(tokenizer.encode(line.text).ids()).as(line.text).isEqualTo(line.ids);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void hiddenStatesMatchAloneAndInOneBatch(Kernels kernels) throws IOException {
    Encoder encoder = Encoder.of(model.config(), model.parameters(), kernels);
    EncoderWorkspace workspace = encoder.newWorkspace();
    List<Line> lines = golden();
    for (Line line : lines) {
      encoder.forward(RaggedBatch.of(line.ids), workspace);
      assertThat(distance(workspace.hidden(), line.hidden)).as(line.text).isLessThan(LIMIT);
    }
    RaggedBatch batch = RaggedBatch.of(lines.stream().map(Line::ids).toList());
    encoder.forward(batch, workspace);
    for (int s = 0; s < lines.size(); s++) {
      int from = batch.start(s) * workspace.hiddenSize();
      float[] part =
          Arrays.copyOfRange(workspace.hidden(), from, from + lines.get(s).hidden.length);
      assertThat(distance(part, lines.get(s).hidden)).as(lines.get(s).text).isLessThan(LIMIT);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void agreesWithOnnxRuntimeOnRandomTexts(Kernels kernels) throws IOException, OrtException {
    Encoder encoder = Encoder.of(model.config(), model.parameters(), kernels);
    EncoderWorkspace workspace = encoder.newWorkspace();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] onnx;
    try (InputStream in =
        Objects.requireNonNull(BgeSmallZhTest.class.getResourceAsStream("/bge-small-zh.onnx"))) {
      onnx = in.readAllBytes();
    }
    try (OrtEnvironment environment = OrtEnvironment.getEnvironment();
        OrtSession session = environment.createSession(onnx)) {
      for (int i = 0; i < 20; i++) {
        int[] ids = tokenizer.encode(text(random)).ids();
        encoder.forward(RaggedBatch.of(ids), workspace);
        float[] expected = run(environment, session, ids);
        assertThat(expected).hasSize(ids.length * workspace.hiddenSize());
        assertThat(distance(workspace.hidden(), expected))
            .as("seed %d, text %d of %d tokens", seed, i, ids.length)
            .isLessThan(LIMIT);
      }
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 20);
    for (int i = 0; i < length; i++) {
      int kind = random.nextInt(10);
      int c =
          kind < 8
              ? 0x4E00 + random.nextInt(0x1000)
              : kind == 8 ? 'a' + random.nextInt(26) : "，。 ！7x".codePointAt(random.nextInt(6));
      text.appendCodePoint(c);
    }
    return text.toString();
  }

  private static float[] run(OrtEnvironment environment, OrtSession session, int[] ids)
      throws OrtException {
    long[][] tokens = new long[1][ids.length];
    long[][] ones = new long[1][ids.length];
    for (int i = 0; i < ids.length; i++) {
      tokens[0][i] = ids[i];
      ones[0][i] = 1;
    }
    Map<String, OnnxTensor> inputs = new HashMap<>();
    for (String name : session.getInputNames()) {
      long[][] values =
          name.contains("mask") ? ones : name.contains("type") ? new long[1][ids.length] : tokens;
      inputs.put(name, OnnxTensor.createTensor(environment, values));
    }
    try (OrtSession.Result result = session.run(inputs)) {
      float[][][] hidden = (float[][][]) result.get(0).getValue();
      float[] flat = new float[hidden[0].length * hidden[0][0].length];
      for (int t = 0; t < hidden[0].length; t++) {
        System.arraycopy(hidden[0][t], 0, flat, t * hidden[0][t].length, hidden[0][t].length);
      }
      return flat;
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  @Test
  void embedsSimilarTextsCloserAfterAModelFile(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("bge.ernie");
    ModelFile.write(file, model);
    SentenceEmbedder embedder = SentenceEmbedder.load(file, SentenceEmbedding.CLS);
    List<float[]> v = embedder.embed(List.of("今天天气怎么样", "天气如何", "播放一首歌"));
    assertThat(dot(v.get(0), v.get(0))).isCloseTo(1, within(1e-5));
    assertThat(dot(v.get(0), v.get(1))).isGreaterThan(dot(v.get(0), v.get(2)) + 0.1);
    assertThat(embedder.embed("天气如何")).isEqualTo(v.get(1));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
