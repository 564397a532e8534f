package ernie4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Int8Weight.Coding;
import org.junit.jupiter.api.Test;

class Int8WeightTest {
  private static final byte[] CODES = {127, -127, 0, 1, -128, 64};

  private static void assertRefused(String message, Coding coding, float[] worth, int... shape) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Int8Weight(CODES, coding, worth, shape))
        .withMessageContaining(message);
  }

  @Test
  void decodesWithScalesOfColumnsAndRows() {
    float[] two = {2, 5};
    Int8Weight columns = new Int8Weight(CODES, Coding.COLUMN_SCALES, two, 3, 2);
    Int8Weight rows = new Int8Weight(CODES, Coding.ROW_SCALES, two, 2, 3);
    assertThat(columns.dequantize().toArray())
        .containsExactly(
            127 * 2f / 127, -127 * 5f / 127, 0, 1 * 5f / 127, -128 * 2f / 127, 64 * 5f / 127);
    assertThat(rows.dequantize().toArray())
        .containsExactly(
            127 * (2f / 127), -127 * (2f / 127), 0, 5f / 127, -128 * (5f / 127), 64 * (5f / 127));
  }

  @Test
  void negativeDictionaryCodesAreNegativeMagnitudes() {
    float[] dictionary = {0.5f, 2, 3};
    Int8Weight table =
        new Int8Weight(new byte[] {0, 2, -128, -126}, Coding.DICTIONARY, dictionary, 2, 2);
    assertThat(table.dequantize().toArray()).containsExactly(0.5f, 3, -0.5f, -3);
    float[] target = {10, 20, 30};
    table.addRow(1, target, 1);
    assertThat(target).containsExactly(10, 19.5f, 27);
    assertThat(table.dictionary()).isSameAs(dictionary);
    assertThatThrownBy(table::scales)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("DICTIONARY");
  }

  @Test
  void refusesPartsThatDoNotFit() {
    assertRefused("got shape [2, 2]", Coding.ROW_SCALES, new float[2], 2, 2);
    assertRefused("got shape [6]", Coding.ROW_SCALES, new float[2], 6);
    assertRefused("expected 2 scales, one per row", Coding.ROW_SCALES, new float[3], 2, 3);
    assertRefused("expected 3 scales, one per column", Coding.COLUMN_SCALES, new float[2], 2, 3);
    for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertRefused("the scale of row 1", Coding.ROW_SCALES, new float[] {0, bad}, 2, 3);
      assertRefused("the scale of column 1", Coding.COLUMN_SCALES, new float[] {0, bad}, 3, 2);
      assertRefused("magnitude 1", Coding.DICTIONARY, new float[] {0, bad}, 3, 2);
    }
    assertRefused("magnitude 1", Coding.DICTIONARY, new float[] {2, 1}, 3, 2);
    assertRefused("at most 128", Coding.DICTIONARY, new float[129], 3, 2);
    assertRefused(
        "code 127 has no magnitude in a dictionary of 127",
        Coding.DICTIONARY,
        new float[127],
        3,
        2);
  }

  @Test
  void codingFollowsFromTheNamesInAFile() {
    String table = ParameterNames.WORD_EMBEDDINGS;
    String dictionary = "ernie.embeddings.word_embeddings.weight_dictionary";
    assertThat(Coding.of(table, dictionary::equals)).isEqualTo(Coding.DICTIONARY);
    assertThat(Coding.of(table, name -> false)).isEqualTo(Coding.ROW_SCALES);
    assertThat(Coding.of(LayerPart.EXPAND.weight(0), name -> true)).isEqualTo(Coding.COLUMN_SCALES);
    assertThat(Coding.COLUMN_SCALES.companion("a.b.weight")).isEqualTo("a.b.weight_scale");
  }

  @Test
  void refusesToReadCodesAsFloats() {
    ParameterStore store = new ParameterStore();
    store.put("x.weight", new Int8Weight(CODES, Coding.COLUMN_SCALES, new float[3], 2, 3));
    assertThat(store.isInt8("x.weight")).isTrue();
    assertThat(store.elementCount()).isEqualTo(6);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.get("x.weight"))
        .withMessageContaining("'x.weight' holds int8 codes, expected floats");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.weight("x.weight").read(0, 1, new float[1], 0));
    store.replace("x.weight", Tensor.zeros(2));
    assertThat(store.get("x.weight").shape()).containsExactly(2);
  }
}
