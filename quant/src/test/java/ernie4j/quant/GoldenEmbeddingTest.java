package ernie4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.Golden;
import ernie4j.engine.Int8Weight;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.SafetensorsFile;
import java.io.IOException;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenEmbeddingTest {
  private final SafetensorsFile golden = Golden.file("quant.embedding.safetensors");

  @ParameterizedTest
  @ValueSource(strings = {"word", "wide", "few", "small"})
  void logCodesAndDictionaryMatchTheReference(String table) throws IOException {
    String name = "log." + table;
    Int8Weight embedding = LogQuantizer.quantize(golden.tensor(name + ".table"));

    assertThat(embedding.codes()).isEqualTo(golden.bytes(name + ".codes"));
    float[] dictionary = golden.floats(name + ".dict");
    assertThat(embedding.dictionary()).hasSize(dictionary.length);
    for (int i = 0; i < dictionary.length; i++) {
      assertThat(Math.abs(embedding.dictionary()[i] - dictionary[i]))
          .isLessThanOrEqualTo(Math.ulp(dictionary[i]));
    }
    assertClose(embedding.dequantize(), name + ".dequant");
  }

  @ParameterizedTest
  @ValueSource(strings = {"word", "wide", "few", "small", "zerorow"})
  void rowCodesAndScalesMatchTheReference(String table) throws IOException {
    String name = "absmax_row." + table;
    String source = table.equals("zerorow") ? name + ".table" : "log." + table + ".table";
    Int8Weight embedding = RowQuantizer.quantize(golden.tensor(source));

    assertThat(embedding.codes()).isEqualTo(golden.bytes(name + ".codes"));
    assertThat(embedding.scales()).isEqualTo(golden.floats(name + ".scale"));
    assertClose(embedding.dequantize(), name + ".dequant");
  }

  private void assertClose(Tensor actual, String name) throws IOException {
    Tensor expected = golden.tensor(name);
    assertThat(actual.shape()).isEqualTo(expected.shape());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).isCloseTo(expected.get(i), Percentage.withPercentage(1e-4));
    }
  }
}
