package ernie4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.quant.EmbeddingQuantization;
import ernie4j.quant.ModelQuantizer;
import ernie4j.zoo.onnx.ExportRoundTripTest;
import ernie4j.zoo.onnx.OnnxExport;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged and hostile files cause one of our exceptions, quickly and in little memory. */
class HostileImportTest {
  private static final int COPIES = 500;

  private static final String TOKENIZER =
      "{\"model\": {\"type\": \"WordPiece\", \"unk_token\": \"[UNK]\","
          + " \"continuing_subword_prefix\": \"##\", \"max_input_chars_per_word\": 100,"
          + " \"vocab\": {\"[PAD]\": 0, \"[UNK]\": 1, \"[CLS]\": 2, \"[SEP]\": 3, \"[MASK]\": 4}},"
          + " \"normalizer\": {\"type\": \"BertNormalizer\", \"clean_text\": true,"
          + " \"handle_chinese_chars\": true, \"strip_accents\": null, \"lowercase\": true},"
          + " \"pre_tokenizer\": {\"type\": \"BertPreTokenizer\"}}";

  @TempDir Path folder;

  enum Kind {
    ONNX("model.onnx"),
    ONNX_INT8("model.onnx"),
    SAFETENSORS("model.safetensors"),
    TORCH("pytorch_model.bin"),
    INDEX("model.safetensors.index.json"),
    ARCHIVE("model.zip"),
    CONFIG("config.json");

    private final String file;

    Kind(String file) {
      this.file = file;
    }

