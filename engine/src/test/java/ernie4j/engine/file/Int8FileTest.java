package ernie4j.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.Int8Weight.Coding;
import ernie4j.engine.LayerPart;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.SmallModel;
import ernie4j.engine.Weight;
import ernie4j.engine.encoder.Encoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Codes and their scales or dictionary are one weight in memory, two tensors in a file. */
class Int8FileTest {
  private static final String WORDS = ParameterNames.WORD_EMBEDDINGS;
  private static final String TYPES = ParameterNames.TOKEN_TYPE_EMBEDDINGS;
  private static final String EXPAND = LayerPart.EXPAND.weight(1);

  @TempDir Path folder;

  private static Int8Weight codes(Coding coding, float[] worth, int rows, int columns) {
    byte[] codes = new byte[rows * columns];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (i * 7 % 3);
    }
    return new Int8Weight(codes, coding, worth, rows, columns);
  }

  private static Model model() {
    ParameterStore store = SmallModel.parameters(1);
    store.replace(WORDS, codes(Coding.DICTIONARY, new float[] {0, 1, 2}, 50, 26));
    store.replace(TYPES, codes(Coding.ROW_SCALES, new float[] {4, 3, 2, 1}, 4, 26));
    store.replace(EXPAND, codes(Coding.COLUMN_SCALES, new float[70], 26, 70));
    return Model.encoder(SmallModel.CONFIG, store);
  }

  private Path written(Model model) throws Exception {
    Path file = folder.resolve("int8.ernie");
    ModelFile.write(file, model);
    return file;
  }

  @Test
  void aFileHasScalesAndDictionaryBesideTheCodes() throws Exception {
    SafetensorsFile file = SafetensorsFile.open(written(model()));
    assertThat(file.entry(WORDS).type()).isEqualTo(DType.I8);
    assertThat(file.floats("ernie.embeddings.word_embeddings.weight_dictionary"))
        .containsExactly(0, 1, 2);
    assertThat(file.floats("ernie.embeddings.token_type_embeddings.weight_scale"))
        .containsExactly(4, 3, 2, 1);
    assertThat(file.entry("ernie.encoder.layers.1.linear1.weight_scale").shape())
        .isEqualTo(List.of(70L));
    assertThat(file.entry(EXPAND).shape()).isEqualTo(List.of(26L, 70L));
  }

  @Test
  void readsBackEqualAndWritesTheSameBytes() throws Exception {
    Model model = model();
    Path file = written(model);
    byte[] bytes = Files.readAllBytes(file);
    Model read = ModelFile.read(file);
    ParameterSource parameters = read.parameters();
    assertThat(parameters.names()).isEqualTo(model.parameters().names());
    for (String name : List.of(WORDS, TYPES, EXPAND)) {
      Int8Weight expected = (Int8Weight) model.parameters().weight(name);
      Int8Weight actual = (Int8Weight) parameters.weight(name);
      assertThat(actual.codes()).isEqualTo(expected.codes());
      assertThat(actual.coding()).isEqualTo(expected.coding());
      assertThat(actual.companion().toArray()).isEqualTo(expected.companion().toArray());
    }
    assertThat(Files.readAllBytes(written(read))).isEqualTo(bytes);
  }

  @Test
  void openFileKnowsTypesAndShapesAndRefusesFloatsOfCodes() throws Exception {
    String problem =
        ModelFile.load(
            written(model()),
            opened -> {
              Weight weight = opened.parameters().weight(EXPAND);
              assertThat(weight.shape()).containsExactly(26, 70);
              assertThat(opened.parameters().isInt8(EXPAND)).isTrue();
              assertThat(
                      opened.parameters().contains("ernie.encoder.layers.1.linear1.weight_scale"))
                  .isFalse();
              assertThatThrownBy(() -> weight.read(0, 1, new float[1], 0))
                  .hasMessageContaining("expected floats, got int8 codes");
              ParameterStore copy = ParameterStore.copyOf(opened.parameters());
              assertThat(copy.weight(EXPAND)).isInstanceOf(Int8Weight.class);
              return "checked";
            });
    assertThat(problem).isEqualTo("checked");
  }

  /** A file of zeros, as by a program that knows the format but not the rules of quantization. */
  private static FileParameters foreign(SafetensorsEntry... entries) throws Exception {
    return new FileParameters(
        "f.ernie", List.of(entries), (position, into) -> into.position(into.limit()));
  }

  private static SafetensorsEntry codes(long... shape) {
    List<Long> dimensions = Arrays.stream(shape).boxed().toList();
    long size = dimensions.stream().reduce(1L, (x, y) -> x * y);
    return new SafetensorsEntry(EXPAND, DType.I8, dimensions, 0, size);
  }

  private static SafetensorsEntry floats(String name, long count) {
    return new SafetensorsEntry(name, DType.F32, List.of(count), 0, Float.BYTES * count);
  }

  @Test
  void codesWithoutScalesAreRefusedWhenTheFileIsOpened() {
    for (String other : List.of("x", EXPAND + "_scale2", "ernie.x.weight_dictionary")) {
      assertThatThrownBy(() -> foreign(codes(2, 3), floats(other, 3)))
          .isInstanceOf(ModelFileException.class)
          .hasMessageContaining("f.ernie: tensor '" + EXPAND + "' I8 [2, 3]")
          .hasMessageContaining("there is no 'ernie.encoder.layers.1.linear1.weight_scale'");
    }
  }

  @Test
  void scalesThatDoNotFitAreNamedWhenTheWeightIsRead() throws Exception {
    String scale = "ernie.encoder.layers.1.linear1.weight_scale";
    assertThatThrownBy(
            () -> foreign(new SafetensorsEntry("linear1.codes", DType.I8, List.of(2L, 3L), 0, 6)))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("'linear1.codes' I8 [2, 3] holds int8 codes, expected a name in");
    try (FileParameters few = foreign(codes(2, 3), floats(scale, 2));
        FileParameters flat = foreign(floats(scale, 3), codes(6));
        FileParameters good = foreign(floats("b", 1), codes(2, 3), floats(scale, 3))) {
      assertThatThrownBy(() -> few.weight(EXPAND).inMemory())
          .hasMessage("Parameter '" + EXPAND + "': expected 3 scales, one per column, got 2");
      assertThatThrownBy(() -> flat.weight(EXPAND).inMemory())
          .hasMessageContaining("expected a matrix of 6 codes, got shape [6]");
      assertThat(good.names()).containsExactly("b", EXPAND);
      assertThat(good.weight(EXPAND).inMemory()).isInstanceOf(Int8Weight.class);
    }
  }

  @Test
  void layersAndTablesAcceptOnlyTheirOwnCodings() {
    ParameterStore rows = SmallModel.parameters(1);
    rows.replace(EXPAND, codes(Coding.ROW_SCALES, new float[26], 26, 70));
    assertThatThrownBy(() -> Encoder.of(SmallModel.CONFIG, rows))
        .hasMessageContaining("'" + EXPAND + "': expected int8 codes with COLUMN_SCALES");
    ParameterStore columns = SmallModel.parameters(1);
    columns.replace(WORDS, codes(Coding.COLUMN_SCALES, new float[26], 50, 26));
    assertThatThrownBy(() -> Encoder.of(SmallModel.CONFIG, columns))
        .hasMessageContaining("'" + WORDS + "': expected a table");
  }
}
