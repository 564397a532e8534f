package ernie4j.engine.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddingOptionsTest {
  @Test
  void missingOptionsHaveDefaults() {
    EmbeddingOptions options = EmbeddingOptions.of(Map.of("threshold", "0.5"));
    assertThat(options.pooling()).isEmpty();
    assertThat(options.normalized()).isTrue();
    assertThat(options.tanh()).isFalse();
    assertThat(options.textPrefix()).isEmpty();
    assertThat(options.queryPrefix()).isEmpty();
    assertThat(options.passagePrefix()).isEmpty();
    assertThat(options.maxLength()).isEmpty();
  }

  @Test
  void everyOptionIsRead() {
    EmbeddingOptions options =
        EmbeddingOptions.of(
            Map.of(
                "pooling", "mean",
                "normalize", "false",
                "dense_activation", "tanh",
                "text_prefix", "t",
                "query_prefix", "q",
                "passage_prefix", "p",
                "max_length", "4"));
    assertThat(options.pooling()).contains(SentenceEmbedding.MEAN);
    assertThat(options.normalized()).isFalse();
    assertThat(options.tanh()).isTrue();
    assertThat(options.textPrefix()).isEqualTo("t");
    assertThat(options.queryPrefix()).isEqualTo("q");
    assertThat(options.passagePrefix()).isEqualTo("p");
    assertThat(options.maxLength()).hasValue(4);
  }

  @Test
  void queryAndPassagePrefixesDefaultToTheTextPrefix() {
    EmbeddingOptions options = EmbeddingOptions.of(Map.of("text_prefix", "t"));
    assertThat(options.queryPrefix()).isEqualTo("t");
    assertThat(options.passagePrefix()).isEqualTo("t");
  }

  @ParameterizedTest
  @CsvSource({
    "pooling, median, one of [",
    "normalize, yes, true or false",
    "dense_activation, relu, identity or tanh",
    "max_length, 3, at least 4 tokens",
    "max_length, -5, at least 4 tokens",
    "max_length, 1234567890, at least 4 tokens",
  })
  void refusalOfAnUnknownValueNamesOptionAndExpectedValues(
      String key, String value, String expected) {
    assertThatThrownBy(() -> EmbeddingOptions.of(Map.of(key, value)))
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContainingAll("option " + key, expected, "got '" + value + "'");
  }
}
