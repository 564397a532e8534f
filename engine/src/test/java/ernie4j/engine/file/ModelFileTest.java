package ernie4j.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  private static final EncoderConfig CONFIG = EncoderConfig.ernie(9, 4, 1, 2, 8, 5);

  private final Path folder;

  ModelFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void modelReadsBackEqualFromFileAndStream() throws IOException {
    Model model = sample(new Random(1));
    Path path = folder.resolve("m.safetensors");
    ModelFile.write(path, model);
    SampleModels.assertSame(ModelFile.read(path), model);
    try (InputStream in = Files.newInputStream(path)) {
      SampleModels.assertSame(ModelFile.read(in, "resource m"), model);
    }
  }

  @Test
  void equalModelsGiveEqualBytesWhateverTheOrderOfTheMaps() throws IOException {
    Path first = folder.resolve("1");
    Path second = folder.resolve("2");
    Map<String, String> forward = new LinkedHashMap<>();
    Map<String, String> backward = new LinkedHashMap<>();
    for (int i = 0; i < 50; i++) {
      forward.put("k" + i, "v");
      backward.put("k" + (49 - i), "v");
    }
    ParameterSource parameters = sample(new Random(3)).parameters();
    ModelFile.write(
        first, new Model(CONFIG, "t", parameters, List.of(), Map.of(), forward, forward));
    ModelFile.write(
        second, new Model(CONFIG, "t", parameters, List.of(), Map.of(), backward, backward));
    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void otherToolsCanReadAWrittenModel() throws IOException {
    Model model = sample(new Random(4));
    Path path = folder.resolve("m.safetensors");
    ModelFile.write(path, model);

    SafetensorsFile file = SafetensorsFile.open(path);
    assertThat(file.metadata())
        .containsEntry("format", "ernie4j")
        .containsEntry("format_version", "1")
        .containsEntry("vocabulary", "[\"[PAD]\",\"[UNK]\",\"语\",\"\uD83D\uDE00\",\"\\\"\"]")
        .containsEntry("labels", "{\"intent\":[\"play\",\"stop\"],\"slot\":[\"O\",\"B-song\"]}")
        .containsKeys("config", "task", "tokenizer", "provenance", "sha256", "header_sha256");
    assertThat(file.floats("a.weight")).isEqualTo(model.parameters().get("a.weight").toArray());
  }

  @Test
  void hashesAreThoseOfTheDocumentation() throws Exception {
    Path path = folder.resolve("m.safetensors");
    ModelFile.write(path, sample(new Random(10)));
    byte[] bytes = Files.readAllBytes(path);
    SafetensorsFile file = SafetensorsFile.open(path);
    int dataLength = (3 * 4 + 4 + 1) * Float.BYTES;

    byte[] data = Arrays.copyOfRange(bytes, bytes.length - dataLength, bytes.length);
    assertThat(file.metadata()).containsEntry("sha256", sha256(data));
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(header);
    for (String key : new TreeSet<>(file.metadata().keySet())) {
      if (!key.equals("header_sha256")) {
        writeText(out, key);
        writeText(out, file.metadata().getOrDefault(key, ""));
      }
    }
    for (String text :
        List.of(
            "a.weight", "F32 [3, 4]", "a.bias", "F32 [4]", "none", "F32 [0]", "scalar", "F32 []")) {
      writeText(out, text);
    }
    assertThat(file.metadata()).containsEntry("header_sha256", sha256(header.toByteArray()));
  }

  @Test
  void foreignSafetensorsFilePointsToConvert() throws IOException {
    Path path = folder.resolve("foreign.safetensors");
    new SafetensorsWriter().metadata("format", "pt").add("x", Tensor.zeros(2)).write(path);
    assertThatThrownBy(() -> ModelFile.read(path))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("foreign.safetensors: a safetensors file, but not an ernie4j model")
        .hasMessageContaining("ernie4j convert");
    assertThatThrownBy(() -> ModelFile.read(Golden.path("f.safetensors")))
        .hasMessageContaining("ernie4j convert");
  }

  @Test
  void newerFormatVersionSaysWhatItNeeds() throws IOException {
    rewritten(
        metadata -> {
          metadata.put("format_version", "2");
          metadata.put("needs", "ernie4j 7.3");
        },
        "format version 2, which needs ernie4j 7.3 or newer; this ernie4j reads version 1");
  }

  @Test
  void changedOrMissingMetadataIsDamage() throws IOException {
    rewritten(metadata -> metadata.put("task", "other"), "damaged: the header was changed");
    rewritten(metadata -> metadata.put("extra", ""), "damaged: the header was changed");
    rewritten(metadata -> metadata.remove("vocabulary"), "damaged: the header was changed");
    rewritten(metadata -> metadata.remove("header_sha256"), "has no 'header_sha256'");
    rewritten(metadata -> metadata.remove("format_version"), "has no 'format_version'");
  }

  @Test
  void changedWeightsAreDamage() throws IOException {
    byte[] bytes = written(sample(new Random(5)));
    bytes[bytes.length - 1] ^= 1;
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("damaged: the SHA-256 of the weights");
  }

  @Test
  void everyTruncationIsRefusedFromFileAndStream() throws IOException {
    byte[] whole = written(sample(new Random(6)));
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(part))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("the file");
      Path path = RawFile.write(folder, part);
      assertThatThrownBy(() -> ModelFile.read(path)).isInstanceOf(ModelFileException.class);
    }
    assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length + 1)))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("trailing bytes");
  }

  /** Two thousand copies with one to four random changes, read both ways. */
  @Test
  void mutatedFileIsRefusedOrGivesTheSameModel() throws IOException {
    Model model = sample(new Random(7));
    byte[] whole = written(model);
    Random random = new Random(8);
    int equal = 0;
    for (int copy = 0; copy < 2_000; copy++) {
      byte[] mutated = whole.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(copy % 4 == 0 ? 16 : mutated.length);
        mutated[at] ^= (byte) (1 << random.nextInt(8));
      }
      equal += refusedOrEqual(model, () -> read(mutated));
      Path path = RawFile.write(folder, mutated);
      refusedOrEqual(model, () -> ModelFile.read(path));
    }
    assertThat(equal).as("copies that still read").isLessThan(100);
  }

  @Test
  void lyingHeaderInAStreamDoesNotTakeMemory() {
    byte[] header = "{}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> read(RawFile.withLength(99_999_999, header, new byte[0])))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("its header should have 99999999 bytes, but only 2 are there");

    SafetensorsEntry eightGigabytes =
        new SafetensorsEntry("t", DType.F32, List.of(2_147_483_000L), 0, 8_589_932_000L);
    SafetensorsHeader lying = new SafetensorsHeader(Map.of(), List.of(eightGigabytes), 0);
    assertThatThrownBy(
            () -> BufferedData.read(new ByteArrayInputStream(new byte[100_000]), "stream", lying))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("stream: the file is cut off in tensor 't'");
  }

  @Test
  void moreTokensThanEmbeddingRowsAreRefused() {
    List<String> ten = IntStream.range(0, 10).mapToObj(i -> "t" + i).toList();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Model(CONFIG, "t", new ParameterStore(), ten, Map.of(), Map.of(), Map.of()))
        .withMessageContaining("10 tokens, but the word embedding has only 9 rows");
  }

  @Test
  void optionsAreKeptAndAModelWithoutThemWritesNoOptions() throws IOException {
    Model plain = sample(new Random(12));
    Path before = folder.resolve("before.ernie");
    ModelFile.write(before, plain);
    assertThat(SafetensorsFile.open(before).metadata()).doesNotContainKey("options");
    Model model = plain.withOptions(Map.of("threshold", "0.4", "名", "值"));
    Path file = folder.resolve("options.ernie");
    ModelFile.write(file, model);
    SampleModels.assertSame(ModelFile.read(file), model);
  }

  @Test
  void aModelForAnotherTaskIsAnErrorThatNamesTheFile() throws IOException {
    Path file = folder.resolve("other.ernie");
    ModelFile.write(file, sample(new Random(13)));
    assertThatThrownBy(
            () ->
                ModelFile.load(
                    file,
                    model -> {
                      throw new WrongTaskException("expected a model for embroidery");
                    }))
        .isInstanceOf(ModelFileException.class)
        .hasMessage(file + ": expected a model for embroidery");
  }

  @Test
  void withMethodsChangeOnlyTheirPart() {
    Model model = sample(new Random(9));
    Model changed = model.withProvenance("source", "x").withTask("other", Map.of());
    assertThat(changed.provenance()).containsEntry("source", "x").containsEntry("licence", "none");
    assertThat(changed.labels()).isEmpty();
    assertThat(model.withOptions(Map.of("a", "b")).options()).containsOnly(Map.entry("a", "b"));
    Model two = model.withOptions(Map.of("a", "b", "c", "d"));
    assertThat(two.withOption("a", "x").withOption("e", "f").options())
        .containsOnly(Map.entry("a", "x"), Map.entry("c", "d"), Map.entry("e", "f"));
    assertThat(two.withoutOptions("a", "unknown").options()).containsOnly(Map.entry("c", "d"));
    assertThat(model.withTask(Task.SCORING, Map.of()).task()).isEqualTo("scoring");
    assertThat(changed.vocabulary()).isEqualTo(model.vocabulary());
    assertThat(changed.parameters()).isSameAs(model.parameters());
    ParameterStore other = new ParameterStore();
    assertThat(model.withParameters(CONFIG, other).parameters()).isSameAs(other);
    assertThat(Model.encoder(CONFIG, other).task()).isEqualTo("encoder");
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private interface Reading {
    Model read() throws IOException;
  }

  /** 1 if an equal model was read, 0 if the file was refused; anything else fails the test. */
  private static int refusedOrEqual(Model model, Reading reading) throws IOException {
    try {
      SampleModels.assertSame(reading.read(), model);
      return 1;
    } catch (ModelFileException e) {
      return 0;
    }
  }

  private void rewritten(Consumer<Map<String, String>> change, String reason) throws IOException {
    Path path = folder.resolve("rewritten");
    ModelFile.write(path, sample(new Random(2)));
    SafetensorsFile file = SafetensorsFile.open(path);
    Map<String, String> metadata = new TreeMap<>(file.metadata());
    change.accept(metadata);
    SafetensorsWriter writer = new SafetensorsWriter();
    metadata.forEach(writer::metadata);
    for (SafetensorsEntry entry : file.entries()) {
      writer.add(entry.name(), file.tensor(entry.name()));
    }
    writer.write(path);
    assertThatThrownBy(() -> ModelFile.read(path))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(reason);
  }

  private byte[] written(Model model) throws IOException {
    Path path = folder.resolve("written");
    ModelFile.write(path, model);
    return Files.readAllBytes(path);
  }

  private static Model read(byte[] bytes) throws IOException {
    return ModelFile.read(new ByteArrayInputStream(bytes), "stream");
  }

  private static Model sample(Random random) {
    ParameterStore parameters = new ParameterStore();
    parameters.put("a.weight", SampleModels.randomTensor(random, 3, 4));
    parameters.put("a.bias", SampleModels.randomTensor(random, 4));
    parameters.put("none", Tensor.zeros(0));
    parameters.put("scalar", SampleModels.randomTensor(random));
    return new Model(
        CONFIG,
        "joint-intent-slots",
        parameters,
        List.of("[PAD]", "[UNK]", "语", "\uD83D\uDE00", "\""),
        Map.of("slot", List.of("O", "B-song"), "intent", List.of("play", "stop")),
        Map.of("lower_case", "true"),
        Map.of("licence", "none", "source", "a test"));
  }
}
