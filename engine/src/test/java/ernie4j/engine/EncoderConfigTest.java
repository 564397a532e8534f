package ernie4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class EncoderConfigTest {
  /** Every value differs from the builder's default and from every other value. */
  private static final EncoderConfig ODD =
      EncoderConfig.builder()
          .vocabularySize(11)
          .hiddenSize(10)
          .layers(3)
          .attentionHeads(2)
          .headSize(5)
          .intermediateSize(7)
          .maxPositions(8)
          .tokenTypes(6)
          .taskTypes(9)
          .layerNormEpsilon(1e-3f)
          .paddingId(1)
          .zeroPaddingEmbedding(false)
          .build();

  @Test
  void builderSetsEveryValue() {
    assertThat(ODD).isEqualTo(new EncoderConfig(11, 10, 3, 2, 5, 7, 8, 6, 9, 1e-3f, 1, false));
    assertThat(ODD.toBuilder().build()).isEqualTo(ODD);
  }

  @Test
  void defaultsAreThoseOfErnie() {
    EncoderConfig ernie = new EncoderConfig(11, 12, 3, 4, 3, 7, 8, 4, 0, 1e-12f, 0, true);
    assertThat(EncoderConfig.ernie(11, 12, 3, 4, 7, 8)).isEqualTo(ernie);
  }

  @Test
  void withMethodsChangeOneValue() throws Exception {
    assertChanged("vocabularySize", c -> c.withVocabularySize(99));
    assertChanged("maxPositions", c -> c.withMaxPositions(99));
    assertChanged("intermediateSize", c -> c.withIntermediateSize(99));
    assertChanged("taskTypes", c -> c.withTaskTypes(99));
    assertChanged("paddingId", c -> c.withPaddingId(99));
  }

  private static void assertChanged(String value, UnaryOperator<EncoderConfig> change)
      throws Exception {
    EncoderConfig changed = change.apply(ODD);
    List<String> different = new ArrayList<>();
    for (RecordComponent component : EncoderConfig.class.getRecordComponents()) {
      Object now = component.getAccessor().invoke(changed);
      if (!now.equals(component.getAccessor().invoke(ODD))) {
        different.add(component.getName() + "=" + now);
      }
    }
    assertThat(different).containsExactly(value + "=99");
  }

  @Test
  void refusesInvalidSizes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EncoderConfig.builder().build())
        .withMessageContaining("vocabularySize must be positive: 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ODD.toBuilder().headSize(0).build())
        .withMessageContaining("headSize must be positive: 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EncoderConfig.ernie(11, 13, 3, 4, 7, 8))
        .withMessageContaining("hiddenSize 13 is not attentionHeads 4 x headSize 3");
    assertThatIllegalArgumentException().isThrownBy(() -> ODD.withTaskTypes(-1));
  }
}
