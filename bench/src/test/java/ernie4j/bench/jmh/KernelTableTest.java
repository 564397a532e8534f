package ernie4j.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class KernelTableTest {
  private static KernelResult result(String benchmark, Map<String, String> more, double ns) {
    return KernelResult.of(
        "ernie4j.bench.jmh." + benchmark,
        name -> name.equals("provider") ? "VECTOR" : Objects.requireNonNull(more.get(name)),
        ns,
        ns / 100);
  }

  @Test
  void aProductHasTwoOperationsForEachTripleOfIndices() {
    KernelResult gemm = result("GemmTime.gemm", Map.of("shape", "16x312x1248"), 62_300.16);
    assertThat(gemm.rate()).hasValue(200);
    assertThat(gemm.nanosecondsPerElement()).isEmpty();
  }

  @Test
  void attentionMultipliesTwiceForEveryPairOfTokens() {
    KernelResult attention =
        result("AttentionTime.attention", Map.of("tokens", "128", "headSize", "64"), 1);
    assertThat(attention.multiplyAdds()).hasValue(2.0 * 128 * 128 * 64 * 12);
    assertThat(attention.shape()).isEqualTo("128 tokens, 12 x 64");
  }

  @Test
  void elementWiseKernelsCountElements() {
    KernelResult gelu = result("RowTime.gelu", Map.of("matrix", "16x1250"), 2000);
    assertThat(gelu.nanosecondsPerElement()).hasValue(0.1);
    assertThat(gelu.rate()).isEmpty();
  }

  @Test
  void showsTheShareOfThePeak() {
    KernelTable table =
        new KernelTable(
            List.of(
                result("GemmTime.gemm", Map.of("shape", "10x100x1000"), 20_000),
                result("RowTime.softmax", Map.of("matrix", "10x10"), 50)),
            250);
    String[] lines = table.markdown().split("\n", -1);
    assertThat(lines[2]).contains("gemm", "10x100x1000", "vector", "20.00", " 100.0 ", " 40.0 ");
    assertThat(lines[3]).contains("softmax", "0.05", "0.500");
    assertThat(table.csv())
        .contains("gemm,\"10x100x1000\",vector,20000.0,200.0,100.0,40.0,,50.0,")
        .contains("softmax,\"10x10\",vector,50.0,0.5,,,0.5,,");
  }

  @Test
  void anInt8ProductIsComparedWithTheSameOneInFloat() {
    Map<String, String> shape = Map.of("shape", "10x100x1000");
    KernelResult int8 = result("GemmTime.gemmInt8", shape, 5_000);
    List<KernelResult> all =
        List.of(
            result("GemmTime.gemm", Map.of("shape", "10x100x2000"), 1),
            result("GemmTime.gemm", shape, 20_000),
            int8);
    assertThat(int8.multiplyAddRate()).hasValue(200);
    assertThat(int8.rate()).isEmpty();
    assertThat(int8.timesFloat(all)).hasValue(4);
    assertThat(int8.timesFloat(all.subList(0, 1))).isEmpty();
    assertThat(all.get(1).timesFloat(all)).isEmpty();
    assertThat(new KernelTable(all, 250).csv())
        .contains("gemmInt8,\"10x100x1000\",vector,5000.0,50.0,,,,200.0,4.0");
  }

  @Test
  void refusesWhatIsNotAShape() {
    assertThatThrownBy(() -> Product.of("16x312"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("such as 16x312x1248, got '16x312'");
    assertThatThrownBy(() -> result("Unknown.kernel", Map.of(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no rule for the work of");
  }
}