    byte[] write(Path folder) throws IOException {
      Path golden = Golden.path("formats").resolve("b.hf");
      Model model =
          Model.encoder(GoldenModel.config("a.json"), GoldenModel.parameters("a.safetensors"));
      Path target = folder.resolve(file);
      switch (this) {
        case ONNX -> OnnxExport.write(target, model);
        case ONNX_INT8 ->
            OnnxExport.write(
                target,
                ModelQuantizer.embeddings(
                    ModelQuantizer.linear(model, ModelQuantizer.linearLayers(model), Map.of()),
                    EmbeddingQuantization.LOG));
        case SAFETENSORS, TORCH -> {
          Files.copy(golden.resolve(file), target);
          Files.copy(golden.resolve("config.json"), folder.resolve("config.json"));
        }
        case INDEX -> {
          Path shard =
              Files.copy(golden.resolve("model.safetensors"), folder.resolve("a.safetensors"));
          Files.copy(golden.resolve("config.json"), folder.resolve("config.json"));
          String map =
              SafetensorsFile.open(shard).entries().stream()
                  .map(entry -> "\"%s\": \"a.safetensors\"".formatted(entry.name()))
                  .collect(Collectors.joining(", "));
          Files.writeString(target, "{\"weight_map\": {%s}}".formatted(map));
        }
        case ARCHIVE -> {
          Path onnx = folder.resolve("model.onnx");
          OnnxExport.write(onnx, model);
          try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(target))) {
            zip.putNextEntry(new ZipEntry("model.onnx"));
            zip.write(Files.readAllBytes(onnx));
            zip.putNextEntry(new ZipEntry("tokenizer.json"));
            zip.write(TOKENIZER.getBytes(StandardCharsets.UTF_8));
          }
          Files.delete(onnx);
        }
        case CONFIG -> {
          Files.copy(golden.resolve("model.safetensors"), folder.resolve("model.safetensors"));
          Files.copy(golden.resolve("config.json"), target);
        }
      }
      Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[CLS]\n[SEP]\n");
      return Files.readAllBytes(target);
    }

    /** The path that is given to the importer. */
    Path source(Path folder) {
      return this == CONFIG ? folder : folder.resolve(file);
    }
  }

  @ParameterizedTest
  @EnumSource
  void damagedFilesAreRefusedOrReadInLittleMemory(Kind kind) throws IOException {
    byte[] good = kind.write(folder);
    Path source = kind.source(folder);
    Model original = ModelImport.read(source).model();
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < COPIES; i++) {
      Files.write(folder.resolve(kind.file), damaged(good, random, i % 5));
      Optional<Model> read =
          assertTimeoutPreemptively(Duration.ofSeconds(5), () -> read(source, good.length));
      refused += read.isEmpty() ? 1 : 0;
      if (read.isPresent()) {
        // These two formats have checksums for all numbers, the others for none.
        if (kind == Kind.TORCH || kind == Kind.ARCHIVE) {
          ExportRoundTripTest.assertSame(read.get().parameters(), original.parameters());
        }
        Encoder.of(read.get().config(), read.get().parameters());
      }
    }
    assertThat(refused).isBetween(COPIES / 4, COPIES);
  }

  private static byte[] damaged(byte[] good, Random random, int how) {
    byte[] copy = good.clone();
    int at = random.nextInt(copy.length);
    switch (how) {
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy = Arrays.copyOf(copy, at);
      case 2 -> Arrays.fill(copy, at, Math.min(copy.length, at + 6), (byte) 0xff);
      case 3 -> {
        // The structure is at the start and at the end.
        int near = random.nextInt(Math.min(copy.length, 4000));
        copy[random.nextBoolean() ? near : copy.length - 1 - near] ^= (byte) random.nextInt(256);
      }
      default -> {
        ByteBuffer bytes = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
        int end = copy.length - 1 - random.nextInt(Math.min(copy.length - 8, 9000));
        bytes.putInt(Math.max(0, end - 4), Integer.MAX_VALUE >>> random.nextInt(12));
      }
    }
    return copy;
  }

  private Optional<Model> read(Path source, int length) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      return Optional.of(ModelImport.read(source).model());
    } catch (IOException e) {
      assertThat(e).hasMessageContaining(folder.toString());
      return Optional.empty();
    } finally {
      // The undamaged files of 80 to 130 kB take up to 4 MB, most of it for names and messages.
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .isLessThan(8_000_000 + 20L * length);
    }
  }

  /** langchain4j's archives contain, beside the model, a class that names the pooling. */
  @ParameterizedTest
  @ValueSource(strings = {"CLS", "MEAN"})
  void readsThePoolingFromAClassOfAnArchive(String mode) throws IOException {
    Kind.ARCHIVE.write(folder);
    Path archive = folder.resolve("model.zip");
    assertThat(ModelImport.read(archive).model().options()).isEmpty();
    add(archive, "a/Model.class", "x\1\0\24La/b/PoolingMode;\1\0" + (char) mode.length() + mode);
    assertThat(ModelImport.read(archive).model().options())
        .isEqualTo(Map.of("pooling", mode.toLowerCase(Locale.ROOT), "normalize", "true"));
    add(archive, "modules.json", "[]");
    assertThatThrownBy(() -> ModelImport.read(archive))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("unpack the archive");
  }

  private static void add(Path archive, String name, String content) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(archive)) {
      Path entry = zip.getPath(name);
      if (entry.getParent() != null) {
        Files.createDirectories(entry.getParent());
      }
      Files.write(entry, content.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private void zip(boolean stored, byte[] pickle) throws IOException {
    Files.copy(Golden.path("formats").resolve("b.hf/config.json"), folder.resolve("config.json"));
    Path file = folder.resolve("pytorch_model.bin");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      ZipEntry entry = new ZipEntry("archive/data.pkl");
      if (stored) {
        CRC32 sum = new CRC32();
        sum.update(pickle);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(pickle.length);
        entry.setCrc(sum.getValue());
      }
      zip.putNextEntry(entry);
      zip.write(pickle);
    }
  }

  private void assertRefused(String why) {
    assertThatThrownBy(() -> ModelImport.read(folder))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aZipBombIsNotUnpacked() throws IOException {
    zip(false, new byte[50 << 20]);
    assertThat(Files.size(folder.resolve("pytorch_model.bin"))).isLessThan(100_000);
    assertRefused("is compressed or has no valid size");
  }

  @Test
  void refusesArchivesThatGrowTooMuchWhenUnpacked() throws IOException {
    Path file = folder.resolve("bomb.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("model.onnx"));
      // Field 2, the producer's name, of 50 MB.
      zip.write(new byte[] {0x12, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x19});
      zip.write(new byte[50 << 20]);
      zip.putNextEntry(new ZipEntry("tokenizer.json"));
      zip.write(TOKENIZER.getBytes(StandardCharsets.UTF_8));
    }
    assertThatThrownBy(() -> ModelImport.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("bomb.jar: the archive is damaged: model.onnx unpacks to more than");
  }

  @Test
  void anEntryThatLiesAboutItsSizeIsRefused() throws IOException {
    zip(true, new byte[100]);
    byte[] bytes = Files.readAllBytes(folder.resolve("pytorch_model.bin"));
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int central = buffer.getInt(bytes.length - 6);
    buffer.putInt(central + 20, 1 << 30).putInt(central + 24, 1 << 30);
    Files.write(folder.resolve("pytorch_model.bin"), bytes);
    assertThatThrownBy(() -> ModelImport.read(folder)).isInstanceOf(ModelFileException.class);
  }

  /** Fields in the directory's first entry and in the end record that then point past the end. */
  @ParameterizedTest
  @CsvSource({"TORCH, 42", "TORCH, -2", "ARCHIVE, 42", "ARCHIVE, -2", "ARCHIVE, 20"})
  void refusesZipsThatPointPastTheirEnd(Kind kind, int place) throws IOException {
    byte[] bytes = kind.write(folder);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int central = buffer.getInt(bytes.length - 6);
    if (place < 0) {
      buffer.putShort(bytes.length + place, (short) 0x7fff); // length of the comment
    } else if (place == 42) {
      buffer.putInt(central + place, bytes.length - 10); // where the entry begins
    } else {
      buffer.putInt(central + place, 50); // compressed bytes
    }
    Path file = Files.write(folder.resolve(kind.file), bytes);
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(() -> ModelImport.read(file), () -> ModelImport.list(file))) {
      assertThatThrownBy(use)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file.toString())
          .hasMessageContaining("damaged")
          .hasMessageNotContaining("null");
    }
  }

  @Test
  void refusesConfigurationsThatLookLikeUtf32() throws IOException {
    Kind.CONFIG.write(folder);
    Path config = folder.resolve("config.json");
    Files.write(config, new byte[] {0, 0, 0, '{', 0, -1, -1, -1});
    assertRefused(config + ": not JSON: Invalid UTF-32 character");
  }

  @Test
  void refusesPicklesThatAskToExecuteSomething() throws IOException {
    zip(true, "\u0080\u0002cos\nsystem\n(X\u0002\0\0\0lstR.".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused("os.system");
  }
}
