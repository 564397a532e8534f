package ernie4j.quant;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.Golden;
import ernie4j.engine.Int8Weight;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.SafetensorsFile;
import java.io.IOException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenArithmeticTest {
  private final SafetensorsFile golden = Golden.file("quant.units.safetensors");

  @ParameterizedTest
  @ValueSource(strings = {"random", "zero_column", "ties", "outlier"})
  void exportedWeightsAreExact(String matrix) throws IOException {
    Int8Weight weight = ColumnQuantizer.quantize(golden.tensor("weight." + matrix));

    assertThat(weight.codes()).isEqualTo(golden.bytes("weight." + matrix + ".export_codes"));
    assertThat(weight.scales()).isEqualTo(golden.floats("weight." + matrix + ".export_scale"));
    assertClose(weight.dequantize().toArray(), golden, "weight." + matrix + ".export_dequant");
  }

  @ParameterizedTest
  @CsvSource({
    "random,HALF_TO_EVEN,0",
    "random,HALF_AWAY_FROM_ZERO,1",
    "zero_column,HALF_TO_EVEN,0",
    "zero_column,HALF_AWAY_FROM_ZERO,1",
    "ties,HALF_TO_EVEN,0",
    "ties,HALF_AWAY_FROM_ZERO,1",
    "outlier,HALF_TO_EVEN,0",
    "outlier,HALF_AWAY_FROM_ZERO,1"
  })
  void fakeQuantizedWeightsHaveTheSameCodesAndValues(String matrix, Rounding rounding, int type)
      throws IOException {
    Tensor weight = golden.tensor("weight." + matrix);
    float[] scales = AbsMax.ofColumns(weight);
    FakeQuantizer quantizer = new FakeQuantizer(rounding);

    byte[] codes = new byte[weight.size()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) quantizer.code(weight.get(i), scales[i % scales.length]);
    }
    assertThat(codes).isEqualTo(golden.bytes("weight." + matrix + ".fake_codes_type" + type));
    Tensor result = quantizer.applyToColumns(weight, scales);
    assertThat(result.shape()).isEqualTo(weight.shape());
    assertClose(result.toArray(), golden, "weight." + matrix + ".fake_quant_type" + type);
  }

  @ParameterizedTest
  @CsvSource({"HALF_TO_EVEN,0", "HALF_AWAY_FROM_ZERO,1"})
  void fakeQuantizedActivationsHaveTheSameCodesAndValues(Rounding rounding, int type)
      throws IOException {
    float[] x = golden.floats("activation.x");
    float scale = golden.floats("activation.scale")[0];
    FakeQuantizer quantizer = new FakeQuantizer(rounding);

    byte[] codes = new byte[x.length];
    for (int i = 0; i < x.length; i++) {
      codes[i] = (byte) quantizer.code(x[i], scale);
    }
    assertThat(codes).isEqualTo(golden.bytes("activation.codes_type" + type));
    float[] y = new float[x.length];
    quantizer.apply(x, y, 0, x.length, scale);
    assertClose(y, golden, "activation.fake_quant_type" + type);
  }

  @Test
  void exportedActivationCodesAreExact() throws IOException {
    float[] x = golden.floats("activation.x");
    byte[] codes = new byte[x.length];
    new ActivationQuantizer(golden.floats("activation.scale")[0])
        .quantize(x, 0, x.length, codes, 0);
    assertThat(codes).isEqualTo(golden.bytes("activation.quantize_linear_codes"));
  }

  @Test
  void observerFollowsTheReferenceBatchByBatch() throws IOException {
    double[] absMax = golden.doubles("observer.absmax");
    double[] state = golden.doubles("observer.state");
    double[] accumulated = golden.doubles("observer.accum");
    double[] scale = golden.doubles("observer.scale");
    MovingAverageObserver observer = new MovingAverageObserver();

    for (int batch = 0; batch < 6; batch++) {
      float[] x = golden.floats("observer.batch" + batch);
      assertThat((double) AbsMax.of(x, 0, x.length)).isEqualTo(absMax[batch]);
      observer.observe(x, 0, x.length);
      MovingAverageObserver.Snapshot now = observer.snapshot();
      assertThat(now.state()).isEqualTo(state[batch], Offset.offset(1e-12));
      assertThat(now.accumulated()).isEqualTo(accumulated[batch], Offset.offset(1e-12));
      assertThat(now.scale()).isEqualTo(scale[batch], Offset.offset(1e-12));
      assertThat(observer.scale()).isEqualTo((float) scale[batch]);
    }
  }

  @Test
  void oneInt8LayerGivesTheSameAccumulatorsAndOutput() throws IOException {
    float[] x = golden.floats("int8.x");
    Int8Weight weight = ColumnQuantizer.quantize(golden.tensor("int8.weight"));
    ActivationQuantizer input = new ActivationQuantizer(golden.floats("int8.act_scale")[0]);
    byte[] codes = new byte[x.length];
    input.quantize(x, 0, x.length, codes, 0);

    assertThat(codes).isEqualTo(golden.bytes("int8.x_codes"));
    assertThat(weight.codes()).isEqualTo(golden.bytes("int8.weight_codes"));
    assertThat(weight.scales()).isEqualTo(golden.floats("int8.weight_scale"));
    int[] accumulators = product(codes, weight);
    assertThat(accumulators).isEqualTo(golden.ints("int8.accumulator"));

    float[] bias = golden.floats("int8.bias");
    float[] y = new float[accumulators.length];
    for (int i = 0; i < y.length; i++) {
      int column = i % bias.length;
      y[i] =
          accumulators[i] * (input.scale() / 127) * (weight.scales()[column] / 127) + bias[column];
    }
    assertClose(y, golden, "int8.y");
  }

  private static int[] product(byte[] input, Int8Weight weight) {
    int rows = weight.shape()[0];
    int columns = weight.shape()[1];
    int[] sums = new int[input.length / rows * columns];
    for (int i = 0; i < sums.length; i++) {
      for (int k = 0; k < rows; k++) {
        sums[i] += input[i / columns * rows + k] * weight.codes()[k * columns + i % columns];
      }
    }
    return sums;
  }

  /** The tolerance is 1e-6 of the largest magnitude of the expected tensor. */
  private static void assertClose(float[] actual, SafetensorsFile golden, String name)
      throws IOException {
    double[] expected = golden.doubles(name);
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    assertThat(difference).as(name).isLessThanOrEqualTo(1e-6 * largest);
  }
}
